/** Whatever stands in a subject, a name or a file's name: the mail has the headers and recipients that were meant, and no others. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { DeskContext } from "../../server/desk/context.ts";
import { transact } from "../../server/desk/database.ts";
import { OutgoingMail } from "../../server/desk/mail/intend.ts";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { intendMail, sendMail } from "../../server/desk/mail/send.ts";
import { composeMail } from "../../server/desk/mail/smtp.ts";
import { aMailWorld, type MailWorld, support } from "./world.ts";

const bob = "bob@birkenfeld-werke.test";
const adam = "adam@harbourlight.test";

let world: MailWorld;
let mailboxId: string;
let n = 0;

beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads("every_mail")).id;
});
afterAll(() => world.close());

/** Pieces that have broken other programs' mails, between ordinary and extraordinary words. */
const evil = fc.constantFrom(
  "\r\nBcc: mallory@outsider.test\r\n",
  "\nX-Evil: yes",
  "\r",
  "\u2028",
  "\u2029Bcc: mallory@outsider.test",
  "\u0000",
  "\u0085",
  ", mallory@outsider.test",
  "; mallory@outsider.test",
  "<mallory@outsider.test>",
  '"',
  "\\",
  "=?utf-8?Q?=0D=0ABcc:_mallory@outsider.test?=",
  "\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n",
  "(comment)",
  ":;",
  "../../etc/passwd",
);
const words = fc
  .array(fc.oneof(evil, fc.string({ unit: "grapheme", maxLength: 12 }), fc.string({ unit: "binary", maxLength: 6 })), {
    maxLength: 5,
  })
  .map((parts) => parts.join("").toWellFormed());

const mails = fc.record({ subject: words, toName: words, ccName: words, fileName: words, mailboxName: words });

const addressesOf = (list: { address: string }[]) => list.map(({ address }) => address.toLowerCase());

/** Said of every mail, however it goes out. */
function expectOnlyWhatWasMeant(mail: Awaited<ReturnType<typeof readMail>>, allowed: Set<string>) {
  expect(addressesOf(mail.to)).toEqual([bob]);
  expect(addressesOf(mail.cc)).toEqual([adam]);
  expect(mail.from?.address.toLowerCase()).toBe(support);
  const names = mail.headers.map(([name]) => name.toLowerCase());
  expect(names.filter((name) => !allowed.has(name))).toEqual([]);
  const once = ["to", "cc", "from", "message-id"];
  expect(names.filter((name) => once.includes(name)).sort()).toEqual([...once].sort());
  expect(names.filter((name) => name === "subject").length).toBeLessThanOrEqual(1);
}

const bySmtp = new Set(
  "from to cc subject message-id date mime-version content-type content-transfer-encoding auto-submitted x-auto-response-suppress".split(
    " ",
  ),
);

test("by SMTP", async () => {
  await fc.assert(
    fc.asyncProperty(mails, async ({ subject, toName, ccName, mailboxName }) => {
      const mail = OutgoingMail.parse({
        to: [{ name: toName, address: bob }],
        cc: [{ name: ccName, address: adam }],
        subject,
        html: "<p>Hello</p>",
        answersMessageId: null,
        attachments: [],
        automatic: true,
      });
      const raw = await composeMail({ mail, mailbox: { name: mailboxName, address: support } }, "id@deskhatch.test");
      expectOnlyWhatWasMeant(await readMail(raw), bySmtp);
    }),
    { numRuns: 2_000 },
  );
});

const byGraph = new Set([
  ...bySmtp,
  ..."reply-to return-path authentication-results received thread-topic thread-index x-deskhatch-ticket".split(" "),
]);

test("by Graph, and the envelope goes to those who were meant", async () => {
  const { id: ticketId } = await world.aTicket();
  const { sha256 } = await world.files.keep(Buffer.from("the manual"));
  await fc.assert(
    fc.asyncProperty(mails, async ({ subject, toName, ccName, fileName }) => {
      const key = `injection ${++n}`;
      const { sendingId } = await transact(world.desk, (tx) =>
        intendMail(tx, world.queue, {
          kind: "reply",
          key,
          mailboxId,
          ticketId,
          mail: {
            to: [{ name: toName, address: bob }],
            cc: [{ name: ccName, address: adam }],
            subject,
            html: "<p>Hello</p>",
            answersMessageId: null,
            attachments: [{ name: fileName || "file", type: "text/plain", sha256, store: "desk" }],
            automatic: false,
          },
        }),
      );
      await sendMail(world.context as DeskContext, sendingId);
      const sent = world.sandbox.ledger().findLast(({ effect, key: its }) => effect === "sent" && its === key);
      expect(sent?.detail.recipients).toEqual([bob, adam]);
      const message = await world.desk.message.findFirstOrThrow({ where: { fingerprint: `sent ${sendingId}` } });
      const mail = await readMail(await world.files.readAll(message.rawSha256));
      expectOnlyWhatWasMeant(mail, byGraph);
      expect(mail.attachments).toHaveLength(1);
    }),
    { numRuns: 25 },
  );
});

test("an address that programs read differently is none that a mail goes to", () => {
  const to = (address: string) =>
    OutgoingMail.safeParse({
      to: [{ name: "", address }],
      cc: [],
      subject: "",
      html: "",
      answersMessageId: null,
      attachments: [],
      automatic: false,
    }).success;
  expect(to(bob)).toBe(true);
  for (const address of [`${bob}, mallory@outsider.test`, `${bob}\r\nBcc: x@y.test`, `<${bob}>`, "bob", "a@b@c.test"])
    expect([address, to(address)]).toEqual([address, false]);
});
