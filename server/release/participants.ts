/** Who else reads a ticket: an agent takes a contact onto it, who then sees what of it is released, or leaves him out again. */
import { z } from "zod";
import { audit } from "../desk/audit.ts";
import type { AgentContext, Asking } from "../desk/context.ts";
import { Id } from "../desk/contract/people.ts";
import { TicketNumber, TicketView } from "../desk/contract/tickets.ts";
import { type DeskTransaction, transact } from "../desk/database.ts";
import { lockToWrite } from "../desk/tickets/lock.ts";
import { standingContact } from "../desk/tickets/participants.ts";
import { ticketView } from "../desk/tickets/show.ts";
import { endpoint } from "../platform/endpoint.ts";
import { conflict } from "../platform/problems.ts";
import { publishAtOnce, publishInAnyCase } from "./at-once.ts";
import type { DoorContext } from "./context.ts";

const input = z.strictObject({ number: TicketNumber, contactId: Id });

export const takeOntoTicket = (door: DoorContext) =>
  endpoint({
    summary: "Takes a contact onto a ticket: he sees what of it is released, and may get its mails.",
    input,
    output: TicketView,
    run: (wish, asking: AgentContext) => changePeople(door, wish, (tx, who) => takeOn(tx, asking, who)),
  });

export const leaveOutOfTicket = (door: DoorContext) =>
  endpoint({
    summary: "Takes a contact off a ticket: the portal shows him nothing of it any more.",
    input,
    output: TicketView,
    run: (wish, asking: AgentContext) => changePeople(door, wish, (tx, who) => leaveOut(tx, asking, who)),
  });

type Who = { ticketId: string; contactId: string; isRequester: boolean };

async function changePeople(
  door: DoorContext,
  { number, contactId: wished }: z.output<typeof input>,
  change: (tx: DeskTransaction, who: Who) => Promise<void>,
) {
  const ticketId = await transact(door.desk, async (tx) => {
    const ticket = await lockToWrite(tx, number);
    const contactId = await standingContact(tx, wished);
    await change(tx, { ticketId: ticket.id, contactId, isRequester: contactId === ticket.requesterId });
    await publishInAnyCase(door, tx, ticket.id);
    return ticket.id;
  });
  await publishAtOnce(door, ticketId);
  return ticketView(door.desk, number);
}

async function takeOn(tx: DeskTransaction, asking: Asking, { ticketId, contactId, isRequester }: Who) {
  if (isRequester) return;
  const { count } = await tx.participant.createMany({
    data: [{ ticketId, contactId, because: `${asking.agent.name} took them onto the ticket` }],
    skipDuplicates: true,
  });
  if (count > 0) await audit(tx, asking, { act: "participant_added", ticketId, subject: contactId });
}

async function leaveOut(tx: DeskTransaction, asking: Asking, { ticketId, contactId, isRequester }: Who) {
  if (isRequester)
    throw conflict("requester", "The ticket is this contact's own matter. Choose another requester first.");
  const { count } = await tx.participant.deleteMany({ where: { ticketId, contactId } });
  if (count > 0) await audit(tx, asking, { act: "participant_removed", ticketId, subject: contactId });
}
