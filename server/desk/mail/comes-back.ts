import type { TicketStatus } from "../../../prisma/generated/desk/client.ts";
import { type Actor, audit } from "../audit.ts";
import type { DeskTransaction } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import type { Place } from "../tickets/place.ts";
import { wakeCategorizing } from "./categories.ts";

/** Nothing more was to be done. */
const over: TicketStatus[] = ["resolved", "closed", "cancelled"];
export const isOver = ({ status }: Place) => over.includes(status);

/** Statuses in which a customer's words make it our turn again. */
const sleeping: TicketStatus[] = ["waiting_on_customer", ...over];

/** Something was written on the ticket; what a customer wrote makes it our turn again. */
export async function comesBack(
  tx: DeskTransaction,
  queue: DeskQueue,
  ticket: Place,
  { byCustomer, actor }: { byCustomer: boolean; actor: Actor },
) {
  const reopens = byCustomer && sleeping.includes(ticket.status);
  if (reopens) {
    const facts = { from: ticket.status, to: "in_progress", because: "the customer wrote" };
    await tx.entry.create({ data: { ticketId: ticket.id, kind: "status_change", facts }, select: { id: true } });
    await audit(tx, actor, {
      act: "status_changed",
      ticketId: ticket.id,
      details: { from: ticket.status, to: "in_progress" },
    });
  }
  const [changed] = await tx.$queryRaw<{ shows: boolean }[]>`
    update tickets set updated_at = now(), version = version + 1, categories_due_at = now(),
      status = case when ${reopens} then 'in_progress'::"TicketStatus" else status end,
      closed_at = case when ${reopens} then null else closed_at end
    where id = ${ticket.id}::uuid
    returning exists (select from portal_tickets p where p.ticket_id = tickets.id)
      or exists (select from tickets merged where merged.merged_into_id = tickets.id) as shows`;
  if ("agent" in actor || reopens) await wakeCategorizing(tx, queue);
  // Whoever shows the ticket from now on waits for our lock, and publishes what we wrote. Merged tickets are published with it.
  if (changed?.shows) await queue.enqueue(tx, "publish-ticket", { ticketId: ticket.id }, { key: ticket.id });
}
