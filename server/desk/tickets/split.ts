/** One ticket turns out to be two matters: some of its entries become a ticket of their own, with those who wrote them. */
import type { Ticket } from "../../../prisma/generated/desk/client.ts";
import { endpoint } from "../../platform/endpoint.ts";
import { conflict, problem } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext, Asking } from "../context.ts";
import { SplitOf, SplitTicket, TicketView } from "../contract/tickets.ts";
import { type DeskTransaction, transact } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { wakeCategorizing } from "../mail/categories.ts";
import { withoutAnswerPrefix } from "../mail/reading/words/subject-prefixes.ts";
import { isMerged, lockToWrite } from "./lock.ts";
import { lockBoth } from "./lock-both.ts";
import { continueIn } from "./merge.ts";
import { moveEntries } from "./move-entries.ts";
import { openTicket } from "./open.ts";
import { rootOf } from "./place.ts";
import { ticketView } from "./show.ts";
import { checkVersion } from "./version.ts";

export const split = endpoint({
  summary: "Makes a ticket of its own of some entries. What the customer saw of them moves along, to nobody new.",
  status: 201,
  input: SplitTicket,
  output: TicketView,
  run: async ({ number, entryIds, subject }, { desk, queue, version, ...asking }: AgentContext) => {
    const opened = await transact(desk, async (tx) => {
      const ticket = await lockToWrite(tx, number);
      await checkVersion(tx, ticket, version);
      const entries = await entriesToMove(tx, ticket, entryIds);
      const people = await peopleOf(tx, ticket, entries);
      const shows = showsNobodyNew(entries, people);
      const title = subject ?? subjectOf(ticket, entries, shows);
      return splitOff(tx, queue, { ticket, entries, people, subject: title, shows, asking });
    });
    return ticketView(desk, opened.number);
  },
});

type Entries = Awaited<ReturnType<typeof entriesToMove>>;
type People = { requesterId: string; others: string[]; isNew: boolean };

/** What somebody said; what happened to the ticket itself stays with it. */
async function entriesToMove(tx: DeskTransaction, { id: ticketId }: Ticket, entryIds: string[]) {
  const ids = [...new Set(entryIds)];
  const entries = await tx.entry.findMany({
    where: { id: { in: ids }, ticketId, kind: { in: ["mail_received", "portal_message", "note", "reply", "file"] } },
    select: {
      id: true,
      contact: { select: { id: true, organizationId: true } },
      message: { select: { subject: true } },
      releases: { where: { ticketId }, select: { retractedAt: true, publishedAt: true, publishAfter: true } },
      sendings: { where: { state: { in: ["waiting", "drafted", "sending"] } }, select: { id: true } },
      kind: true,
    },
    orderBy: [{ at: "asc" }, { id: "asc" }],
  });
  if (entries.length < ids.length)
    throw problem(
      422,
      "unknown_entry",
      "One of the entries cannot be split off this ticket. Look at it again and choose anew.",
    );
  if (entries.some(isLeaving))
    throw conflict(
      "is_leaving",
      "A reply among these is on its way to the customer. Wait until it has left, or take it back.",
    );
  return entries;
}

type Movable = Awaited<ReturnType<DeskTransaction["entry"]["findMany"]>>[number];
const isLeaving = ({
  kind,
  sendings,
  releases,
}: Pick<Movable, "kind"> & {
  sendings: unknown[];
  releases: { retractedAt: Date | null; publishedAt: Date | null }[];
}) =>
  sendings.length > 0 ||
  (kind === "reply" && releases.some(({ retractedAt, publishedAt }) => !retractedAt && !publishedAt));

/**
 * The requester is who wrote the first entry, if the ticket's organization is theirs; further writers take part if they were
 * on the ticket. Without any such writer it stays the ticket's requester.
 */
async function peopleOf(tx: DeskTransaction, ticket: Ticket, entries: Entries): Promise<People> {
  const participants = await tx.participant.findMany({ where: { ticketId: ticket.id }, select: { contactId: true } });
  const onTicket = [ticket.requesterId, ...participants.map(({ contactId }) => contactId)];
  const writers = new Set(
    entries.flatMap(({ contact }) => (contact && isAtHome(ticket, onTicket, contact) ? contact.id : [])),
  );
  const [requesterId = ticket.requesterId, ...others] = writers;
  return { requesterId, others: others.filter((id) => onTicket.includes(id)), isNew: !onTicket.includes(requesterId) };
}

