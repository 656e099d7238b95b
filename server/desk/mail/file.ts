/** Puts what somebody wrote on a ticket's timeline. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { MessageKind, TicketStatus } from "../../../prisma/generated/desk/client.ts";
import { conflict, notFound } from "../../platform/problems.ts";
import { type Actor, audit } from "../audit.ts";
import type { DeskTransaction } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { newId } from "../new-id.ts";
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
  const message = await findMessage(tx, messageId, ticketId);
  if (message.entryId && message.ticketId === ticketId) return { entryId: message.entryId };
  if (message.ticketId) throw conflict("has_ticket", "This mail belongs to another ticket.");

  const { bounce } = Details.parse(message.details);
  const { verdict } = Verdict.parse(message.authentication);
  const author = verdict === "fail" ? null : message.author;
  const entryId = newId();
  const staysInternal = "agent" in actor && author !== null && !isOnTicket(ticket, author);
  await putOnTimeline(tx, message.id, {
    entryId,
    ticketId,
    contactId: author?.id ?? null,
    facts: { mail: message.kind, ...(bounce && { bounce }), ...(staysInternal && { staysInternal }) },
    match: { ...Match.parse(message.match), ticketId, because, heldBecause: null },
    attachmentIds,
  });
  await audit(tx, actor, { act: "mail_filed", ticketId, subject: messageId });

  const person = message.kind === "message" || message.kind === "calendar" ? author : null;
  const joins = person !== null && verdict === "pass" && !staysInternal && mayTakePart(ticket, person);
  if (joins) await letJoin(tx, ticket, person.id);
  const byCustomer = person !== null && (joins || isOnTicket(ticket, person));
  await comesBack(tx, queue, ticket, { byCustomer, actor });
  return { entryId };
}

/** A mail that this transaction kept, and what it knows of it without reading it again. */
export type JustKept = { id: string; ticketId: null; receivedAt: Date; kind: MessageKind; match: Match };

/** Puts the mail that just came on the ticket that was just opened for its sender: all of it, and nothing comes back. */
export async function fileJustKept(
  tx: DeskTransaction,
  { id, kind, match }: JustKept,
  { ticketId, contactId, actor, because }: { ticketId: string; contactId: string; actor: Actor; because: string[] },
) {
  await putOnTimeline(tx, id, {
    entryId: newId(),
    ticketId,
    contactId,
    facts: { mail: kind },
    match: { ...match, ticketId, because, heldBecause: null },
    attachmentIds: "all",
  });
  await audit(tx, actor, { act: "mail_filed", ticketId, subject: id });
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

type FoundMessage = {
  id: string;
  ticketId: string | null;
  entryId: string | null;
  kind: MessageKind;
  match: unknown;
  details: unknown;
  authentication: unknown;
  /** The contact whose address it is now (an agent may have taught it since), or whom the match found. */
  author: { id: string; organizationId: string; takesPart: boolean } | null;
};

async function findMessage(tx: DeskTransaction, messageId: string, ticketId: string): Promise<FoundMessage> {
  const [message] = await tx.$queryRaw<FoundMessage[]>`
    select m.id, m.ticket_id as "ticketId", m.kind, m.match, m.details, m.authentication,
      (select e.id from entries e where e.message_id = m.id) as "entryId",
      (select json_build_object('id', c.id, 'organizationId', c.organization_id, 'takesPart',
          exists (select 1 from participants p where p.contact_id = c.id and p.ticket_id = ${ticketId}::uuid))
        from contacts c where c.id = coalesce(
          (select a.contact_id from contact_addresses a where a.address = m.from_address), (m.match ->> 'contactId')::uuid)
      ) as author
    from messages m where m.id = ${messageId}::uuid`;
  if (!message) throw notFound("This mail");
  return message;
}

type Place = {
  entryId: string;
  ticketId: string;
  contactId: string | null;
  facts: Record<string, unknown>;
  match: Match;
  attachmentIds: string[] | "all";
};

/** The entry, its files and the message's ticket, together. The words are copied where they lie. */
async function putOnTimeline(tx: DeskTransaction, id: string, place: Place) {
  const { entryId, ticketId, contactId, facts, match, attachmentIds } = place;
  const chosen = attachmentIds === "all" ? null : attachmentIds;
  await tx.$executeRaw`
    with message as (
      update messages set ticket_id = ${ticketId}::uuid, held_because = null, match = ${JSON.stringify(match)}::jsonb
      where id = ${id}::uuid returning id, visible_html, quoted_html, received_at
    ), believed as (
      delete from held_mails where message_id = ${id}::uuid
    ), entry as (
      insert into entries (id, ticket_id, kind, contact_id, message_id, html, quoted_html, facts, at)
      select ${entryId}::uuid, ${ticketId}::uuid, 'mail_received', ${contactId}::uuid, id, visible_html, quoted_html,
        ${JSON.stringify(facts)}::jsonb, received_at from message returning id
    )
    update attachments a set entry_id = entry.id from entry
    where a.message_id = ${id}::uuid and (${chosen}::uuid[] is null or a.id = any(${chosen}::uuid[]) or a.inline)`;
}

type Author = NonNullable<FoundMessage["author"]>;

const isOnTicket = (ticket: LockedTicket, { id, takesPart }: Author) => id === ticket.requesterId || takesPart;

/**
 * A colleague of the requester who wrote to the ticket takes part from now on; somebody of another organization never by
 * writing alone, and nobody because an agent put a mail here: that is no release, and the requester might read it.
 */
const mayTakePart = (ticket: LockedTicket, author: Author) =>
  !isOnTicket(ticket, author) && author.organizationId === ticket.organizationId;

/** A matter of more people than these is a mailing list, and whoever writes there must not fill the ticket with readers. */
const mostParticipants = 50;

const letJoin = (tx: DeskTransaction, ticket: LockedTicket, contactId: string) => tx.$executeRaw`
  insert into participants (ticket_id, contact_id, because)
  select ${ticket.id}::uuid, ${contactId}::uuid, 'wrote on the ticket'
  where (select count(*) from participants where ticket_id = ${ticket.id}::uuid) < ${mostParticipants}
  on conflict do nothing`;

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
  const [changed] = await tx.$queryRaw<{ inPortal: boolean }[]>`
    update tickets set updated_at = now(), version = version + 1,
      status = case when ${reopens} then 'in_progress'::"TicketStatus" else status end,
      closed_at = case when ${reopens} then null else closed_at end
    where id = ${ticket.id}::uuid
    returning exists (select from portal_tickets p where p.ticket_id = tickets.id) as "inPortal"`;
  // Whoever shows the ticket from now on waits for our lock, and publishes what we wrote.
  if (changed?.inPortal) await queue.enqueue(tx, "publish-ticket", { ticketId: ticket.id }, { key: ticket.id });
}

/** A UUID that the same words always make (RFC 9562, 5.8: version 8 is for one's own). */
function idFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
