/** Mails that go round or pour in. What takes days happens by the time that each mail arrives. */
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { transact } from "../../server/desk/database.ts";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { intendMail, sendMail } from "../../server/desk/mail/send.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { log } from "../../server/platform/log.ts";
import { aMailWorld, arrives, type Letter, type MailWorld, support } from "./world.ts";

let world: MailWorld;
let mailboxId: string;

beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads("every_mail")).id;
});
afterAll(() => world.close());

const noon = new Date("2026-11-25T12:00:00Z").getTime();
const minute = 60_000;

async function receives(letter: Letter) {
  const internetMessageId = await arrives(world.sandbox, letter);
  await syncAndReceive(world.context, mailboxId);
  return world.desk.message.findFirstOrThrow({ where: { internetMessageId }, include: { held: true } });
}

const loopsOf = (fromAddress: string) => world.desk.loop.findMany({ where: { fromAddress } });
const alarms = (subject: string) => world.desk.auditRecord.count({ where: { act: "loop_found", subject } });

test("LOOP-04: a helpdesk that answers every mail with an unmarked one ends after 20 in an hour: held, marked, told once", async () => {
  const from = "Peer Desk <desk@peer.test>";
  const first = await receives({ from, subject: "Ticket received", at: new Date(noon) });
  const ticketId = first.ticketId ?? "";
  const acks = [];
  for (let n = 1; n < 24; n++)
    acks.push(await receives({ from, inReplyTo: first.internetMessageId ?? "", at: new Date(noon + n * minute) }));

  expect(acks.filter((mail) => mail.ticketId === ticketId)).toHaveLength(19);
  const held = acks.filter((mail) => mail.ticketId === null);
  expect(held).toHaveLength(4);
  const [loop, ...others] = await loopsOf("desk@peer.test");
  expect(others).toEqual([]);
  expect(loop).toMatchObject({ ticketId, liftedAt: null });
  for (const mail of held) {
    expect(mail.heldBecause).toContain("More than 20 mails in an hour came from desk@peer.test");
    expect(mail.held).toMatchObject({ loopId: loop?.id, waitsSince: null });
    expect(mail.match).toMatchObject({ suggestions: { tickets: [{ ticketId }] } });
  }
  expect(await alarms(loop?.id ?? "")).toBe(1);
  const [told, ...more] = await world.desk.entry.findMany({ where: { ticketId, kind: "system" } });
  expect(told?.html).toContain("a suspected loop");
  expect(more).toEqual([]);

  const automatic = await wishFor("desk@peer.test", { ticketId, kind: "invitation" });
  expect(automatic).toMatchObject({ state: "failed", lastError: expect.stringContaining("go round") });
});

test("LOOP-04: one that takes its time ends after 40 in a day", async () => {
  const from = "slow@peer.test";
  const first = await receives({ from, subject: "Slowly", at: new Date(noon) });
  const states = [];
  for (let n = 1; n <= 44; n++) {
    const at = new Date(noon + n * 20 * minute);
    states.push((await receives({ from, inReplyTo: first.internetMessageId ?? "", at })).ticketId !== null);
  }
  expect(states.indexOf(false)).toBe(39);
  expect(states.lastIndexOf(true)).toBe(38);
  expect((await loopsOf("slow@peer.test"))[0]?.because).toContain("40 mails in a day");
});

