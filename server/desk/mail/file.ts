/** Puts what somebody wrote on a ticket's timeline. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { TicketStatus } from "../../../prisma/generated/desk/client.ts";
import { conflict, notFound } from "../../platform/problems.ts";
import { type Actor, audit } from "../audit.ts";
import type { DeskTransaction } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { Match } from "./matching/match.ts";
import { textToHtml } from "./reading/safe-html.ts";

export type Filing = {
  messageId: string;
  ticketId: string;
  /** The files of the mail that belong on the ticket; pictures inside its words always do. */
  attachmentIds: string[] | "all";
  actor: Actor;
  because: string[];
};

/** Files a kept mail on a ticket, once. What a customer writes brings the ticket back to us. */
export async function fileMessage(
  tx: DeskTransaction,
  queue: DeskQueue,
  { messageId, ticketId, attachmentIds, actor, because }: Filing,
): Promise<{ entryId: string }> {
  const ticket = await lockTicket(tx, ticketId);
  const message = await tx.message.findUnique({ where: { id: messageId }, select: messageFields });
  if (!message) throw notFound("This mail");
  if (message.entry && message.ticketId === ticketId) return { entryId: message.entry.id };
  if (message.ticketId) throw conflict("has_ticket", "This mail belongs to another ticket.");

  const details = Details.parse(message.details);
  const verdict = Verdict.parse(message.authentication).verdict;
  const author =
    verdict === "fail" ? null : await contactOf(tx, message.fromAddress, Match.parse(message.match).contactId);
  const entry = await tx.entry.create({
    data: {
      ticketId,
      kind: "mail_received",
      contactId: author?.id ?? null,
      messageId,
      html: message.visibleHtml,
      quotedHtml: message.quotedHtml,
      facts: { mail: message.kind, ...(details.bounce && { bounce: details.bounce }) },
      at: message.receivedAt,
    },
    select: { id: true },
  });
  await tx.attachment.updateMany({
    where: { messageId, ...(attachmentIds !== "all" && { OR: [{ id: { in: attachmentIds } }, { inline: true }] }) },
    data: { entryId: entry.id },
  });
  await tx.message.update({
    where: { id: messageId },
    data: {
      ticketId,
      heldBecause: null,
      match: { ...Match.parse(message.match), ticketId, because, heldBecause: null },
    },
    select: { id: true },
  });
  await audit(tx, actor, { act: "mail_filed", ticketId, subject: messageId });

  const person = message.kind === "message" || message.kind === "calendar" ? author : null;
  if (person && verdict === "pass") await letJoin(tx, ticket, person);
  await comesBack(tx, queue, ticket, { byCustomer: person !== null && (await isOn(tx, ticket, person.id)), actor });
  return { entryId: entry.id };
}

export type CustomerWords = {
  ticketId: string;
  contactId: string;
  text: string;
  files: { name: string; type: string; size: number; sha256: string }[];
  at: Date;
  /** Names the act, so that the same words collected twice are one entry. */
  onceKey: string;
  kind: "portal_message";
};

/** Files what a customer wrote in the portal, as if it were a mail that arrived. Its files lie in the desk's store already. */
export async function fileCustomerWords(
  tx: DeskTransaction,
  queue: DeskQueue,
  { ticketId, contactId, text, files, at, onceKey, kind }: CustomerWords,
): Promise<{ entryId: string }> {
  const ticket = await lockTicket(tx, ticketId);
  const entryId = idFrom(`customer words ${onceKey}`);
  const { count } = await tx.entry.createMany({
    data: [{ id: entryId, ticketId, kind, contactId, html: textToHtml(text), at }],
    skipDuplicates: true,
  });
  if (count === 0) return { entryId };

  await tx.attachment.createMany({ data: files.map((file, position) => ({ ...file, entryId, position })) });
  const actor = { rule: "the customer wrote it in the portal" };
  await audit(tx, actor, { act: "portal_message_filed", ticketId, subject: entryId });
  await comesBack(tx, queue, ticket, { byCustomer: true, actor });
  return { entryId };
}

const messageFields = {
  ticketId: true,
  kind: true,
  fromAddress: true,
  visibleHtml: true,
  quotedHtml: true,
  receivedAt: true,
  match: true,
  details: true,
  authentication: true,
  entry: { select: { id: true } },
} as const;

const Details = z.object({ bounce: z.record(z.string(), z.json()).nullish() });
const Verdict = z.object({ verdict: z.enum(["pass", "fail", "none"]) });

type LockedTicket = { id: string; status: TicketStatus; requesterId: string; organizationId: string };

async function lockTicket(tx: DeskTransaction, ticketId: string): Promise<LockedTicket> {
  const [ticket] = await tx.$queryRaw<LockedTicket[]>`
    select id, status, requester_id as "requesterId", organization_id as "organizationId"
    from tickets where id = ${ticketId}::uuid for update`;
  if (!ticket) throw notFound("This ticket");
  return ticket;
}

/** The contact whose address it is now (an agent may have taught it since), or whom the match found. */
async function contactOf(tx: DeskTransaction, address: string, matched: string | null) {
  const known = await tx.contactAddress.findUnique({ where: { address }, select: { contactId: true } });
  const id = known?.contactId ?? matched;
  return id ? tx.contact.findUnique({ where: { id }, select: { id: true, organizationId: true } }) : null;
}

/** A colleague of the requester who wrote takes part from now on; somebody of another organization never by writing alone. */
async function letJoin(tx: DeskTransaction, ticket: LockedTicket, contact: { id: string; organizationId: string }) {
  if (contact.id === ticket.requesterId || contact.organizationId !== ticket.organizationId) return;
  await tx.participant.createMany({
    data: [{ ticketId: ticket.id, contactId: contact.id, because: "wrote on the ticket" }],
    skipDuplicates: true,
  });
}

async function isOn(tx: DeskTransaction, ticket: LockedTicket, contactId: string) {
  if (contactId === ticket.requesterId) return true;
  return (await tx.participant.count({ where: { ticketId: ticket.id, contactId } })) > 0;
}

/** Statuses in which a customer's words make it our turn again. */
const sleeping: TicketStatus[] = ["waiting_on_customer", "resolved", "closed"];

async function comesBack(
  tx: DeskTransaction,
  queue: DeskQueue,
  ticket: LockedTicket,
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
  await tx.ticket.update({
    where: { id: ticket.id },
    data: {
      updatedAt: new Date(),
      version: { increment: 1 },
      ...(reopens && { status: "in_progress", closedAt: null }),
    },
    select: { id: true },
  });
  await queue.enqueue(tx, "publish-ticket", { ticketId: ticket.id }, { key: ticket.id });
}

/** A UUID that the same words always make (RFC 9562, 5.8: version 8 is for one's own). */
function idFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
