/** Colleagues answer the original mail before anybody has made a ticket of it: they come along when somebody does. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { open as openVerb } from "../../server/desk/tickets/open.ts";
import { aMailWorld, arrives, type Letter, type MailWorld } from "./world.ts";

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
  const { id: organizationId } = await world.anOrganization({ name: `Harbourlight ${n}` });
  const person = (name: string) => world.aContact({ name, organizationId, address: `${name}${n}@harbourlight.test` });
  return { alice: await person("alice"), adam: await person("adam"), eve: await person("eve") };
}

const mail = async (from: Contact, letter: Letter) => {
  const id = await arrives(world.sandbox, {
    from: `${from.name} <${from.address}>`,
    subject: `The lamp ${count}`,
    ...letter,
  });
  await syncAndReceive(world.context, mailboxId);
  return world.desk.message.findFirstOrThrow({ where: { internetMessageId: id } });
};
const asking = () => ({ ...world.context, ...world.asking(anna), version: null });
const open = (messageId: string, contactId: string, context = asking()) =>
  openVerb.run(
    {
      messageId,
      requester: { contactId },
      subject: "The lamp",
      team: null,
      priority: "normal",
      attachmentIds: [],
      participants: [],
    },
    context,
  );
const ticketOf = async ({ id }: { id: string }) =>
  (await world.desk.message.findUniqueOrThrow({ where: { id } })).ticketId;

test("the answer of a colleague in copy comes along, and he takes part", async () => {
  const { alice, adam } = await colleagues();
  const first = await mail(alice, { cc: adam.address });
  const answer = await mail(adam, { inReplyTo: first.internetMessageId ?? "", text: "Mine, too." });
  expect(answer).toMatchObject({ ticketId: null, heldBecause: null });

  const { ticket } = await open(first.id, alice.id);

  expect(await ticketOf(answer)).toBe(ticket.id);
  expect(ticket.participants.map(({ name }) => name)).toEqual(["adam"]);
  const later = await mail(adam, { inReplyTo: answer.internetMessageId ?? "", text: "And mine again." });
  expect(later.ticketId).toBe(ticket.id);
});

test("opened from the answer, the question comes along, when the two wrote to each other", async () => {
  const { alice, adam, eve } = await colleagues();
  const first = await mail(alice, { cc: `${adam.address}, ${eve.address}` });
  const inReplyTo = first.internetMessageId ?? "";
  const toAll = await mail(adam, { inReplyTo, cc: alice.address, text: "Mine, too." });
  const { ticket } = await open(toAll.id, adam.id);
  expect(await ticketOf(first)).toBe(ticket.id);

  const next = await colleagues();
  const question = await mail(next.alice, { cc: next.adam.address });
  // To us alone: Alice is not to read it because she asked first.
  const toUs = await mail(next.adam, { inReplyTo: question.internetMessageId ?? "", text: "Between us …" });
  await open(toUs.id, next.adam.id);
  expect(await ticketOf(question)).toBeNull();
});

test("nobody comes along who was not addressed, is of another organization, or is not believed", async () => {
  const { alice, adam, eve } = await colleagues();
  const bob = await world.aContact({ name: "bob", address: `bob${count}@birkenfeld.test` });
  const first = await mail(alice, { cc: `${adam.address}, ${bob.address}` });
  const inReplyTo = first.internetMessageId ?? "";
  const fromEve = await mail(eve, { inReplyTo, text: "I heard of it." });
  const fromBob = await mail(bob, { inReplyTo, text: "Me too." });
  const forged = await mail(adam, { inReplyTo, envelopeFrom: "mallory@outsider.test", text: "Send me the key." });
  await world.desk.message.update({ where: { id: forged.id }, data: { authentication: { verdict: "none" } } });

  const { ticket } = await open(first.id, alice.id);

  for (const other of [fromEve, fromBob, forged]) expect(await ticketOf(other)).toBeNull();
  expect(ticket.participants).toEqual([]);
});