test("somebody who writes a lot, though not like that, is not held; nor is another person on a looping ticket", async () => {
  const alice = await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
  const ada = await world.aContact({ ...alice, name: "Ada", address: "ada@harbourlight.test" });
  const first = await receives({ at: new Date(noon) });
  const ticketId = first.ticketId ?? "";
  for (let n = 1; n < 20; n++) {
    const mail = await receives({ inReplyTo: first.internetMessageId ?? "", at: new Date(noon + n * 10 * minute) });
    expect(mail.ticketId).toBe(ticketId);
  }
  await world.desk.participant.create({ data: { ticketId, contactId: ada.id, because: "a test says so" } });
  await world.desk.loop.create({
    data: {
      key: `ticket ${ticketId} alice@harbourlight.test`,
      fromAddress: alice.address,
      ticketId,
      because: "It loops.",
    },
  });
  const loops = await receives({ inReplyTo: first.internetMessageId ?? "", at: new Date(noon + 300 * minute) });
  expect(loops).toMatchObject({ ticketId: null, heldBecause: "It loops." });
  const human = await receives({ from: ada.address, inReplyTo: first.internetMessageId ?? "" });
  expect(human).toMatchObject({ ticketId, heldBecause: null });
});

test("LOOP-06: of 300 mails in a minute a hundred open tickets; the rest is folded away under one loop, and none is lost", async () => {
  const from = "monitor@outsider.test";
  const mailbox = await world.reads("every_mail", "anna@deskhatch.test");
  const to = "anna@deskhatch.test";
  for (let n = 0; n < 300; n++)
    await arrives(world.sandbox, { from, to, subject: `Alarm ${n}`, at: new Date(noon + n * 200) });
  const other = await arrives(world.sandbox, { from: "otto@elsewhere.test", to, at: new Date(noon + minute) });
  // Two processes on one database.
  const second = await world.another();
  await Promise.all([syncAndReceive(world.context, mailbox.id), syncAndReceive(second, mailbox.id)]);
  while ((await world.desk.inboxItem.count({ where: { mailboxId: mailbox.id, state: "pending" } })) > 0)
    await syncAndReceive(world.context, mailbox.id);

  expect(await world.desk.message.count({ where: { fromAddress: from } })).toBe(300);
  const [loop, ...others] = await loopsOf(from);
  expect(others).toEqual([]);
  expect(await alarms(loop?.id ?? "")).toBe(1);
  const opened = await world.desk.message.count({ where: { fromAddress: from, ticketId: { not: null } } });
  expect(opened).toBeGreaterThanOrEqual(100);
  // Each process may have had one batch in its hands when the hundredth was counted.
  expect(opened).toBeLessThanOrEqual(116);
  expect(await world.desk.heldMail.count({ where: { loopId: loop?.id ?? "", waitsSince: null } })).toBe(300 - opened);
  expect(await world.desk.message.findFirst({ where: { internetMessageId: other } })).toMatchObject({
    ticketId: expect.any(String),
    heldBecause: null,
  });
}, 60_000);

test("a storm in a customer's name does not silence the customer", async () => {
  const from = "Bob <bob@birkenfeld-werke.test>";
  for (let n = 0; n < 101; n++)
    await arrives(world.sandbox, { from, envelopeFrom: "mallory@outsider.test", at: new Date(noon + n * 100) });
  const real = await receives({ from, at: new Date(noon + minute) });
  expect(await loopsOf("bob@birkenfeld-werke.test")).toHaveLength(1);
  expect(real).toMatchObject({ heldBecause: null, ticketId: expect.any(String) });
  expect((await wishFor("bob@birkenfeld-werke.test", { key: "code in a storm" })).state).toBe("sent");
  const invitation = { key: "invitation in a storm", kind: "invitation" };
  expect((await wishFor("bob@birkenfeld-werke.test", invitation)).state).toBe("sent");
  const forged = await world.desk.message.findFirstOrThrow({
    where: { fromAddress: "bob@birkenfeld-werke.test", authentication: { path: ["verdict"], not: "pass" } },
  });
  const answer = { key: "answer to a forged mail", kind: "receipt", answersMessageId: forged.id };
  expect(await wishFor("bob@birkenfeld-werke.test", answer)).toMatchObject({
    state: "failed",
    lastError: expect.stringContaining("go round"),
  });
}, 60_000);

