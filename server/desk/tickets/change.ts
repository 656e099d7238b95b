import type { z } from "zod";
import type { Prisma, Ticket } from "../../../prisma/generated/desk/client.ts";
import { endpoint } from "../../platform/endpoint.ts";
import { notFound, problem } from "../../platform/problems.ts";
import { type Actor, audit } from "../audit.ts";
import type { AgentContext } from "../context.ts";
import { ChangeTicket, TicketView } from "../contract/tickets.ts";
import { type DeskTransaction, transact } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { wakeCategorizing } from "../mail/categories.ts";
import { escapeHtml } from "../mail/reading/html/escape.ts";
import { lockToWrite } from "./lock.ts";
import { ticketView } from "./show.ts";
import { checkVersion } from "./version.ts";

export const change = endpoint({
  summary: "Changes status, priority, team, assignee or subject, when nobody else changed the ticket meanwhile.",
  input: ChangeTicket,
  output: TicketView,
  run: async ({ number, ...changes }, { desk, queue, version, ...asking }: AgentContext) => {
    await transact(desk, async (tx) => {
      const ticket = await lockToWrite(tx, number);
      await checkVersion(tx, ticket, version);
      await changeTicket(tx, queue, { ticketId: ticket.id, changes, actor: asking });
    });
    return ticketView(desk, number);
  },
});

export type Changes = Omit<z.output<typeof ChangeTicket>, "number">;

/** Changes what differs: the fields, an entry for each in the timeline, the audit log, and the portal after it. */
export async function changeTicket(
  tx: DeskTransaction,
  queue: DeskQueue,
  { ticketId, changes, actor }: { ticketId: string; changes: Changes; actor: Actor },
) {
  const ticket = await tx.ticket.findUnique({ where: { id: ticketId } });
  if (!ticket) throw notFound("This ticket");
  const steps = await stepsOf(tx, ticket, changes);
  if (steps.length === 0) return;

  const at = new Date();
  const version = ticket.version + 1;
  const data = Object.assign({}, ...steps.map((step) => step.data)) as Prisma.TicketUncheckedUpdateInput;
  await tx.ticket.update({
    where: { id: ticketId },
    data: { ...data, version, updatedAt: at },
    select: { id: true },
  });
  const agentId = "agent" in actor ? actor.agent.id : null;
  await tx.entry.createMany({
    data: steps.map(({ kind, facts, html = "" }) => ({ ticketId, agentId, at, kind, facts, html })),
  });
  await audit(tx, actor, {
    act: "ticket_changed",
    ticketId,
    details: Object.assign({ version }, ...steps.map((step) => step.audited)),
  });
  await queue.enqueue(tx, "publish-ticket", { ticketId }, { key: ticketId });
  if (data.categoriesDueAt) await wakeCategorizing(tx, queue);
}

/** One field that changes: the columns, what the timeline tells, what the audit log keeps (never a customer's words). */
type Step = {
  data: Prisma.TicketUncheckedUpdateInput;
  kind: "status_change" | "assignment" | "system";
  facts: Record<string, string | null>;
  html?: string;
  audited: Record<string, string>;
};

async function stepsOf(tx: DeskTransaction, ticket: Ticket, changes: Changes): Promise<Step[]> {
  const steps = [
    statusStep(ticket, changes.status),
    await assigneeStep(tx, ticket, changes.assigneeId),
    plainStep(ticket, "priority", changes.priority),
    plainStep(ticket, "team", changes.team),
    plainStep(ticket, "subject", changes.subject),
  ];
  return steps.filter((step) => step !== null);
}

function statusStep({ status: from, closedAt }: Ticket, to: Changes["status"]): Step | null {
  if (to === undefined || to === from) return null;
  if (to === "new")
    throw problem(422, "not_new_again", "A ticket that somebody has begun is not new again. Choose “in progress”.");
  const over = to === "closed" || to === "cancelled";
  return {
    data: { status: to, closedAt: over ? (closedAt ?? new Date()) : null, categoriesDueAt: new Date() },
    kind: "status_change",
    facts: { from, to },
    audited: { status: `${from} → ${to}` },
  };
}

async function assigneeStep(tx: DeskTransaction, ticket: Ticket, to: Changes["assigneeId"]): Promise<Step | null> {
  if (to === undefined || to === ticket.assigneeId) return null;
  const nameOf = async (id: string | null) =>
    id ? ((await tx.agent.findUnique({ where: { id }, select: { name: true } }))?.name ?? null) : null;
  const name = await nameOf(to);
  if (to && name === null) throw notFound("This agent");
  return {
    data: { assigneeId: to },
    kind: "assignment",
    facts: { from: await nameOf(ticket.assigneeId), to: name },
    audited: { assignee: to ?? "nobody" },
  };
}

function plainStep<Field extends "priority" | "team" | "subject">(
  ticket: Ticket,
  field: Field,
  to: Changes[Field],
): Step | null {
  const from = ticket[field];
  if (to === undefined || to === from) return null;
  return {
    data: { [field]: to },
    kind: "system",
    facts: { field, from, to },
    html: `<p>The ${field} is now “${escapeHtml(to ?? "none")}”; it was “${escapeHtml(from ?? "none")}”.</p>`,
    audited: { [field]: field === "subject" ? "changed" : `${from} → ${to}` },
  };
}
