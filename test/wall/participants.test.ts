/** Who else reads a ticket: taken onto it by an agent, and left out again. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Agent } from "../desk/world.ts";
import { type TwoRooms, twoRooms } from "./world.ts";

let rooms: TwoRooms;
let anna: Agent;
beforeAll(async () => {
  rooms = await twoRooms();
  anna = await rooms.anAgent({ name: "Anna" });
  await rooms.aMailbox();
});
afterAll(() => rooms.close());

const page = (ticket: { number: number }) => `/tickets/${ticket.number}`;
const on = (ticket: { number: number }, contactId: string) => `/api/tickets/${ticket.number}/participants/${contactId}`;

async function aShownTicket() {
  const alice = await rooms.aContact({ name: "Alice" });
  const ticket = await rooms.aTicket({ requesterId: alice.id });
  await rooms.agent(anna).show(ticket.number);
  return { alice, ticket };
}

test("whom an agent takes onto a ticket sees it in the portal from then on, and nobody else does", async () => {
  const { alice, ticket } = await aShownTicket();
  const { organizationId } = alice;
  const bob = await rooms.aContact({ name: "Bob", organizationId });
  const stranger = await rooms.aContact({ name: "Mallory", organizationId });
  for (const who of [bob, stranger]) await rooms.as(anna).post(`/api/contacts/${who.id}/invitation`, {});
  const [his, hers] = [await rooms.signedIn(bob), await rooms.signedIn(stranger)];
  expect((await his.get(page(ticket))).status).toBe(404);

  const taken = await rooms.as(anna).put(on(ticket, bob.id), {});
  expect(taken.body.participants).toMatchObject([{ id: bob.id }]);
  expect((await his.get(page(ticket))).status).toBe(200);
  expect((await hers.get(page(ticket))).status).toBe(404);

  expect((await rooms.as(anna).delete(on(ticket, bob.id))).body.participants).toEqual([]);
  expect((await his.get(page(ticket))).status).toBe(404);
});

test("twice is once, and the log says who did it", async () => {
  const { ticket } = await aShownTicket();
  const bob = await rooms.aContact({ name: "Bob" });
  for (const _ of [1, 2]) await rooms.as(anna).put(on(ticket, bob.id), {});
  const records = await rooms.desk.auditRecord.findMany({ where: { act: "participant_added", subject: bob.id } });
  expect(records).toMatchObject([{ agentId: anna.id, ticketId: ticket.id }]);
});

test("the requester is on the ticket already and cannot be left out; whom nobody knows cannot be taken on", async () => {
  const { alice, ticket } = await aShownTicket();
  expect((await rooms.as(anna).put(on(ticket, alice.id), {})).body.participants).toEqual([]);
  expect((await rooms.as(anna).delete(on(ticket, alice.id))).status).toBe(409);
  expect((await rooms.as(anna).put(on(ticket, "01900000-0000-7000-8000-000000000000"), {})).status).toBe(404);
});
