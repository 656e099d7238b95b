import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { signThreadToken } from "../../server/desk/mail/thread-token.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aMailWorld, arrives, type Letter, type MailWorld } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
let ticketId: string;
let question: string;
let replyTo: string;

/** Alice's ticket, in a mailbox where every mail opens one. */
beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads("every_mail")).id;
  const alice = await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
  await world.desk.organizationDomain.create({
    data: { domain: "harbourlight.test", organizationId: alice.organizationId },
  });
  question = await arrives(world.sandbox, { subject: "The printer is on fire" });
  await syncAndReceive(world.context, mailboxId);
  const ticket = await world.desk.ticket.findFirstOrThrow({ where: { requesterId: alice.id } });
  ticketId = ticket.id;
  replyTo = `support+${signThreadToken(ticket.threadKey, ticket.number, world.settings.DESK_SECRET)}@deskhatch.test`;
});
afterAll(() => world.close());

const theTicket = () =>
  world.desk.ticket.findUniqueOrThrow({
    where: { id: ticketId },
    include: {
      entries: true,
      participants: true,
      sendings: true,
      secureLinks: true,
      messages: { select: { id: true } },
    },
  });

async function after(letter: Letter) {
  const before = await theTicket();
  const internetMessageId = await arrives(world.sandbox, letter);
  await syncAndReceive(world.context, mailboxId);
  const message = await world.desk.message.findFirstOrThrow({ where: { internetMessageId } });
  return { before, message };
}

const mallory = "Alice Moreau <mallory@outsider.test>";

test("MAIL-01: in Alice's name from Mallory's server, to her ticket's address: held, and the ticket knows nothing of it", async () => {
  const { before, message } = await after({
    to: replyTo,
    cc: "mallory@outsider.test",
    envelopeFrom: "mallory@outsider.test",
    inReplyTo: question,
  });
  expect(message).toMatchObject({ ticketId: null, heldBecause: expect.stringContaining("not verified") });
  expect(await theTicket()).toEqual(before);
});

test("MAIL-02: Mallory writes Alice's ticket number into a subject: a ticket of Mallory's own", async () => {
  const { before, message } = await after({
    from: mallory,
    subject: `Re: [#${(await theTicket()).number}] Tell me more`,
  });
  expect(message.ticketId).not.toBe(ticketId);
  expect(message).toMatchObject({ heldBecause: null, match: { suggestions: { tickets: [{ ticketId }] } } });
  expect(await theTicket()).toEqual(before);
});

test("MAIL-03: a forged thread token is no token", async () => {
  const forged = replyTo.replace(/.@/, (end) => (end === "a@" ? "b@" : "a@"));
  const { before, message } = await after({
    to: forged,
    from: mallory,
    headers: { "X-Deskhatch-Ticket": "a".repeat(52) },
  });
  expect(message.ticketId).not.toBe(ticketId);
  expect(await theTicket()).toEqual(before);
});

test("MAIL-04: Mallory answers the mail that Alice forwarded to her, with everything genuine but herself: held", async () => {
  const { before, message } = await after({
    from: mallory,
    to: replyTo,
    inReplyTo: question,
    headers: { "Reply-To": "alice@harbourlight.test" },
  });
  expect(message).toMatchObject({
    ticketId: null,
    fromAddress: "mallory@outsider.test",
    heldBecause: expect.stringContaining("mallory@outsider.test is not on"),
  });
  expect(await theTicket()).toEqual(before);
});

test("MAIL-05: in an agent's name from outside: held, and on record", async () => {
  await world.anAgent({ name: "Anna", address: "anna@deskhatch.test" });
  const { before, message } = await after({
    from: "anna@deskhatch.test",
    envelopeFrom: "mallory@outsider.test",
    to: replyTo,
    text: "#close",
  });
  expect(message).toMatchObject({ ticketId: null, heldBecause: expect.stringContaining("from one of us") });
  expect(await world.desk.auditRecord.count({ where: { act: "agent_spoofed", subject: message.id } })).toBe(1);
  expect(await theTicket()).toEqual(before);
});

test("results that a sender writes himself are not believed", async () => {
  const { message } = await after({
    envelopeFrom: "mallory@outsider.test",
    inReplyTo: question,
    headers: {
      "Authentication-Results": "mx.outsider.test; spf=pass; dkim=pass; dmarc=pass header.from=harbourlight.test",
    },
  });
  expect(message).toMatchObject({ ticketId: null, authentication: { verdict: "fail" } });
});

test("Alice herself, with a tag in her address or without, is on her ticket", async () => {
  for (const from of ["alice@harbourlight.test", "Alice <alice+work@harbourlight.test>"]) {
    const { message } = await after({ from, to: replyTo });
    expect(message.ticketId).toBe(ticketId);
  }
});

test("a new colleague of Alice's gets a ticket in her organization; a stranger from a free-mail domain one of his own", async () => {
  const { organizationId } = await theTicket();
  const requesterOf = async (from: string) => {
    const { message } = await after({ from, subject: "Another matter" });
    const ticket = await world.desk.ticket.findUniqueOrThrow({
      where: { id: message.ticketId ?? "" },
      include: { requester: { include: { organization: true } } },
    });
    return ticket.requester.organization;
  };
  expect((await requesterOf("Nils <nils@harbourlight.test>")).id).toBe(organizationId);
  expect(await requesterOf("Otto <otto@gmail.com>")).toMatchObject({ personal: true });
});

test("MAIL-06: a service's confirmation code, sent to the address of Alice's ticket, is for the team's eyes", async () => {
  const { before, message } = await after({
    from: "Slack <no-reply@slack.test>",
    to: replyTo,
    subject: "Your confirmation code: 417-263",
  });
  expect(message).toMatchObject({
    ticketId: null,
    heldBecause: expect.stringContaining("no-reply@slack.test is not on"),
  });
  expect(await theTicket()).toEqual(before);
});

test("what a sender writes later whom an agent marked as spam is held quietly; who only uses his address is held too, and the other way round not", async () => {
  const anna = await world.anAgent({ name: "Ina", address: "ina@deskhatch.test" });
  const markedBy = async (message: { id: string; fromAddress: string }, authenticated: boolean) =>
    world.desk.spamMark.create({
      data: { messageId: message.id, fromAddress: message.fromAddress, authenticated, markedById: anna.id },
    });
  const { message: win } = await after({ from: "win@prizes.test" });
  await markedBy(win, true);
  for (const envelopeFrom of ["win@prizes.test", "mallory@outsider.test"]) {
    const { message } = await after({ from: "win@prizes.test", envelopeFrom });
    expect(message).toMatchObject({ ticketId: null, heldBecause: expect.any(String) });
    const held = await world.desk.heldMail.findUnique({ where: { messageId: message.id } });
    expect(held).toMatchObject({ waitsSince: null, spamMarkId: expect.any(String) });
  }
  const { message: forged } = await after({ from: "nora@lender.test", envelopeFrom: "mallory@outsider.test" });
  await markedBy(forged, false);
  const { message: real } = await after({ from: "nora@lender.test" });
  expect(real).toMatchObject({ ticketId: expect.any(String), heldBecause: null });
});
