import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { largestMail } from "../../sandbox/smtp/smtp.ts";
import { aSandbox, type GraphUse, type SandboxWorld, support } from "./world.ts";

let world: SandboxWorld;
let anna: GraphUse;

beforeAll(async () => {
  world = await aSandbox();
  anna = await world.as("anna@deskhatch.test");
});

afterAll(() => world.end());

const newest = async (mailbox = support) =>
  (await anna.get(`${mailbox}/mailFolders/inbox/messages?$top=1&$select=subject`)).body.value[0];
const bytesOf = async (id: string, mailbox = support) => (await anna.get(`${mailbox}/messages/${id}/$value`)).text;

const send = (
  raw: string | Buffer,
  to: string | string[] = "support@deskhatch.test",
  from = "alice@harbourlight.test",
) => world.smtp.sendMail({ envelope: { from, to }, raw });

test("one mail to two recipients lies in both mailboxes", async () => {
  await send("Subject: For both\r\n\r\nx\r\n", ["support@deskhatch.test", "anna@deskhatch.test"]);
  expect((await newest()).subject).toBe("For both");
  expect((await newest("/me")).subject).toBe("For both");
});

test("a plus-address is its owner's, and case does not matter", async () => {
  await send("Subject: With a token\r\n\r\nx\r\n", "Support+T0KEN@Deskhatch.test");
  expect((await newest()).subject).toBe("With a token");
});

test("a stranger's name at our domain is refused, an address elsewhere is kept as outside", async () => {
  await expect(send("Subject: x\r\n\r\nx\r\n", "nobody@deskhatch.test")).rejects.toMatchObject({ responseCode: 550 });
  await send("Subject: far away\r\n\r\nx\r\n", "someone@example.com");
  expect(world.sandbox.ledger().at(-1)).toMatchObject({
    effect: "left_the_tenant",
    detail: { recipients: ["someone@example.com"] },
  });
});

test.each([
  ["no headers at all", "\r\njust words\r\n"],
  ["a first line that continues nothing", " ; dmarc=pass\r\nSubject: folded\r\n\r\nx\r\n"],
  [
    "a boundary that never comes",
    'Subject: broken\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--a\r\n\r\nx\r\n',
  ],
  [
    "bytes that are no text",
    Buffer.concat([
      Buffer.from("Subject: \xff\xfe\r\n\r\n", "latin1"),
      Buffer.from([0x80, 0x00, 0xfe]),
      Buffer.from("\r\n"),
    ]),
  ],
  ["nothing", "\r\n"],
])("%s: kept byte for byte", async (_, raw) => {
  await send(raw);
  const { id } = await newest();
  const message = world.sandbox.store.one<{ contentId: number }>(
    "select content_id as contentId from message where mutable_id = ?",
    id,
  );
  const chunks = world.sandbox.store.all<{ bytes: Uint8Array }>(
    "select bytes from content_chunk where content_id = ? order by position",
    message?.contentId ?? 0,
  );
  const kept = Buffer.concat(chunks.map(({ bytes }) => bytes));
  expect(kept.subarray(-Buffer.from(raw).length).equals(Buffer.from(raw))).toBe(true);
});

test("a mail of 35 MB arrives, one of 36 MB is refused", async () => {
  const mail = (size: number) => {
    const head = Buffer.from(
      'Subject: large\r\nContent-Type: application/pdf; name="large.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n',
    );
    const lines = Buffer.alloc(size - head.length, `${"QUJD".repeat(19)}\r\n`);
    lines.write("\r\n", lines.length - 2);
    return Buffer.concat([head, lines]);
  };
  await send(mail(largestMail));
  const { id, subject } = await newest();
  expect(subject).toBe("large");
  expect((await bytesOf(id)).length).toBeGreaterThanOrEqual(largestMail);
  await expect(send(mail(36 * 1024 * 1024))).rejects.toMatchObject({ responseCode: 552 });
}, 60_000);

test.each([
  ["an envelope of the same organization passes", "bounce@mail.harbourlight.test", "dmarc=pass"],
  ["an envelope of another fails", "mallory@outsider.test", "dmarc=fail"],
  ["a bounce proves nothing", "", "dmarc=none"],
])("%s", async (_, envelope, verdict) => {
  await send("From: alice@harbourlight.test\r\nSubject: who\r\n\r\nx\r\n", "support@deskhatch.test", envelope);
  expect(await bytesOf((await newest()).id)).toContain(verdict);
});

test("what a sender writes in our name is taken out; another server's words stay", async () => {
  const forged =
    "From: mallory@outsider.test\r\nAuthentication-Results: (x) Sandbox.Protection .\r\n Test ; spf=pass;\r\n dmarc=pass\r\n" +
    "Authentication-Results: mx.example.org; dmarc=pass\r\nSubject: trust me\r\n\r\nAuthentication-Results: sandbox.protection.test; in the text\r\n";
  await send(forged, "support@deskhatch.test", "somebody@elsewhere.test");
  const raw = await bytesOf((await newest()).id);
  const [head = "", body] = raw.split("\r\n\r\n");
  expect(head.match(/^authentication-results:/gim)).toHaveLength(2);
  expect(head).toContain("mx.example.org; dmarc=pass");
  expect(head).toContain("dmarc=fail");
  expect(body).toContain("in the text");
});

test("a test may say what a domain's mails get", async () => {
  const say = (record: object) =>
    fetch(`${world.sandbox.url}/sandbox/domains`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(record),
    });
  expect((await say({ domain: "harbourlight.test", spf: "softfail", dkim: "fail", dmarc: "fail" })).status).toBe(204);
  await send("From: alice@harbourlight.test\r\nSubject: softly\r\n\r\nx\r\n");
  expect(await bytesOf((await newest()).id)).toContain("spf=softfail");
  await say({ domain: "harbourlight.test", forget: true });
  await send("From: alice@harbourlight.test\r\nSubject: again\r\n\r\nx\r\n");
  expect(await bytesOf((await newest()).id)).toContain("dmarc=pass");
  expect((await say({ domain: 7 })).status).toBe(400);
});

test("a client that hangs up in the middle leaves nothing behind", async () => {
  const before = world.sandbox.ledger().length;
  const socket = connect(world.sandbox.smtpPort, "127.0.0.1");
  const answers = text(socket);
  socket.write("EHLO x\r\nMAIL FROM:<alice@harbourlight.test>\r\nRCPT TO:<support@deskhatch.test>\r\nDATA\r\n");
  await new Promise((resolve) => socket.once("data", resolve));
  socket.end("Subject: half a m");
  await answers;
  await send("Subject: whole\r\n\r\nx\r\n");
  expect(
    world.sandbox
      .ledger()
      .slice(before)
      .map(({ subject }) => subject),
  ).toEqual(["whole"]);
});
