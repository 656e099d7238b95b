/** Puts what somebody wrote on a ticket's timeline. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { MessageKind } from "../../../prisma/generated/desk/client.ts";
import { conflict, notFound } from "../../platform/problems.ts";
import { type Actor, audit } from "../audit.ts";
import type { DeskTransaction } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { newId } from "../new-id.ts";
import { lockWay, mergersOn, type Place, placeOf, type Way } from "../tickets/place.ts";
import { comesBack, isOver } from "./comes-back.ts";
import { type Author, authorJson, findAuthor, homeOf, isOnTicket, mayTakePart, wroteOn } from "./home.ts";
import { Match } from "./matching/match.ts";
import { textToHtml } from "./reading/safe-html.ts";
import { lookAgain } from "./sent-items.ts";
import { saysOnlyThanks } from "./thanks.ts";

export type Filing = {
  messageId: string;
  ticketId: string;
  /** The files of the mail that belong on the ticket; pictures inside its words always do. */
  attachmentIds: string[] | "all";
  actor: Actor;
  because: string[];
};

/**
 * Files a kept mail on a ticket, once; of a merged ticket on the one it was merged into. What a customer writes brings
 * the ticket back to us, unless it only thanks.
 */
export async function fileMessage(
  tx: DeskTransaction,
  queue: DeskQueue,
  { messageId, ticketId, attachmentIds, actor, because }: Filing,
): Promise<{ entryId: string }> {
  const way = await lockWay(tx, ticketId);
  const place = placeOf(way);
  const message = await findMessage(tx, messageId, way);
  if (message.entryId && way.some(({ id }) => id === message.ticketId)) return { entryId: message.entryId };
  if (message.ticketId) throw conflict("has_ticket", "This mail belongs to another ticket.");

  const { bounce } = Details.parse(message.details);
  const { verdict } = Verdict.parse(message.authentication);
  const author = verdict === "fail" ? null : message.author;
  const home = homeOf(way, author);
  // An answer to an internal entry is internal, whoever wrote it (rule of visibility 1).
  const staysInternal = message.answersInternal || ("agent" in actor && author !== null && !isOnTicket(home, author));
  const person = message.kind === "message" || message.kind === "calendar" ? author : null;
  const thanks = person !== null && isOver(place) && (await saysOnlyThanks(tx, messageId, place.id));
  const entryId = newId();
  await putOnTimeline(tx, message.id, {
    entryId,
    ticketId: place.id,
    contactId: author?.id ?? null,
    facts: {
      mail: message.kind,
      ...(bounce && { bounce }),
      ...(staysInternal && { staysInternal }),
      ...(thanks && { thanks }),
      ...wroteOn(home, place),
    },
    match: {
      ...Match.parse(message.match),
      ticketId: place.id,
      because: [...because, ...mergersOn(way)],
      heldBecause: null,
    },
    attachmentIds,
  });
  await audit(tx, actor, { act: "mail_filed", ticketId: place.id, subject: messageId });

  const joins = person !== null && verdict === "pass" && !staysInternal && mayTakePart(home, person);
  if (joins) await letJoin(tx, home, person.id);
  const byCustomer = person !== null && (joins || isOnTicket(home, person));
  await comesBack(tx, queue, place, { byCustomer: byCustomer && !thanks, actor });
  if ("agent" in actor) await lookAgain(tx, queue, messageId);
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

/**
 * Files what a customer wrote in the portal, as if it were a mail that arrived, and says on which ticket. Its files lie in
 * the desk's store already.
 */
export async function fileCustomerWords(
  tx: DeskTransaction,
  queue: DeskQueue,
  { ticketId, contactId, text, files, at, onceKey, kind }: CustomerWords,
): Promise<{ entryId: string; ticketId: string }> {
  const way = await lockWay(tx, ticketId);
  const place = placeOf(way);
  const entryId = idFrom(`customer words ${onceKey}`);
  const home = homeOf(way, await findAuthor(tx, contactId, way));
  // Publishing sees by the key which act has become an entry.
  const facts = { onceKey, ...wroteOn(home, place) };
  const { count } = await tx.entry.createMany({
    data: [{ id: entryId, ticketId: place.id, kind, contactId, html: textToHtml(text), at, facts }],
    skipDuplicates: true,
  });
  if (count === 0) return { entryId, ticketId: place.id };

  await tx.attachment.createMany({ data: files.map((file, position) => ({ ...file, entryId, position })) });
  const actor = { rule: "the customer wrote it in the portal" };
  await audit(tx, actor, { act: "portal_message_filed", ticketId: place.id, subject: entryId });
  await comesBack(tx, queue, place, { byCustomer: true, actor });
  return { entryId, ticketId: place.id };
}

const Details = z.object({ bounce: z.record(z.string(), z.json()).nullish() });
const Verdict = z.object({ verdict: z.enum(["pass", "fail", "none"]) });

type FoundMessage = {
  id: string;
  ticketId: string | null;
  entryId: string | null;
  kind: MessageKind;
  match: unknown;
  details: unknown;
  authentication: unknown;
  /** It answers a mail of ours that was not released to the customer. */
  answersInternal: boolean;
  /** The contact whose address it is now (an agent may have taught it since), or whom the match found. */
  author: Author | null;
};

async function findMessage(tx: DeskTransaction, messageId: string, way: Way): Promise<FoundMessage> {
  const [message] = await tx.$queryRaw<FoundMessage[]>`
    select m.id, m.ticket_id as "ticketId", m.kind, m.match, m.details, m.authentication,
      (select e.id from entries e where e.message_id = m.id) as "entryId",
      exists (select from sendings s where s.internet_message_id = m.in_reply_to and s.ticket_id is not null
        and s.release_id is null and not s.automatic) as "answersInternal",
      (select ${authorJson(way)} from contacts c where c.id = coalesce(
          (select a.contact_id from contact_addresses a where a.address = m.from_address),
          (select coalesce(known.merged_into_id, known.id) from contacts known where known.id = (m.match ->> 'contactId')::uuid))
      ) as author
    from messages m where m.id = ${messageId}::uuid`;
  if (!message) throw notFound("This mail");
  return message;
}

type OnTimeline = {
  entryId: string;
  ticketId: string;
  contactId: string | null;
  facts: Record<string, unknown>;
  match: Match;
  attachmentIds: string[] | "all";
};

/** The entry, its files and the message's ticket, together. The words are copied where they lie. */
async function putOnTimeline(tx: DeskTransaction, id: string, place: OnTimeline) {
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

/** A matter of more people than these is a mailing list, and whoever writes there must not fill the ticket with readers. */
export const mostParticipants = 50;

const letJoin = (tx: DeskTransaction, ticket: Place, contactId: string) => tx.$executeRaw`
  insert into participants (ticket_id, contact_id, because)
  select ${ticket.id}::uuid, ${contactId}::uuid, 'wrote on the ticket'
  where (select count(*) from participants where ticket_id = ${ticket.id}::uuid) < ${mostParticipants}
  on conflict do nothing`;

/** A UUID that the same words always make (RFC 9562, 5.8: version 8 is for one's own). */
function idFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
