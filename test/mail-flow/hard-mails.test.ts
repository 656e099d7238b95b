import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { transact } from "../../server/desk/database.ts";
import { keepMessage } from "../../server/desk/mail/keep-message.ts";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aTextMail } from "../mail/mails.ts";
import { aMailWorld, arrives, type MailWorld, until } from "./world.ts";

let world: MailWorld;
let mailboxId: string;

beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads()).id;
});
afterAll(() => world.close());

const kept = (internetMessageId: string) => world.desk.message.findMany({ where: { internetMessageId } });

test("a mail that eats memory is held with its header after three tries, and the good ones around it do not wait", async () => {
  const trap = await arrives(world.sandbox, {
    subject: "A trap",
    headers: { "Content-Type": "text/html" },
    text: "<br>".repeat(497_000),
  });
  const good = await Promise.all(Array.from({ length: 10 }, () => arrives(world.sandbox)));

  const arrived = await until(async () => {
    await syncAndReceive(world.context, mailboxId);
    const messages = await world.desk.message.findMany({ where: { internetMessageId: { in: [trap, ...good] } } });
    return messages.length >= good.length && messages.map(({ internetMessageId }) => internetMessageId);
  });
  expect(arrived.sort()).toEqual(good.sort());
  await until(async () => {
    await world.desk.inboxItem.updateMany({ where: { state: "pending" }, data: { dueAt: new Date(0) } });
    await syncAndReceive(world.context, mailboxId);
    return (await kept(trap)).length > 0;
  });
  expect(await world.desk.inboxItem.findFirst({ where: { state: "held", attempts: 3 } })).not.toBeNull();

  const [held] = await world.desk.message.findMany({
    where: { internetMessageId: trap },
    include: { attachments: true },
  });
  expect(held).toMatchObject({
    subject: "A trap",
    fromAddress: "alice@harbourlight.test",
    heldBecause: expect.stringContaining("could not be processed"),
    warnings: [expect.stringContaining("It could not be processed: Reading it")],
    attachments: [{ name: "the mail as it came.eml", sha256: held?.rawSha256 }],
  });
  expect((await world.files.readAll(held?.rawSha256 ?? "")).toString()).toContain("<br><br>");
});

const beyond = [
  "Fri, 31 Dec 9999 23:59:59 -1200",
  "+010000-01-01T00:00:00Z",
  "1 Jan 20000 10:00:00 +0000",
  "0000-01-01T00:00:00Z",
  "-000044-03-15T12:00:00Z",
];
const odd = String.raw`"a \\u0000 b \\ud83d" <alice@harbourlight.test>`;
const endless = randomBytes(4_000).toString("hex");

test.each([
  ...beyond.map((date) => ({ what: `the date ${date}`, letter: { headers: { Date: date } } })),
  { what: "a name that spells control characters", letter: { from: odd } },
  {
    what: "an address without end",
    letter: { from: `Alice <${endless}@harbourlight.test>`, envelopeFrom: "a@b.test" },
  },
])("a mail with $what is kept at once, and with it those that came beside it", async ({ letter }) => {
  const beside = await arrives(world.sandbox, { subject: "Beside it" });
  const id = await arrives(world.sandbox, letter);

  await syncAndReceive(world.context, mailboxId);

  expect([await kept(beside), await kept(id)].map((found) => found.length)).toEqual([1, 1]);
});

test("a mail whose Message-ID has no end is kept, as one that has none", async () => {
  const beside = await arrives(world.sandbox);
  await arrives(world.sandbox, { messageId: `${endless}@customer.test`, subject: "An endless id" });

  await syncAndReceive(world.context, mailboxId);

  expect(await kept(beside)).toHaveLength(1);
  const found = await world.desk.message.findMany({ where: { subject: "An endless id" } });
  expect(found).toMatchObject([{ internetMessageId: null }]);
});

/** Years of one to six digits, zones from one end of the world to the other, and what nobody means. */
const anyDate = fc
  .tuple(
    fc.integer({ min: 0, max: 31 }),
    fc.integer({ min: -20_000, max: 280_000 }),
    fc.integer({ min: -9959, max: 9959 }),
  )
  .chain(([day, year, zone]) => {
    const offset = `${zone < 0 ? "-" : "+"}${String(Math.abs(zone)).padStart(4, "0")}`;
    const six = `${year < 0 ? "-" : "+"}${String(Math.abs(year)).padStart(6, "0")}`;
    return fc.constantFrom(`${day} Dec ${year} 23:59:59 ${offset}`, `${six}-12-31T23:59:59Z`, `Dec ${day} ${year}`);
  });
const anyText = fc
  .array(fc.constantFrom("\\u0000", "\\", "\\ud83d", "\0", "\ud83d", "😀", '"', "<", ">", "@", "ann", " ", endless), {
    maxLength: 8,
  })
  .map((pieces) => pieces.join(""));
const anyMail = fc
  .record({
    Date: anyDate,
    From: anyText,
    To: anyText,
    Subject: anyText,
    "Message-ID": anyText,
    "In-Reply-To": anyText,
  })
  .chain((headers) => anyText.map((text) => aTextMail(text, headers)));

test("whatever a mail says, each value that is read of it fits its column", async () => {
  let count = 0;
  const match = { contactId: null, organizationId: null, ticketId: null, because: [], heldBecause: null };
  await fc.assert(
    fc.asyncProperty(anyMail, async (bytes) => {
      const { incomplete: _known, ...mail } = await readMail(bytes);
      const place = {
        mailboxId,
        immutableId: `any ${++count}`,
        conversationId: null,
        fingerprint: `any ${count}`,
        receivedAt: new Date(),
        match: { ...match, suggestions: { contacts: [], addresses: [], tickets: [] } },
      };
      const raw = { sha256: "0".repeat(64), size: bytes.length };
      const { fresh, messageId } = await transact(world.desk, (tx) => keepMessage(tx, { mail, raw }, place));
      const { sentAt } = await world.desk.message.findUniqueOrThrow({ where: { id: messageId } });
      expect({ fresh, sentAt }).toEqual({ fresh: true, sentAt: mail.date });
    }),
    { numRuns: 150 },
  );
});
