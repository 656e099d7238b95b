/** A customer who answers long after the end has something new to say: it becomes a ticket that follows the old one. */
import { type Actor, audit } from "../audit.ts";
import type { DeskTransaction } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { openTicket } from "../tickets/open.ts";
import { lockWay, mergersOn, type Place, placeOf } from "../tickets/place.ts";
import { findAuthor, isOnTicket } from "./home.ts";
import { withoutAnswerPrefix } from "./reading/words/subject-prefixes.ts";
import { saysOnlyThanks } from "./thanks.ts";

/** Where a customer's mail belongs today. `over`: on a ticket that has been over for longer than it may be reopened. */
export type Today = { ticketId: string; over: Place | null; because: string[] };

/** Follows mergers, and from a ticket that was over long ago to the one that followed it. */
export async function placeToday(
  tx: DeskTransaction,
  { ticketId, contactId, days }: { ticketId: string; contactId: string | null; days: number },
): Promise<Today> {
  const way = await lockWay(tx, ticketId);
  const place = placeOf(way);
  const author = contactId ? await findAuthor(tx, contactId, way) : null;
  // Who is not on it learns nothing of it, and opens nothing beside it.
  const may = author !== null && isOnTicket(place, author) && (await isLongOver(tx, place, days));
  if (!may) return { ticketId, over: null, because: [] };

  const because = [...mergersOn(way), `#${place.number} has been over for more than ${days} days`];
  const next = await tx.ticketOrigin.findFirst({
    where: { fromId: place.id, kind: "follows" },
    select: { ticketId: true },
    orderBy: { at: "desc" },
  });
  if (!next) return { ticketId: place.id, over: place, because };
  const today = await placeToday(tx, { ticketId: next.ticketId, contactId, days });
  return { ...today, because: [...because, ...today.because] };
}

async function isLongOver(tx: DeskTransaction, { id, status, closedAt }: Place, days: number) {
  if (status !== "resolved" && status !== "closed" && status !== "cancelled") return false;
  const since = closedAt ?? (await lastStatusChange(tx, id));
  return since !== null && Date.now() - since.getTime() > days * 24 * 60 * 60 * 1000;
}

async function lastStatusChange(tx: DeskTransaction, ticketId: string) {
  const change = await tx.entry.findFirst({
    where: { ticketId, kind: "status_change" },
    select: { at: true },
    orderBy: { at: "desc" },
  });
  return change?.at ?? null;
}

export type Following = {
  over: Place;
  mail: { id: string; subject: string };
  contactId: string;
  mailboxId: string;
  actor: Actor;
  because: string[];
};

/** Opens a ticket for the same people, unless the mail only thanks. Says whether it did. */
export async function openFollowing(
  tx: DeskTransaction,
  queue: DeskQueue,
  { over, mail, contactId, mailboxId, actor, because }: Following,
): Promise<boolean> {
  if (await saysOnlyThanks(tx, mail.id, over.id)) return false;
  const { requesterId, participantIds } = await samePeople(tx, over, contactId);
  const { team, portalTicket } = await tx.ticket.findUniqueOrThrow({
    where: { id: over.id },
    select: { team: true, portalTicket: { select: { ticketId: true } } },
  });
  const ticket = await openTicket(tx, queue, {
    messageId: mail.id,
    requesterId,
    participants: { contactIds: participantIds, because: `was on #${over.number}` },
    subject: withoutAnswerPrefix(mail.subject).slice(0, 500) || "(no subject)",
    team,
    priority: "normal",
    attachmentIds: "all",
    mailboxId,
    channel: "email",
    actor,
    because,
    ...(portalTicket && { showsBecause: `it follows #${over.number}, which the customer sees` }),
  });
  await tx.ticketOrigin.create({
    data: { ticketId: ticket.id, kind: "follows", fromId: over.id, entryIds: [] },
    select: { ticketId: true },
  });
  await audit(tx, actor, { act: "ticket_follows", ticketId: ticket.id, subject: over.id });
  return true;
}

/** Who was on the old ticket and still belongs to its organization; without its requester, the writer asks. */
async function samePeople(tx: DeskTransaction, over: Place, contactId: string) {
  const people = await tx.contact.findMany({
    where: {
      organizationId: over.organizationId,
      OR: [{ requested: { some: { id: over.id } } }, { participates: { some: { ticketId: over.id } } }],
    },
    select: { id: true },
  });
  const ids = people.map(({ id }) => id);
  const requesterId = ids.includes(over.requesterId) ? over.requesterId : contactId;
  return { requesterId, participantIds: [...new Set([...ids, contactId])].filter((id) => id !== requesterId) };
}
