import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type MailReader, openReader, ReadingFailed } from "../../server/desk/mail/reading/reader.ts";
import { type FileStore, folderStore } from "../../server/platform/storage.ts";
import { aMail, aMultipart, anHtmlMail, aTextMail } from "./mails.ts";

let folder: string;
let files: FileStore;
let reader: MailReader;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deskhatch-reader-"));
  files = folderStore(folder);
  reader = openReader(folder);
});
afterAll(async () => {
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

const nobody = { trustedAuthservIds: [] };
const read = async (raw: Buffer, seconds?: number) => reader.read(await files.keep(raw), nobody, seconds);
const fill = (piece: string, size: number) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);

const slow = () => anHtmlMail(fill("<p style='color:red;margin:1px'><a href='https://a.example'>x</a></p>", 1_990_000));
const hungry = () => anHtmlMail(fill("<br>", 1_990_000));

test("a mail is read in a thread of its own, and its files lie in the store", async () => {
  const mail = await read(
    aMultipart("multipart/mixed", [
      "Content-Type: text/plain\r\n\r\nSee the log.",
      "Content-Type: text/x-log; name=pump.log\r\nContent-Disposition: attachment\r\n\r\nE-17",
    ]),
  );
  expect(mail).toMatchObject({ subject: "Pump 7", text: "See the log.", attachments: [{ name: "pump.log", size: 4 }] });
  expect((await files.readAll(mail.attachments[0]?.sha256 ?? "")).toString()).toBe("E-17");
});

test("a mail that takes too long ends its thread, and the mails beside and after it are read", async () => {
  const hard = read(slow(), 0.2);
  const beside = read(aTextMail("beside"));
  await expect(hard).rejects.toThrow(ReadingFailed);
  await expect(hard).rejects.toThrow("computing time");
  expect((await beside).text).toBe("beside");
  expect((await read(aTextMail("after"))).text).toBe("after");
});

test("a mail that needs too much memory ends its thread and nothing else; its header can still be read", async () => {
  const raw = await files.keep(hungry());
  await expect(reader.read(raw, nobody)).rejects.toThrow("more memory than a mail may have");
  expect(await reader.read(raw, { ...nobody, only: "header" })).toMatchObject({
    subject: "Pump 7",
    from: { address: "ann@example.com" },
    html: "",
    attachments: [{ name: "the mail as it came.eml", sha256: raw.sha256 }],
  });
});

test("a desk that stops does not wait for a hard mail", async () => {
  const another = openReader(folder);
  const hard = await files.keep(slow());
  const waiting = [hard, hard, hard].map((raw) => another.read(raw, nobody));
  const ended = Promise.allSettled(waiting);
  await pause(1); // the first two have their threads, the third waits for one
  await another.close();
  expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  await expect(another.read(hard, nobody)).rejects.toThrow("stopping");
});

/** Each would need the time or the memory of a thousand mails if it were read to its end. */
const bombs: Record<string, () => Buffer> = {
  "parts inside each other, a thousand deep": () =>
    Buffer.from(
      `From: ann@example.com\r\n${Array.from({ length: 1000 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join("")}`,
    ),
  "ten thousand parts": () =>
    aMail(
      { "Content-Type": "multipart/mixed; boundary=z" },
      Array.from(
        { length: 10_000 },
        (_, i) => `--z\r\nContent-Type: application/octet-stream; name=f${i}\r\n\r\n${i}\r\n`,
      ).join(""),
    ),
  "header lines of 64 kB": () =>
    aMail({ Subject: fill("x", 65_536), "X-Long": fill("y ", 65_536), To: fill("a@b.example, ", 65_536) }, "Hello"),
  "a megabyte of quote marks": () => aTextMail(fill("> ", 1_000_000)),
  "an address of a page that never ends": () => aTextMail(`http://${fill("a.(", 1_000_000)}`),
  "100 MB of base64": () =>
    aMail(
      { "Content-Type": "application/pdf; name=a.pdf", "Content-Transfer-Encoding": "base64" },
      fill(`${fill("QUJD", 76)}\r\n`, 100_000_000),
    ),
  "noise that says it is utf-32": () =>
    aMail({ "Content-Type": "text/plain; charset=utf-32" }, fill("\u0000\u00ff\u0001x", 2_000_000)),
  "five thousand people in Cc": () =>
    aMail({ Cc: Array.from({ length: 5000 }, (_, i) => `Person ${i} <p${i}@example.com>`).join(",\r\n ") }, "Hello"),
  "12 MB of HTML": () => anHtmlMail(fill("<div>x", 12_000_000)),
};

test.each(Object.keys(bombs))("%s: read as far as it makes sense, with the mail as it came beside it", async (name) => {
  const raw = await files.keep(bombs[name]?.() ?? Buffer.alloc(0));
  const mail = await reader.read(raw, nobody);
  expect(mail.from?.address).toBe("ann@example.com");
  expect(mail.text.length + mail.html.length).toBeLessThan(5_000_000);
  expect(mail.attachments.length).toBeLessThanOrEqual(1001);
  expect(mail.to.length + mail.cc.length).toBeLessThanOrEqual(2000);
  const leftOut = mail.warnings.some((warning) => warning.includes("mail as it came"));
  expect(mail.attachments.some(({ sha256 }) => sha256 === raw.sha256)).toBe(leftOut);
});

test("of a mail of 150 MB the words are read and the rest is kept", async () => {
  const raw = await files.keepStream(aHugeMail());
  const mail = await reader.read(raw, nobody);
  expect(raw.size).toBeGreaterThan(150_000_000);
  expect(mail).toMatchObject({
    subject: "The whole film",
    text: "Here it is.",
    attachments: [{ name: "the mail as it came.eml", size: raw.size, sha256: raw.sha256 }],
    warnings: [expect.stringContaining("very large (150 MB)")],
  });
});

async function* aHugeMail() {
  yield aMultipart(
    "multipart/mixed",
    [
      "Content-Type: text/plain\r\n\r\nHere it is.",
      "Content-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    ],
    { Subject: "The whole film" },
  ).subarray(0, -"\r\n--b1--\r\n".length);
  const megabyte = Buffer.alloc(1_000_000, `${fill("QUJD", 76)}\r\n`);
  for (let i = 0; i < 150; i++) yield megabyte;
}
