import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createTransport } from "nodemailer";
import { aSandbox, graphWith, support } from "./world.ts";

let dataDir: string;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "sandbox-survival-"));
});

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test("a restart changes nothing: mails, ids, delta links, keys and certificate are as they were", async () => {
  const first = await aSandbox({ dataDir });
  const anna = await first.as("anna@deskhatch.test");
  await first.smtp.sendMail({
    from: "alice@harbourlight.test",
    to: "support@deskhatch.test",
    subject: "Before",
    text: "x",
  });
  const [mail] = (await anna.get(`${support}/messages`)).body.value;
  const link = (await anna.get(`${support}/mailFolders/inbox/messages/delta`)).body["@odata.deltaLink"];
  const { token } = await first.sandbox.graphToken("anna@deskhatch.test");
  const ledger = first.sandbox.ledger();
  await first.end();

  const second = await aSandbox({ dataDir });
  const again = graphWith(second.sandbox, token);
  expect((await again.get(`${support}/messages/${mail.id}`)).body.subject).toBe("Before");
  const since = new URL(link);
  expect((await again.get(`${since.pathname.replace("/v1.0", "")}${since.search}`)).body.value).toEqual([]);
  expect(second.sandbox.ledger()).toEqual(ledger);
  expect(second.sandbox.ca).toBe(first.sandbox.ca);
  await second.end();
});

test("a mail that was accepted is there after a kill -9", async () => {
  const child = aSandboxProcess(dataDir);
  const smtpPort = await child.smtpPort;
  const smtp = createTransport({ host: "127.0.0.1", port: smtpPort, ignoreTLS: true, pool: true, maxConnections: 4 });
  const accepted: string[] = [];
  const sending = Array.from({ length: 200 }, (_, at) =>
    smtp
      .sendMail({ from: "alice@harbourlight.test", to: "support@deskhatch.test", subject: `mail ${at}`, text: "x" })
      .then(() => {
        accepted.push(`mail ${at}`);
        if (accepted.length === 60) child.kill();
      })
      .catch(() => "refused"),
  );
  await Promise.all(sending);
  smtp.close();
  expect(accepted.length).toBeGreaterThanOrEqual(60);

  const { sandbox, as, end } = await aSandbox({ dataDir });
  const anna = await as("anna@deskhatch.test");
  const { body } = await anna.get(`${support}/mailFolders/inbox/messages?$top=1000&$select=subject`);
  const kept = body.value.map(({ subject }: { subject: string }) => subject);
  expect(kept).toEqual(expect.arrayContaining(accepted));
  expect(new Set(kept).size).toBe(kept.length);
  expect(sandbox.ledger().filter(({ effect }) => effect === "delivered")).toHaveLength(kept.length);
  await end();
}, 60_000);

function aSandboxProcess(folder: string) {
  const module = fileURLToPath(new URL("../../sandbox/sandbox.ts", import.meta.url));
  const script = `
    const { startSandbox } = await import(${JSON.stringify(module)});
    const sandbox = await startSandbox({ dataDir: ${JSON.stringify(folder)}, sandboxPort: 0, addinPort: 0, smtpPort: 0, deskUrl: "http://127.0.0.1:1" });
    process.stdout.write(sandbox.smtpPort + "\\n");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return {
    smtpPort: new Promise<number>((resolve) =>
      createInterface(child.stdout).once("line", (line) => resolve(Number(line))),
    ),
    kill: () => child.kill("SIGKILL"),
  };
}
