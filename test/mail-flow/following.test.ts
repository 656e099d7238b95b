/** What a customer's answer does to a ticket that is over: thanks leave it be, a word more reopens it, a late one opens another. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { TicketStatus } from "../../prisma/generated/desk/client.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aMailWorld, arrives, type Letter, type MailWorld, support } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads()).id;
});
afterAll(() => world.close());

const days = (count: number) => new Date(Date.now() - count * 24 * 60 * 60 * 1000);

let pairs = 0;
/** Alice's ticket from her own mail, with her colleague Adam on it. */
async function aTicket({ status, since }: { status: TicketStatus; since: Date }) {
  const n = ++pairs;
  const organization = await world.anOrganization({ name: `Harbourlight ${n}` });
  const person = (name: string) =>
    world.aContact({ name, organizationId: organization.id, address: `${name}${n}@harbourlight.test` });
  const [alice, adam] = [await person("alice"), await person("adam")];
  const mail = await world.aKeptMail({ from: alice, mailboxId, subject: `The lamp ${n}` });
  const ticket = await world.aTicket({ messageId: mail.id, requesterId: alice.id, mailboxId });
  await world.desk.participant.create({ data: { ticketId: ticket.id, contactId: adam.id, because: "a test says so" } });
  const { entries } = await world.desk.ticket.update({
    where: { id: ticket.id },
    data: {
      status,
      closedAt: status === "resolved" ? null : since,
      entries: { create: { kind: "status_change", facts: { from: "new", to: status }, at: since } },
    },
    select: { entries: true },
  });
  return { ...ticket, alice, adam, mail, entries };
}
type Ticket = Awaited<ReturnType<typeof aTicket>>;

async function answer(ticket: Ticket, letter: Letter = {}) {
  const inReplyTo = letter.inReplyTo ?? ticket.mail.internetMessageId ?? "";
  const from = letter.from ?? `Alice <${ticket.alice.address}>`;
  const id = await arrives(world.sandbox, { subject: "Re: The lamp", to: support, ...letter, from, inReplyTo });
  await syncAndReceive(world.context, mailboxId);
  return world.desk.message.findFirstOrThrow({
    where: { internetMessageId: id },
    include: { entry: true, ticket: { include: { origin: true, participants: true } } },
  });
}
const now = ({ id }: { id: string }) => world.desk.ticket.findUniqueOrThrow({ where: { id } });

test.each(["resolved", "closed"] as const)(
  "thanks are filed on a %s ticket, marked, and leave it as it is",
  async (status) => {
    const ticket = await aTicket({ status, since: days(1) });

    const { entry } = await answer(ticket, {
      text: "Vielen Dank für die schnelle Hilfe!\n\nMit freundlichen Grüßen\nAlice",
    });

    expect(entry).toMatchObject({ ticketId: ticket.id, contactId: ticket.alice.id, facts: { thanks: true } });
    expect(await now(ticket)).toMatchObject({ status });
  },
);

test.each([
  ["a word more", { text: "Thanks, but it is dark again" }],
  ["a question", { text: "Thanks! All done?" }],
] as const)("with %s beside the thanks the ticket is reopened", async (_, letter) => {
  const ticket = await aTicket({ status: "closed", since: days(1) });

  const { entry } = await answer(ticket, letter);

  expect(entry?.facts).not.toHaveProperty("thanks");
  expect(await now(ticket)).toMatchObject({ status: "in_progress", closedAt: null });
});

test("thanks to a question of ours are an answer: the ticket comes back", async () => {
  const ticket = await aTicket({ status: "waiting_on_customer", since: days(1) });
  await answer(ticket, { text: "Thank you!" });
  expect(await now(ticket)).toMatchObject({ status: "in_progress" });
});

test.each(["resolved", "closed", "cancelled"] as const)(
  "an answer to a ticket that was %s a short time ago opens it again, and thanks do not",
  async (status) => {
    const ticket = await aTicket({ status, since: days(1) });

    const thanks = await answer(ticket, { text: "Thank you!" });
    expect(thanks.ticketId).toBe(ticket.id);
    expect(await now(ticket)).toMatchObject({ status });

    const again = await answer(ticket, { text: "The lamp is dark again." });
    expect(again.ticketId).toBe(ticket.id);
    expect(await now(ticket)).toMatchObject({ status: "in_progress", closedAt: null });
  },
);

test.each(["resolved", "closed", "cancelled"] as const)(
  "an answer to a ticket that has been %s for longer than the setting opens one that follows it",
  async (status) => {
    const ticket = await aTicket({ status, since: days(15) });

    const later = await answer(ticket, { text: "The lamp is dark again." });

    expect(later.ticketId).not.toBe(ticket.id);
    expect(later.ticket).toMatchObject({
      subject: "The lamp",
      status: "new",
      requesterId: ticket.alice.id,
      participants: [{ contactId: ticket.adam.id }],
      origin: { kind: "follows", fromId: ticket.id },
    });
    expect(later.match).toMatchObject({
      because: expect.arrayContaining([`#${ticket.number} has been over for more than 14 days`]),
    });
    expect(await now(ticket)).toMatchObject({ status });
  },
);