const isAtHome = (ticket: Ticket, onTicket: string[], contact: { id: string; organizationId: string }) =>
  onTicket.includes(contact.id) || contact.organizationId === ticket.organizationId;

const isReleased = ({ releases }: Pick<Entries[number], "releases">) =>
  releases.some(({ retractedAt }) => !retractedAt);

/** A requester who was not on the ticket has seen none of it, so the split waits for a release. */
const showsNobodyNew = (entries: Entries, { isNew }: People) => !isNew && entries.some(isReleased);

/** A title is words, too: where customers see it, an internal mail gives none, and the title they know stays. */
function subjectOf(ticket: Ticket, entries: Entries, shows: boolean) {
  const subject = entries.find((entry) => entry.message && (!shows || isReleased(entry)))?.message?.subject ?? "";
  return withoutAnswerPrefix(subject).slice(0, 500) || ticket.subject;
}

type Splitting = { ticket: Ticket; entries: Entries; people: People; subject: string; shows: boolean; asking: Asking };

async function splitOff(
  tx: DeskTransaction,
  queue: DeskQueue,
  { ticket, entries, people, subject, shows, asking }: Splitting,
) {
  const { agent } = asking;
  const opened = await openTicket(tx, queue, {
    messageId: null,
    requesterId: people.requesterId,
    participants: { contactIds: people.others, because: `wrote on #${ticket.number}` },
    subject,
    team: ticket.team,
    priority: ticket.priority,
    attachmentIds: [],
    mailboxId: ticket.mailboxId,
    channel: ticket.channel === "portal" ? "portal" : "email",
    actor: asking,
    because: [`${agent.name} split it from #${ticket.number}`],
    showsBecause: shows ? `it was split from #${ticket.number}, which the customer sees` : null,
  });
  const entryIds = entries.map(({ id }) => id);
  await moveEntries(tx, queue, { from: ticket.id, to: opened.id, entryIds });
  await tx.ticketOrigin.create({
    data: { ticketId: opened.id, kind: "split", fromId: ticket.id, entryIds, agentId: agent.id },
    select: { ticketId: true },
  });
  await wakeCategorizing(tx, queue);
  await tell(tx, asking, ticket, { splitOff: opened.number, entries: entryIds.length });
  return opened;
}

async function tell(tx: DeskTransaction, asking: Asking, ticket: Ticket, facts: Record<string, number>) {
  const at = new Date();
  await tx.entry.create({
    data: { ticketId: ticket.id, kind: "system", agentId: asking.agent.id, at, facts },
    select: { id: true },
  });
  await tx.ticket.update({
    where: { id: ticket.id },
    data: { updatedAt: at, version: { increment: 1 }, categoriesDueAt: at },
    select: { id: true },
  });
  await audit(tx, asking, { act: "ticket_split", ticketId: ticket.id, details: facts });
}

export const undoSplit = endpoint({
  summary: "Moves the entries of a split back; the ticket that was split off is continued here from now on.",
  input: SplitOf,
  output: TicketView,
  run: async ({ number, splitNumber }, { desk, queue, version, ...asking }: AgentContext) => {
    const place = await transact(desk, async (tx) => {
      const [opened, ticket] = await lockBoth(tx, splitNumber, number);
      await checkVersion(tx, ticket, version);
      const origin = await tx.ticketOrigin.findUnique({ where: { ticketId: opened.id } });
      const from = origin && (await rootOf(tx, origin.fromId));
      if (origin?.kind !== "split" || origin.undoneAt || from?.id !== ticket.id)
        throw conflict(
          "not_split",
          `#${splitNumber} is not split from #${number} (any more); there is nothing to undo.`,
        );
      if (opened.mergedIntoId) throw isMerged(splitNumber, (await rootOf(tx, opened.id)).number);

      await moveEntries(tx, queue, { from: opened.id, to: origin.fromId, entryIds: origin.entryIds });
      await tx.ticketOrigin.update({
        where: { ticketId: opened.id },
        data: { undoneAt: new Date() },
        select: { ticketId: true },
      });
      // What was never more than the split's own page is gone with it; what was released since stays readable.
      const released = await tx.release.count({ where: { ticketId: opened.id, retractedAt: null } });
      if (released === 0) await tx.portalTicket.deleteMany({ where: { ticketId: opened.id } });
      await continueIn(tx, queue, { ticket: opened, target: ticket, asking });
      return ticket;
    });
    return ticketView(desk, place.number);
  },
});
