/** Whatever stands in a subject, a name or a file's name: the mail has the headers and recipients that were meant, and no others. */
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { SMTPServer } from "smtp-server";
import type { DeskContext } from "../../server/desk/context.ts";
import { transact } from "../../server/desk/database.ts";
import { newDraft } from "../../server/desk/graph/drafts.ts";
import { OutgoingMail } from "../../server/desk/mail/intend.ts";
import { readAddresses } from "../../server/desk/mail/reading/addresses.ts";
import { field, readHeaders } from "../../server/desk/mail/reading/mime/headers.ts";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { intendMail, sendMail } from "../../server/desk/mail/send.ts";
import { draftWords } from "../../server/desk/mail/send-by-graph.ts";
import { composeMail, draftMail, handOverBySmtp } from "../../server/desk/mail/smtp.ts";
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

type Words = { subject: string; toName: string; ccName: string; fileName: string; mailboxName: string };

const mailOf = ({ subject, toName, ccName }: Words, more: Partial<OutgoingMail> = {}) =>
  OutgoingMail.parse({
    to: [{ name: toName, address: bob }],
    cc: [{ name: ccName, address: adam }],
    subject,
    html: "<p>Hello</p>",
    answersMessageId: null,
    attachments: [],
    automatic: true,
    ...more,
  });
const mailboxOf = ({ mailboxName }: Words) => ({ name: mailboxName, address: support });

/** What is built in a millisecond is tried ten thousand times; by way of servers less often, unless RUNS says so. */
const often = { numRuns: 10_000 };
const runs = (usually: number, each = 1) => ({ numRuns: Number(process.env.RUNS ?? usually) / each });

test("by SMTP the header has the fields and the envelope the recipients that were meant", () => {
  fc.assert(
    fc.property(mails, (words) => {
      const draft = draftMail({ mail: mailOf(words), mailbox: mailboxOf(words) }, "id@deskhatch.test");
      expect(draft.getEnvelope()).toEqual({ from: support, to: [bob, adam] });
      const header = Buffer.from(`${draft.buildHeaders()}\r\n\r\n`, "latin1");
      const { fields, bodyStart, strayLines } = readHeaders(header, 0, header.length, false);
      expect([bodyStart, strayLines]).toEqual([header.length, 0]);
      const names = fields.map(({ name }) => name);
      expect([new Set(names).size, names.filter((name) => !bySmtp.has(name))]).toEqual([names.length, []]);
      const addressesIn = (name: string) => addressesOf(readAddresses(field(fields, name) ?? ""));
      expect([addressesIn("from"), addressesIn("to"), addressesIn("cc")]).toEqual([[support], [bob], [adam]]);
    }),
    often,
  );
}, 120_000);

test("to Graph goes what was meant: recipients, headers, and one line where there is one", () => {
  const ticket = { id: "a ticket", number: 1042, threadKey: "a".repeat(26) };
  const line = expect.not.stringMatching(/[\p{Cc}\u2028\u2029]/u);
  const named = (address: unknown) => ({ emailAddress: { name: line, address } });
  fc.assert(
    fc.property(mails, (words) => {
      const sending = { key: "key", mail: mailOf(words), mailbox: mailboxOf(words), ticket };
      const { body, singleValueExtendedProperties, internetMessageHeaders, replyTo, ...draft } = newDraft(
        draftWords({ DESK_SECRET: "secret" }, sending),
      );
      expect(draft).toEqual({
        subject: line,
        toRecipients: [named(bob)],
        ccRecipients: [named(adam)],
        bccRecipients: [],
      });
      expect(replyTo).toEqual([named(expect.stringMatching(/^support\+[a-z2-7]{52}@deskhatch\.test$/))]);
      expect(internetMessageHeaders).toEqual([
        { name: "x-deskhatch-ticket", value: expect.stringMatching(/^[a-z2-7]{52}$/) },
        { name: "x-auto-response-suppress", value: "All" },
      ]);
      expect([body.content, singleValueExtendedProperties.length]).toEqual(["<p>Hello</p>", 2]);
    }),
    often,
  );
}, 120_000);

/** The server waits a moment before it greets anybody. */
const together = 25;

test("what an SMTP server is told and given is what was meant", async () => {
  const told: { from: string; to: string[]; raw: Buffer }[] = [];
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    async onData(stream, { envelope: { mailFrom, rcptTo } }, done) {
      const from = mailFrom ? mailFrom.address : "";
      told.push({ from, to: rcptTo.map(({ address }) => address), raw: Buffer.concat(await stream.toArray()) });
      done();
    },
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()));
  const url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(mails, { minLength: together, maxLength: together }), async (all) => {
        const outcomes = all.map(async (words) => {
          const bytes = await composeMail({ mail: mailOf(words), mailbox: mailboxOf(words) }, "id@deskhatch.test");
          return handOverBySmtp({ url, ca: undefined }, { from: support, to: [bob, adam] }, bytes);
        });
        expect(await Promise.all(outcomes)).toEqual(all.map(() => ({ became: "taken" })));
        expect(told).toHaveLength(together);
        for (const { from, to, raw } of told.splice(0)) {
          expect([from, to]).toEqual([support, [bob, adam]]);
          expectOnlyWhatWasMeant(await readMail(raw), bySmtp);
        }
      }),
      runs(500, together),
    );
  } finally {
    await new Promise<void>((closed) => server.close(closed));
  }
}, 600_000);

const byGraph = new Set([
  ...bySmtp,
  ..."reply-to return-path authentication-results received thread-topic thread-index x-deskhatch-ticket".split(" "),
]);

test("by Graph, and the envelope goes to those who were meant", async () => {
  const { id: ticketId } = await world.aTicket();
  const { sha256 } = await world.files.keep(Buffer.from("the manual"));
  await fc.assert(
    fc.asyncProperty(mails, async (words) => {
      const key = `injection ${++n}`;
      const name = words.fileName || "file";
      const attachments = [{ name, type: "text/plain", sha256, store: "desk" as const }];
      const mail = mailOf(words, { automatic: false, attachments });
      const { sendingId } = await transact(world.desk, (tx) =>
        intendMail(tx, world.queue, { kind: "reply", key, mailboxId, ticketId, mail }),
      );
      await sendMail(world.context as DeskContext, sendingId);
      const sent = world.sandbox.ledger().findLast(({ effect, key: its }) => effect === "sent" && its === key);
      expect(sent?.detail.recipients).toEqual([bob, adam]);
      const message = await world.desk.message.findFirstOrThrow({ where: { fingerprint: `sent ${sendingId}` } });
      const received = await readMail(await world.files.readAll(message.rawSha256));
      expectOnlyWhatWasMeant(received, byGraph);
      expect(received.attachments).toHaveLength(1);
    }),
    runs(25),
  );
}, 3_600_000);

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
