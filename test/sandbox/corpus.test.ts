import { expect, test } from "@jest/globals";
import { wholeMails } from "../corpus.ts";
import { aSandbox, support } from "./world.ts";

test("every real mail arrives, keeps its bytes, and is shown as Graph shows mails", async () => {
  const mails = wholeMails();
  if (!mails) {
    process.stdout.write("skipped: no real mails beside the repository\n");
    return;
  }
  const { smtp, as, sandbox, end } = await aSandbox();
  const anna = await as("anna@deskhatch.test");
  const { token } = await sandbox.graphToken("anna@deskhatch.test");

  for (const mail of mails) {
    const raw = withMailLines(mail.raw);
    await smtp.sendMail({ envelope: { from: "sender@elsewhere.test", to: "support@deskhatch.test" }, raw });
    const { body } = await anna.get(`${support}/mailFolders/inbox/messages?$top=1&$select=id`);
    const { id } = body.value[0];
    await anna.get(`${support}/messages/${id}?$expand=attachments`);
    const authorization = `Bearer ${token}`;
    const response = await fetch(`${sandbox.url}/v1.0${support}/messages/${id}/$value`, { headers: { authorization } });
    const kept = Buffer.from(await response.arrayBuffer());
    if (!kept.subarray(-raw.length).equals(raw)) throw new Error(`${mail.file} did not keep its bytes.`);
  }
  expect(sandbox.ledger().filter(({ effect }) => effect === "delivered")).toHaveLength(mails.length);
  await end();
}, 600_000);

/** SMTP carries lines that end in CR LF, and ends a mail with one (RFC 5321 2.3.8). */
function withMailLines(raw: Buffer): Buffer {
  const text = raw.toString("latin1").replace(/\r\n|\n|\r/g, "\r\n");
  return Buffer.from(text.endsWith("\r\n") ? text : `${text}\r\n`, "latin1");
}
