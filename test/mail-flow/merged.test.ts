/** Threads of merged and split tickets, as real mail brings them: by our token, by the mails that they answer. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openMail } from "../../server/desk/mail/selected.ts";
import { replyAddress, signThreadToken } from "../../server/desk/mail/thread-token.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { merge as mergeVerb, undoMerger } from "../../server/desk/tickets/merge.ts";
import { split as splitVerb, undoSplit } from "../../server/desk/tickets/split.ts";
import { aMailWorld, arrives, type Letter, type MailWorld, support } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
let anna: Awaited<ReturnType<MailWorld["anAgent"]>>;
beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads()).id;
  anna = await world.anAgent({ name: "Anna Albrecht", address: "agent@deskhatch.test" });
});
afterAll(() => world.close());

type Contact = Awaited<ReturnType<MailWorld["aContact"]>>;
let count = 0;
async function colleagues() {
  const n = ++count;
  const organization = await world.anOrganization({ name: `Harbourlight ${n}` });
  const person = (name: string) =>
    world.aContact({ name, organizationId: organization.id, address: `${name}${n}@harbourlight.test` });
  return { alice: await person("alice"), adam: await person("adam") };
}

async function aTicketOf(contact: Contact, subject: string) {
  const mail = await world.aKeptMail({ from: contact, mailboxId, subject });
  const { id } = await world.aTicket({ messageId: mail.id, requesterId: contact.id, mailboxId, subject });
  const { number, threadKey } = await world.desk.ticket.findUniqueOrThrow({ where: { id } });
  const token = signThreadToken(threadKey, number, world.settings.DESK_SECRET);
  return {
    id,
    number,
    messageId: mail.id,
    mail: mail.internetMessageId ?? "",
    reply: replyAddress(support, token) ?? "",
  };
}

/** Anna, who has just looked at the ticket. */
async function agent(number: number) {
  const { version } = await world.desk.ticket.findUniqueOrThrow({ where: { number } });
  return { ...world.context, ...world.asking(anna), version };
}
const merge = async (number: number, into: number) => mergeVerb.run({ number, into }, await agent(number));
const part = async (number: number) => undoMerger.run({ number }, await agent(number));

async function arrival(from: Contact, letter: Letter) {
  const id = await arrives(world.sandbox, { from: `${from.name} <${from.address}>`, ...letter });
  await syncAndReceive(world.context, mailboxId);
  return world.desk.message.findFirstOrThrow({
    where: { internetMessageId: id },
    include: { ticket: true, entry: true },
  });
}

test("later mails of a merged ticket go where it is continued: by our token, and by the mail they answer", async () => {
  const { alice } = await colleagues();
  const [lamp, light] = [await aTicketOf(alice, "Lamp"), await aTicketOf(alice, "Light")];
  await merge(lamp.number, light.number);

  const byToken = await arrival(alice, { to: lamp.reply, text: "By the token" });
  const byReference = await arrival(alice, { inReplyTo: lamp.mail, text: "By the reference" });

  for (const mail of [byToken, byReference]) {
    expect(mail.ticket?.number).toBe(light.number);
    expect(mail.match).toMatchObject({
      because: expect.arrayContaining([`#${lamp.number} was merged into #${light.number}`]),
    });
  }
});

test("the mail of a merged ticket shows the other one in Outlook; parted, its own again", async () => {
  const { alice } = await colleagues();
  const [lamp, light] = [await aTicketOf(alice, "Lamp"), await aTicketOf(alice, "Light")];
  const shown = async () => {
    const open = await openMail.run({ mailbox: support, internetMessageId: lamp.mail }, await agent(lamp.number));
    return open.state === "known" ? open.mail.ticket?.number : null;
  };
  await merge(lamp.number, light.number);
  expect(await shown()).toBe(light.number);

  await part(lamp.number);
  expect(await shown()).toBe(lamp.number);
  expect((await arrival(alice, { to: lamp.reply })).ticket?.number).toBe(lamp.number);
});

test("a merger opens the thread to nobody new: the stranger is held as before, and who is on neither ticket too", async () => {
  const [{ alice, adam }, bob] = [await colleagues(), await world.aContact({ address: `bob${count}@birkenfeld.test` })];
  const [hers, his] = [await aTicketOf(alice, "Lamp"), await aTicketOf(adam, "Light")];
  await merge(his.number, hers.number);

  for (const letter of [{ to: his.reply }, { inReplyTo: his.mail }])
    expect(await arrival(bob, letter)).toMatchObject({ ticketId: null, heldBecause: expect.any(String) });
  // Alice is on the ticket in which his is continued: his thread is hers to answer, if somebody sends it to her.
  expect((await arrival(alice, { to: his.reply })).entry).toMatchObject({
    ticketId: hers.id,
    facts: { mail: "message" },
  });
  expect((await arrival(adam, { to: his.reply })).entry).toMatchObject({
    ticketId: hers.id,
    facts: { wroteOn: his.id },
  });
  expect(await world.desk.participant.count({ where: { ticketId: hers.id } })).toBe(0);
});

test("answers to what was split off follow it, also under the token of the ticket that it left", async () => {
  const { alice } = await colleagues();
  const ticket = await aTicketOf(alice, "Lamp");
  const chair = await arrival(alice, { to: ticket.reply, subject: "A chair", text: "And a chair" });
  const entryIds = [chair.entry?.id ?? ""];
  const off = await splitVerb.run({ number: ticket.number, entryIds }, await agent(ticket.number));
  const answers = { inReplyTo: chair.internetMessageId ?? "", text: "The chair again" };

  expect((await arrival(alice, answers)).ticket?.number).toBe(off.number);
  expect((await arrival(alice, { ...answers, to: ticket.reply })).ticket?.number).toBe(off.number);
  // The token alone, and answers to what stayed, stay.
  expect((await arrival(alice, { to: ticket.reply, text: "The lamp" })).ticket?.number).toBe(ticket.number);
  expect((await arrival(alice, { to: ticket.reply, inReplyTo: ticket.mail })).ticket?.number).toBe(ticket.number);

  await undoSplit.run({ number: ticket.number, splitNumber: off.number }, await agent(ticket.number));
  expect((await arrival(alice, { ...answers, to: ticket.reply })).ticket?.number).toBe(ticket.number);
});

test("mails that arrive while their ticket is merged and parted are each filed once, at one of the two", async () => {
  const { alice } = await colleagues();
  const [lamp, light] = [await aTicketOf(alice, "Lamp"), await aTicketOf(alice, "Light")];
  const ids: string[] = [];
  for (let round = 0; round < 6; round++) {
    const from = `alice <${alice.address}>`;
    ids.push(await arrives(world.sandbox, { from, to: lamp.reply, text: `Round ${round} to the lamp` }));
    ids.push(await arrives(world.sandbox, { from, inReplyTo: light.mail, text: `Round ${round} to the light` }));
    const reshape = round % 2 ? part(lamp.number) : merge(lamp.number, light.number);
    const [, outcome] = await Promise.allSettled([syncAndReceive(world.context, mailboxId), reshape]);
    // Refused at most because a mail came first; never because two got in each other's way.
    if (outcome.status === "rejected") expect([409, 412]).toContain(outcome.reason.status);
  }
  await syncAndReceive(world.context, mailboxId);

  const mails = await world.desk.message.findMany({
    where: { internetMessageId: { in: ids } },
    include: { entry: true },
  });
  expect(mails).toHaveLength(ids.length);
  for (const { ticketId, entry } of mails) {
    expect([lamp.id, light.id]).toContain(ticketId);
    expect(entry?.ticketId).toBe(ticketId);
  }
});