test("mails that only claim to be a customer's do not count against him on his ticket", async () => {
  const from = "carol@birkenfeld-werke.test";
  const first = await receives({ from, subject: "The door is stuck", at: new Date(noon) });
  const ticketId = first.ticketId ?? "";
  const inReplyTo = first.internetMessageId ?? "";
  for (let n = 1; n < 20; n++) await receives({ from, inReplyTo, at: new Date(noon + n * minute) });
  await world.desk.message.updateMany({
    where: { fromAddress: from, id: { not: first.id } },
    data: { authentication: { verdict: "none" } },
  });
  const real = await receives({ from, inReplyTo, at: new Date(noon + 21 * minute) });
  expect(real).toMatchObject({ ticketId, heldBecause: null });
  expect(await loopsOf(from)).toEqual([]);
});

/** A report of a mail server that never had the mail, about the last code that went out to this address. */
async function aForgedReport(address: string) {
  const { internetMessageId } = await wishFor(address, { key: `reported ${address}` });
  const report = [
    "From: Mail Delivery <mailer-daemon@outsider.test>",
    `To: ${support}`,
    "Subject: Undeliverable: Your code",
    `Message-ID: <forged-${address}>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
    "",
    "--x",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mail.outsider.test",
    "",
    `Final-Recipient: rfc822; ${address}`,
    "Action: failed",
    "Status: 5.1.1",
    "--x",
    "Content-Type: message/rfc822",
    "",
    `Message-ID: <${internetMessageId}>`,
    `From: ${support}`,
    "",
    "--x--",
    "",
  ].join("\r\n");
  await world.sandbox.deliver(report, { from: "", to: support });
  await syncAndReceive(world.context, mailboxId);
  expect(await world.desk.bounce.count({ where: { recipient: address } })).toBe(1);
}

const inTheNameOf = (from: string) => receives({ from, envelopeFrom: "mallory@outsider.test" });

/** Every row that a mail can cause whose sender nobody vouches for. */
const byStrangers: [what: string, address: string, cause: (address: string) => Promise<unknown>][] = [
  [
    "a loop of his address",
    "dora@birkenfeld-werke.test",
    (fromAddress) =>
      world.desk.loop.create({
        data: { key: `sender ${fromAddress} claimed`, fromAddress, because: "It pours in." },
      }),
  ],
  [
    "a loop on his ticket",
    "emil@birkenfeld-werke.test",
    async (fromAddress) => {
      const { ticketId } = await receives({ from: fromAddress });
      const key = `ticket ${ticketId} ${fromAddress} claimed`;
      await world.desk.loop.create({ data: { key, fromAddress, ticketId, because: "It goes round." } });
    },
  ],
  ["a report that a code did not arrive", "frida@birkenfeld-werke.test", aForgedReport],
  [
    "a mail that is held",
    "gustav@birkenfeld-werke.test",
    async (address) => {
      await world.aContact({ name: "Gustav", address });
      expect((await inTheNameOf(address)).held).not.toBeNull();
    },
  ],
  [
    "a mail that an agent called spam",
    "hanna@birkenfeld-werke.test",
    async (address) => {
      const { id: messageId } = await inTheNameOf(address);
      const { id: markedById } = await world.anAgent({ name: "Ina", address: "ina@deskhatch.test" });
      await world.desk.spamMark.create({
        data: { messageId, fromAddress: address, authenticated: false, markedById },
      });
    },
  ],
];

test.each(byStrangers)(
  "after %s that strangers caused, the customer still gets his code",
  async (_, address, cause) => {
    await cause(address);
    expect(await wishFor(address, { key: `code for ${address}` })).toMatchObject({ state: "sent", lastError: null });
  },
);

test("a code is no part of a loop, not even of one that the address's own machine caused", async () => {
  const fromAddress = "ines@birkenfeld-werke.test";
  await world.desk.loop.create({
    data: { key: `sender ${fromAddress} vouched for`, fromAddress, because: "It pours in." },
  });
  expect((await wishFor(fromAddress)).state).toBe("sent");
  const invitation = await wishFor(fromAddress, { key: "invitation in a loop", kind: "invitation" });
  expect(invitation).toMatchObject({ state: "failed", lastError: expect.stringContaining("go round") });
});

test("LOOP-04: what our own mailboxes write to each other is held, and so is what passed a hundred servers", async () => {
  const own = await receives({ from: "anna@deskhatch.test" });
  expect(own).toMatchObject({ ticketId: null, heldBecause: expect.stringContaining("our own mailbox") });
  const itself = await receives({ from: support });
  expect(itself).toMatchObject({ ticketId: null, heldBecause: expect.stringContaining("our own mailbox") });
  const station = "from a.test by b.test; Wed, 25 Nov 2026 12:00:00 +0000";
  const internetMessageId = "round@outsider.test";
  const raw = [
    ...Array(101).fill(`Received: ${station}`),
    "From: round@outsider.test",
    `To: ${support}`,
    "Subject: Round",
    `Message-ID: <${internetMessageId}>`,
    "",
    "and round",
  ].join("\r\n");
  await world.sandbox.deliver(raw, { from: "round@outsider.test", to: support });
  await syncAndReceive(world.context, mailboxId);
  const round = await world.desk.message.findFirst({ where: { internetMessageId } });
  expect(round).toMatchObject({ ticketId: null, heldBecause: expect.stringContaining("a hundred servers") });
});

type Wish = { ticketId?: string; answersMessageId?: string; key?: string; kind?: string };

async function wishFor(address: string, wish: Wish = {}) {
  const { ticketId, answersMessageId = null, key = `wish ${address}`, kind = "sign_in_code" } = wish;
  const { sendingId } = await transact(world.desk, (tx) =>
    intendMail(tx, world.queue, {
      kind,
      key,
      mailboxId,
      ...(ticketId && { ticketId }),
      mail: {
        to: [{ name: "", address }],
        cc: [],
        subject: "Your code\r\nBcc: mallory@outsider.test",
        html: "<p>123456</p>",
        answersMessageId,
        attachments: [],
        automatic: true,
      },
    }),
  );
  await sendMail(world.context, sendingId);
  return world.desk.sending.findUniqueOrThrow({ where: { id: sendingId } });
}

test("LOOP-05: a stranger's address gets five automatic mails a day, whoever asks and however often", async () => {
  const states = [];
  for (let n = 0; n < 20; n++) states.push((await wishFor("victim@elsewhere.test", { key: `bomb ${n}` })).state);
  expect(states).toEqual([...Array(5).fill("sent"), ...Array(15).fill("failed")]);
});

test("somebody who has written to us or signed in gets ten an hour", async () => {
  const ada = await world.aContact({ name: "Nele", address: "nele@elsewhere.test" });
  await world.desk.contact.update({ where: { id: ada.id }, data: { signedInAt: new Date() } });
  const states = [];
  for (let n = 0; n < 11; n++) states.push((await wishFor("nele@elsewhere.test", { key: `code ${n}` })).state);
  expect(states).toEqual([...Array(10).fill("sent"), "failed"]);
});

/** As many mails of a kind as may go out within an hour, each to somebody else. */
const aThousand = (kind: string) => world.desk.$executeRaw`
  insert into sendings (id, mailbox_id, kind, key, mail, state, recipients, automatic, sent_at)
  select gen_random_uuid(), ${mailboxId}::uuid, ${kind}, ${kind} || ' bombed ' || n, '{}', 'sent', array['victim' || n || '@bombed.test'], true, now()
    from generate_series(1, 1000) n`;
const anHourLater = () =>
  world.desk.$executeRaw`update sendings set sent_at = now() - interval '2 hours' where key like '% bombed %'`;

test("LOOP-05: everybody together gets a thousand automatic mails an hour, and codes go out beside them", async () => {
  await aThousand("invitation");
  expect(await wishFor("late@bombed.test", { key: "late", kind: "invitation" })).toMatchObject({
    state: "failed",
    lastError: expect.stringContaining("more than 1000 automatic mails an hour in all"),
  });
  expect((await wishFor("late@bombed.test", { key: "late code" })).state).toBe("sent");
  await anHourLater();
  expect((await wishFor("later@bombed.test", { key: "later", kind: "invitation" })).state).toBe("sent");
});

test("a thousand codes that strangers ask for keep nobody from his code or his invitation, and raise an alarm", async () => {
  await aThousand("sign_in_code");
  const alarms = jest.spyOn(log, "error");
  expect((await wishFor("owner@bombed.test", { key: "owner's code" })).state).toBe("sent");
  expect(alarms.mock.calls).toContainEqual([
    expect.objectContaining({ alarm: "many_sign_in_codes" }),
    "unusually many sign-in codes are asked for",
  ]);
  alarms.mockRestore();
  const invitation = { key: "owner's invitation", kind: "invitation" };
  expect((await wishFor("owner@bombed.test", invitation)).state).toBe("sent");
  await anHourLater();
});

test("an automatic mail that still waits when the CRM deletes its recipient does not go out; back in the CRM he gets mails", async () => {
  const { id } = await world.aContact({ name: "Otis", address: "otis@elsewhere.test" });
  await world.desk.contact.update({ where: { id }, data: { formerAt: new Date() } });
  const gone = await wishFor("otis@elsewhere.test", { key: "gone" });
  expect(gone).toMatchObject({ state: "failed", lastError: expect.stringContaining("the CRM has deleted whom") });
  await world.desk.contact.update({ where: { id }, data: { formerAt: null } });
  expect((await wishFor("otis@elsewhere.test", { key: "back" })).state).toBe("sent");
});

test("LOOP-02: what nobody wrote by hand says so, in headers that other programs heed, and keeps its subject on one line", async () => {
  await wishFor("anna@deskhatch.test", { key: "labelled" });
  const { token } = await world.sandbox.graphToken("anna@deskhatch.test");
  const ask = (path: string) =>
    fetch(`${world.sandbox.url}/v1.0/me/messages${path}`, { headers: { authorization: `Bearer ${token}` } });
  const { value } = await (await ask("?$filter=subject eq 'Your code Bcc: mallory@outsider.test'&$select=id")).json();
  const raw = await (await ask(`/${encodeURIComponent(value[0].id)}/$value`)).arrayBuffer();
  const headers = new Map((await readMail(Buffer.from(raw))).headers);
  expect(headers.get("auto-submitted")).toBe("auto-generated");
  expect(headers.get("x-auto-response-suppress")).toBe("All");
  expect(headers.has("bcc")).toBe(false);
});

test("a mail with 5,000 people in Cc is one ticket, and nobody of them is on it", async () => {
  const cc = Array.from({ length: 5000 }, (_, n) => `reader${n}@elsewhere.test`).join(",\r\n ");
  const mail = await receives({ from: "lists@elsewhere.test", cc });
  expect(await world.desk.participant.count({ where: { ticketId: mail.ticketId ?? "" } })).toBe(0);
});

test("the fifty-first person who writes on a ticket does not join it", async () => {
  const first = await receives({ from: "p0@crowd.test", subject: "All of us" });
  const ticketId = first.ticketId ?? "";
  const { requesterId, organizationId } = await world.desk.ticket.findUniqueOrThrow({ where: { id: ticketId } });
  const crowd = [];
  for (let n = 1; n <= 51; n++) crowd.push(await world.aContact({ organizationId, address: `p${n}@crowd.test` }));
  await world.desk.participant.createMany({
    data: crowd.slice(0, 50).map(({ id }) => ({ ticketId, contactId: id, because: "a test says so" })),
  });
  const { text } = await receives({
    from: "p0@crowd.test",
    inReplyTo: first.internetMessageId ?? "",
    cc: "p51@crowd.test",
    messageId: "to-all@crowd.test",
  });
  const late = await receives({ from: "p51@crowd.test", inReplyTo: "to-all@crowd.test", text });
  expect(late).toMatchObject({ ticketId });
  expect(await world.desk.participant.count({ where: { ticketId, contactId: { not: requesterId } } })).toBe(50);
});

test("LOOP-01: an automatic mail never answers an automatic one", async () => {
  const away = await receives({ from: "otto@elsewhere.test", headers: { "Auto-Submitted": "auto-replied" } });
  const answer = await wishFor("otto@elsewhere.test", { answersMessageId: away.id });
  expect(answer).toMatchObject({ state: "failed", lastError: expect.stringContaining("do not answer each other") });
});

/** The clock of our own mails goes on; those that arrive say when they come. */
const hoursGoBy = (hours: number) => world.desk.$executeRaw`
  update sendings set sent_at = sent_at - make_interval(hours => ${hours}), created_at = created_at - make_interval(hours => ${hours})`;

/** Whoever is away, with a machine that answers every mail at once. */
const bots: [name: string, address: string, isMarked: boolean, marks: Pick<Letter, "subject" | "headers">][] = [
  ["marked as RFC 3834 asks", "away1@birkenfeld-werke.test", true, { headers: { "Auto-Submitted": "auto-replied" } }],
  ["marked by its subject only", "away2@birkenfeld-werke.test", true, { subject: "Automatic reply: your mail" }],
  ["not marked at all", "away3@birkenfeld-werke.test", false, { subject: "I am in the mountains" }],
];

test.each(bots)(
  "LOOP-01: a week with a machine that answers everything, %s: ten mails an hour at most, and the person gets through",
  async (_, from, isMarked, marks) => {
    const first = await receives({ from, subject: "The gate is stuck", at: new Date(noon) });
    const ticketId = first.ticketId ?? "";
    const wishes = { made: 0, sent: 0 };

    /** Everything that Deskhatch sends by itself, as often as anybody can make it; and each is answered at once. */
    const sends = async (wish: Parameters<typeof wishFor>[1], at: Date) => {
      const { state, internetMessageId } = await wishFor(from, { key: `${from} ${++wishes.made}`, ...wish });
      if (state !== "sent") return null;
      wishes.sent++;
      return receives({ from, ...marks, inReplyTo: internetMessageId ?? "", at });
    };
    for (let day = 0; day < 7; day++) {
      const at = new Date(noon + day * 24 * 60 * minute);
      const before = wishes.sent;
      // Somebody asks for codes again and again, on the first and the last day; and what the machine answers is answered.
      for (let ask = 0; ask < (day % 6 === 0 ? 11 : 2); ask++) {
        const answer = await sends({}, at);
        if (answer) await sends({ answersMessageId: answer.id }, at);
      }
      expect(wishes.sent - before).toBeLessThanOrEqual(10);
      await hoursGoBy(24);
    }

    // Nothing that arrived made a mail by itself, and all that arrived is there.
    expect(await world.desk.sending.count({ where: { recipients: { has: from } } })).toBe(wishes.made);
    expect(await world.desk.message.count({ where: { fromAddress: from } })).toBe(wishes.sent + 1);
    if (isMarked) {
      const answers = await world.desk.message.findMany({ where: { fromAddress: from, id: { not: first.id } } });
      expect(new Set(answers.map(({ kind, ticketId: on }) => `${kind} ${on}`))).toEqual(new Set(["auto_reply null"]));
      expect(
        await world.desk.sending.count({
          where: { recipients: { has: from }, lastError: { contains: "do not answer each other" } },
        }),
      ).toBe(wishes.sent);
    }

    const back = await receives({
      from,
      inReplyTo: first.internetMessageId ?? "",
      text: "I am back, and the gate is still stuck.",
      at: new Date(noon + 7 * 24 * 60 * minute),
    });
    expect(back).toMatchObject({ ticketId, heldBecause: null, kind: "message" });
    expect((await wishFor(from, { key: `reply to ${from}`, ticketId })).state).toBe("sent");
  },
  60_000,
);