test("further late answers to the old thread go to the ticket that follows; they open no third", async () => {
  const ticket = await aTicket({ status: "closed", since: days(400) });
  const first = await answer(ticket, { text: "The lamp is dark again." });

  const second = await answer(ticket, { text: "And it smells.", from: `Adam <${ticket.adam.address}>` });
  const third = await answer(ticket, { text: "Now it burns.", inReplyTo: first.internetMessageId ?? "" });

  expect([second.ticketId, third.ticketId]).toEqual([first.ticketId, first.ticketId]);
});

test("late thanks open nothing; nor does a machine's answer", async () => {
  const ticket = await aTicket({ status: "closed", since: days(15) });

  const thanks = await answer(ticket, { text: "Thank you very much!" });
  const away = await answer(ticket, { text: "I am away.", headers: { "Auto-Submitted": "auto-replied" } });

  expect([thanks.ticketId, away.ticketId]).toEqual([ticket.id, ticket.id]);
  expect(await now(ticket)).toMatchObject({ status: "closed" });
});

test("a day before the setting's end it still reopens", async () => {
  const ticket = await aTicket({ status: "closed", since: days(13) });
  const { ticketId } = await answer(ticket, { text: "The lamp is dark again." });
  expect(ticketId).toBe(ticket.id);
  expect(await now(ticket)).toMatchObject({ status: "in_progress" });
});

test("who has left the organization meanwhile is not on the new ticket; without the requester, the writer asks", async () => {
  const ticket = await aTicket({ status: "closed", since: days(15) });
  const elsewhere = await world.anOrganization();
  await world.desk.contact.update({ where: { id: ticket.alice.id }, data: { organizationId: elsewhere.id } });

  const { ticket: next } = await answer(ticket, { text: "Dark again.", from: `Adam <${ticket.adam.address}>` });

  expect(next).toMatchObject({ requesterId: ticket.adam.id, participants: [] });
});

test("the customer who saw the old ticket sees the one that follows; who did not, does not", async () => {
  const [seen, unseen] = [
    await aTicket({ status: "closed", since: days(15) }),
    await aTicket({ status: "closed", since: days(15) }),
  ];
  await world.desk.portalTicket.create({ data: { ticketId: seen.id, rule: "a test says so" } });

  const rules = [];
  for (const ticket of [seen, unseen]) {
    const { ticketId } = await answer(ticket, { text: "Dark again." });
    rules.push(await world.desk.portalTicket.findUnique({ where: { ticketId: ticketId ?? "" } }));
  }

  expect(rules).toMatchObject([{ rule: `it follows #${seen.number}, which the customer sees` }, null]);
});

test("two late answers that two processes read at once make one ticket", async () => {
  const ticket = await aTicket({ status: "closed", since: days(15) });
  const other = await world.another();
  const inReplyTo = ticket.mail.internetMessageId ?? "";
  const ids = [];
  for (const from of [`Alice <${ticket.alice.address}>`, `Adam <${ticket.adam.address}>`])
    ids.push(await arrives(world.sandbox, { from, inReplyTo, text: `Dark again, says ${from}` }));

  await Promise.allSettled([syncAndReceive(world.context, mailboxId), syncAndReceive(other, mailboxId)]);
  await syncAndReceive(world.context, mailboxId);

  const tickets = await world.desk.ticket.findMany({ where: { origin: { fromId: ticket.id } } });
  expect(tickets).toHaveLength(1);
  expect(await world.desk.message.count({ where: { internetMessageId: { in: ids }, ticketId: tickets[0]?.id } })).toBe(
    2,
  );
});

test("a colleague in copy whom nobody knew yet answers the original mail: he joins, of the customer's own domain only", async () => {
  const ticket = await aTicket({ status: "in_progress", since: days(1) });
  const domain = `lamps-${pairs}.test`;
  await world.desk.organizationDomain.create({
    data: { domain, organizationId: ticket.alice.organizationId },
  });
  const cc = [`nora@${domain}`, `info@${domain}`, "friend@gmail.com"];
  await world.desk.message.update({
    where: { id: ticket.mail.id },
    data: { recipients: { to: [], cc: cc.map((address) => ({ name: "", address })), replyTo: [] } },
  });

  const [nora, info, friend, unnamed] = [
    await answer(ticket, { from: `Nora <nora@${domain}>`, text: "Mine too." }),
    await answer(ticket, { from: `info@${domain}`, text: "Ours too." }),
    await answer(ticket, { from: "friend@gmail.com", text: "And mine." }),
    await answer(ticket, { from: `nobody@${domain}`, text: "Let me in." }),
  ];

  expect(nora).toMatchObject({ ticketId: ticket.id, heldBecause: null });
  expect(nora.ticket?.participants.map(({ contactId }) => contactId)).toContain(nora.entry?.contactId);
  expect(info).toMatchObject({ ticketId: null, heldBecause: expect.stringContaining("Several people") });
  for (const held of [friend, unnamed])
    expect(held).toMatchObject({ ticketId: null, heldBecause: expect.stringContaining("unknown sender") });
});
