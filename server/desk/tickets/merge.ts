/**
 * Two tickets turn out to be one matter. The merged one is continued in the other: its thread, its number and whatever is
 * written on it lead there. Its entries and releases stay its own, so that no customer sees what was released to another.
 */
import { z } from "zod";
import type { Ticket } from "../../../prisma/generated/desk/client.ts";
import { endpoint } from "../../platform/endpoint.ts";
import { conflict, problem } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext, Asking } from "../context.ts";
import { MergeTicket, TicketNumber, TicketView } from "../contract/tickets.ts";
import { type DeskTransaction, transact } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { wakeCategorizing } from "../mail/categories.ts";
import { isMerged } from "./lock.ts";
import { lockBoth } from "./lock-both.ts";
import { rootOf } from "./place.ts";
import { ticketView } from "./show.ts";
import { checkVersion } from "./version.ts";

export const merge = endpoint({
  summary:
    "Continues a ticket in another one of the same organization. Each customer sees what was released to him, as before.",
  status: 201,
  input: MergeTicket,
  output: TicketView,
  run: async ({ number, into }, { desk, queue, version, ...asking }: AgentContext) => {
    const target = await transact(desk, async (tx) => {
      const [ticket, target] = await lockBoth(tx, number, into);
      if (ticket.mergedIntoId === target.id) return target;
      if (ticket.mergedIntoId) throw isMerged(number, (await rootOf(tx, ticket.id)).number);
      await checkVersion(tx, ticket, version);
      refuseStrangers(ticket, target);
      await continueIn(tx, queue, { ticket, target, asking });
      return target;
    });
    return ticketView(desk, target.number);
  },
});

function refuseStrangers(ticket: Ticket, target: Ticket) {
  if (ticket.id === target.id)
    throw problem(422, "same_ticket", `#${ticket.number} is that ticket itself. Choose another one to continue it in.`);
  if (ticket.organizationId !== target.organizationId)
    throw conflict(
      "other_organization",
      `#${ticket.number} and #${target.number} belong to different organizations, and neither may learn of the other. Write a note that names the other ticket instead.`,
    );
}

/** Both are locked, and neither is merged. */
export async function continueIn(
  tx: DeskTransaction,
  queue: DeskQueue,
  { ticket, target, asking }: { ticket: Ticket; target: Ticket; asking: Asking },
) {
  await tx.ticket.update({
    where: { id: ticket.id },
    data: { mergedIntoId: target.id, mergedById: asking.agent.id, mergedAt: new Date(), version: { increment: 1 } },
    select: { id: true },
  });
  await tell(tx, queue, { place: target, ticket, asking, act: "merged" });
}

/** The place tells it in its timeline; both have a new version, and a record each. */
async function tell(
  tx: DeskTransaction,
  queue: DeskQueue,
  { place, ticket, asking, act }: { place: Ticket; ticket: Ticket; asking: Asking; act: "merged" | "parted" },
) {
  const at = new Date();
  await tx.entry.create({
    data: { ticketId: place.id, kind: "system", agentId: asking.agent.id, at, facts: { [act]: ticket.number } },
    select: { id: true },
  });
  await tx.ticket.update({
    where: { id: place.id },
    data: { updatedAt: at, version: { increment: 1 }, categoriesDueAt: at },
    select: { id: true },
  });
  await wakeCategorizing(tx, queue);
  await audit(tx, asking, { act: `ticket_${act}`, ticketId: ticket.id, details: { into: place.number } });
  await audit(tx, asking, { act: `ticket_${act}`, ticketId: place.id, details: { merged: ticket.number } });
  for (const ticketId of [place.id, ticket.id])
    await queue.enqueue(tx, "publish-ticket", { ticketId }, { key: ticketId });
}

export const undoMerger = endpoint({
  summary: "Parts a merged ticket again, exactly as it was. What came after the merger stays where it came.",
  input: z.strictObject({ number: TicketNumber }),
  output: TicketView,
  run: async ({ number }, { desk, queue, version, ...asking }: AgentContext) => {
    await transact(desk, async (tx) => {
      const [ticket, place] = await lockBoth(tx, number);
      if (!ticket.mergedIntoId) throw conflict("not_merged", `#${number} is not merged; there is nothing to undo.`);
      await checkVersion(tx, ticket, version);
      await tx.ticket.update({
        where: { id: ticket.id },
        data: {
          ...{ mergedIntoId: null, mergedById: null, mergedAt: null },
          ...{ version: { increment: 1 }, categoriesDueAt: new Date() },
        },
        select: { id: true },
      });
      await tell(tx, queue, { place, ticket, asking, act: "parted" });
    });
    return ticketView(desk, number);
  },
});
