/**
 * Brings the customers' room into agreement with the desk's releases of some tickets.
 * Safe to run at any time and any number of times: it copies what is shown, and removes what is not.
 */
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { Prisma } from "../../prisma/generated/desk/client.ts";
import { transact, transactOften } from "../desk/database.ts";
import { admit, agreeOnOrganization, publishContact } from "./admit.ts";
import { admitted } from "./admitted.ts";
import type { DoorContext } from "./context.ts";
import { keepCopies, lockFiles, removeUnnamedCopies } from "./files.ts";
import { entriesOf, releaseOwnWords } from "./own-words.ts";
import { type Published, published } from "./published.ts";
import { changePortal, lockAll, type PortalTransaction } from "./publisher.ts";
import { settleReplies } from "./settle.ts";
import { type ShownTicket, shownTickets } from "./shown.ts";

/** Several at once, because each look and each commit costs the same for all of them. */
export async function publishTickets(door: DoorContext, ticketIds: string[]) {
  const toDo = await whatIsToDo(door, ticketIds);
  await publishThemselves(door, await withoutStrangers(door, toDo));
  // Their pages say where the matter is continued and how it stands.
  const merged = toDo.flatMap(({ mergedIds }) => mergedIds);
  if (merged.length > 0) await publishTickets(door, merged);
}

async function publishThemselves(door: DoorContext, toDo: ToDo[]) {
  for (const { ticketId } of toDo.filter(({ replies }) => replies)) await settleReplies(door, ticketId);
  await releaseOwnWords(
    door,
    toDo.filter(({ ownWords, replies }) => ownWords || replies).map(({ ticketId }) => ticketId),
  );
  // Large files are carried over before the transaction; inside it only a latecomer remains to be copied.
  await keepCopies(
    door,
    toDo.flatMap(({ files }) => files),
  );
  await publishAll(
    door,
    toDo.map(({ ticketId }) => ticketId),
  );
}

async function publishAll(door: DoorContext, ticketIds: string[]) {
  if (ticketIds.length === 0) return;
  const left: string[] = [];
  const shown = await changePortal(door.publisher, async (tx) => {
    await lockAll(tx, ticketIds);
    // Read again under the locks, so that whoever writes last has read the latest.
    const latest = await shownTickets(door.desk, ticketIds);
    const there = await published(tx, ticketIds, latest.map(keyOf));
    left.push(...contactsWhoLeft(there, latest));
    const moved = await withdraw(tx, there.elsewhere);
    left.push(...moved.contactIds);
    const gone = [...moved.files, ...(await agree(door, tx, there, latest))];
    for (const ticket of latest) await markCollected(tx, ticket);
    await removeUnnamedCopies(door, tx, gone);
    return latest;
  });

  await recordOutcome(door, ticketIds, shown);
  for (const contactId of left) await publishContact(door, contactId);
}

const keyOf = ({ organization: { organizationId }, ticket: { ticketId } }: ShownTicket) => ({
  organizationId,
  ticketId,
});

/** Whoever is taken off his last ticket may have nothing left to sign in for. */
const contactsWhoLeft = ({ access }: Published, shown: ShownTicket[]) =>
  access
    .filter(
      (had) =>
        !shown.some(
          ({ ticket, contacts }) =>
            ticket.ticketId === had.ticketId && contacts.some(({ contactId }) => contactId === had.contactId),
        ),
    )
    .map(({ contactId }) => contactId);

const ToDo = z.object({
  ticketId: z.string(),
  organizationId: z.string().nullable(),
  inPortal: z.boolean(),
  replies: z.boolean(),
  ownWords: z.boolean(),
  mergedIds: z.array(z.string()),
  files: z.array(z.object({ sha256: z.string() })),
});
type ToDo = z.infer<typeof ToDo>;

/** One look that spares most publishings the rest: replies whose grace is over, own words that may be released, files. */
async function whatIsToDo({ desk }: DoorContext, ticketIds: string[]): Promise<ToDo[]> {
  const now = new Date();
  const rows = await transactOften(
    desk,
    (tx) => tx.$queryRaw`
    with recursive ${entriesOf(ticketIds)}
    select asked.id as "ticketId",
      (select organization_id from tickets where id = asked.id) as "organizationId",
      exists (select from portal_tickets where ticket_id = asked.id) as "inPortal",
      exists (select from releases r join entries e on e.id = r.entry_id
               where r.ticket_id = asked.id and r.published_at is null and r.retracted_at is null
                 and r.publish_after <= ${now} and e.kind = 'reply') as replies,
      exists (select from portal_tickets p join entries_of e on e.for_id = p.ticket_id
               where p.ticket_id = asked.id and e.contact_id is not null and e.kind in ('mail_received', 'portal_message')
                 and not exists (select from releases r where r.entry_id = e.id)) as "ownWords",
      array(select id from tickets where merged_into_id = asked.id) as "mergedIds",
      (select coalesce(json_agg(json_build_object('sha256', f.sha256)), '[]')
         from releases r join release_files rf on rf.release_id = r.id join attachments f on f.id = rf.attachment_id
        where r.ticket_id = asked.id and r.retracted_at is null and r.publish_after <= ${now}) as files
    from unnest(${ticketIds}::uuid[]) asked(id)`,
  );
  return z.array(ToDo).parse(rows);
}

/** Most tickets of an intake are not in the portal and never were: two looks, and nothing more to do. */
async function withoutStrangers({ publisher }: DoorContext, toDo: ToDo[]): Promise<ToDo[]> {
  const outside = toDo.filter(({ inPortal, replies, organizationId }) => !inPortal && !replies && organizationId);
  if (outside.length === 0) return toDo;
  const there = await publisher.publishedTicket.findMany({
    where: { ticketId: { in: outside.map(({ ticketId }) => ticketId) } },
    select: { ticketId: true },
  });
  const known = new Set(there.map(({ ticketId }) => ticketId));
  return toDo.filter((each) => !outside.includes(each) || known.has(each.ticketId));
}

/** Writes only what differs. Answers the hashes of files that no longer stand on their ticket. */
async function agree(door: DoorContext, tx: PortalTransaction, there: Published, shown: ShownTicket[]) {
  await letIn(tx, shown);
  await agreeOnTickets(tx, there.tickets, shown);
  await agreeOnAccess(tx, there.access, shown);
  await agreeOnLinks(tx, there.links, shown);
  await agreeOnEntries(tx, there.entries, shown);
  return agreeOnFiles(door, tx, there.files, shown);
}

/** Everybody on the tickets, in one order, so that two publishings cannot wait for each other. */
async function letIn(tx: PortalTransaction, shown: ShownTicket[]) {
  const guests = shown.flatMap(({ organization, contacts }) =>
    contacts.map((contact) => ({ contact, ticketOf: organization.organizationId })),
  );
  const organizations = [
    ...shown.map(({ organization }) => organization),
    ...guests.map(({ contact }) => contact.organization),
  ];
  const known = await admitted(tx, { organizations, contacts: guests.map(({ contact }) => contact) });
  for (const organization of inOrder(organizations, ({ organizationId }) => organizationId))
    await agreeOnOrganization(tx, known, organization);
  for (const { contact, ticketOf } of inOrder(guests, (guest) => `${guest.contact.contactId} ${guest.ticketOf}`))
    await admit(tx, known, contact, ticketOf);
}

/** Each once, ordered by its name. */
function inOrder<Each>(all: Each[], name: (each: Each) => string): Each[] {
  const byName = new Map(all.map((each) => [name(each), each]));
  return [...byName.keys()].sort().flatMap((key) => byName.get(key) ?? []);
}

/**
 * Tickets that are no longer released, or belong to another organization now: nothing of them stays where it was.
 * Answers the hashes of their files, and who could read them there.
 */
async function withdraw(tx: PortalTransaction, elsewhere: Published["elsewhere"]) {
  if (elsewhere.length === 0) return { files: [], contactIds: [] };
  const where = { OR: elsewhere };
  const files = await tx.publishedFile.findMany({ where, select: { sha256: true } });
  const readers = await tx.ticketAccess.findMany({ where, select: { contactId: true } });
  await tx.publishedFile.deleteMany({ where });
  await tx.publishedEntry.deleteMany({ where });
  await tx.portalSecureLink.deleteMany({ where });
  await tx.ticketAccess.deleteMany({ where });
  await tx.publishedTicket.deleteMany({ where });
  return { files: files.map(({ sha256 }) => sha256), contactIds: readers.map(({ contactId }) => contactId) };
}

/** What is new of the wanted rows, what of them differs from the row that is there, and what is there and not wanted. */
function compare<Row, Wanted>(there: Row[], wanted: Wanted[], isSame: (row: Row, wanted: Wanted) => boolean) {
  const before = (row: Wanted) => there.find((other) => isSame(other, row));
  return {
    fresh: wanted.filter((row) => !before(row)),
    changed: wanted.filter((row) => before(row) && !isDeepStrictEqual(before(row), row)),
    gone: there.filter((row) => !wanted.some((other) => isSame(row, other))),
  };
}

async function agreeOnTickets(tx: PortalTransaction, there: Published["tickets"], shown: ShownTicket[]) {
  const wanted = shown.map(({ organization: { organizationId }, ticket }) => ({ organizationId, ...ticket }));
  const { fresh, changed } = compare(there, wanted, (row, other) => row.ticketId === other.ticketId);
  if (fresh.length) await tx.publishedTicket.createMany({ data: fresh });
  for (const { organizationId, ticketId, ...row } of changed)
    await tx.publishedTicket.update({
      where: { organizationId_ticketId: { organizationId, ticketId } },
      data: row,
      select: { ticketId: true },
    });
}

async function agreeOnAccess(tx: PortalTransaction, there: Published["access"], shown: ShownTicket[]) {
  const wanted = shown.flatMap((each) =>
    each.contacts.map(({ contactId }) => ({
      ...keyOf(each),
      contactId,
      // Who may read on elsewhere finds the matter there among his open ones.
      open: each.open && !each.movedOn.includes(contactId),
      updatedAt: each.ticket.updatedAt,
    })),
  );
  const { fresh, changed, gone } = compare(
    there,
    wanted,
    (row, other) => row.ticketId === other.ticketId && row.contactId === other.contactId,
  );
  for (const { organizationId, ticketId, contactId } of gone)
    await tx.ticketAccess.deleteMany({ where: { organizationId, ticketId, contactId } });
  if (fresh.length) await tx.ticketAccess.createMany({ data: fresh });
  for (const { open, updatedAt, ...key } of changed)
    await tx.ticketAccess.update({
      where: { organizationId_contactId_ticketId: key },
      data: { open, updatedAt },
      select: { ticketId: true },
    });
}

async function agreeOnLinks(tx: PortalTransaction, there: Published["links"], shown: ShownTicket[]) {
  const wanted = shown.flatMap((each) => each.links.map((link) => ({ ...keyOf(each), ...link })));
  const { fresh, changed, gone } = compare(there, wanted, (row, other) => row.linkId === other.linkId);
  if (gone.length)
    await tx.portalSecureLink.deleteMany({ where: { linkId: { in: gone.map(({ linkId }) => linkId) } } });
  // A link that moved with its ticket may still stand under the old organization.
  for (const row of [...fresh, ...changed])
    await tx.portalSecureLink.upsert({
      where: { linkId: row.linkId },
      create: row,
      update: row,
      select: { linkId: true },
    });
}

/** A release that moved with its entry may still stand on the ticket that it left. */
const elsewhere = ({
  organizationId,
  ticketId,
  releaseId,
}: Record<"organizationId" | "ticketId" | "releaseId", string>) => ({
  organizationId,
  ticketId: { not: ticketId },
  releaseId,
});

async function agreeOnEntries(tx: PortalTransaction, there: Published["entries"], shown: ShownTicket[]) {
  const wanted = shown.flatMap((each) => each.entries.map(({ files: _, ...entry }) => ({ ...keyOf(each), ...entry })));
  const { fresh, changed, gone } = compare(there, wanted, (row, other) => row.releaseId === other.releaseId);
  for (const { organizationId, releaseId } of gone)
    await tx.publishedEntry.deleteMany({ where: { organizationId, releaseId } });
  if (fresh.length) {
    await tx.publishedEntry.deleteMany({ where: { OR: fresh.map(elsewhere) } });
    await tx.publishedEntry.createMany({ data: fresh });
  }
  for (const { organizationId, releaseId, ...row } of changed)
    await tx.publishedEntry.update({
      where: { organizationId_releaseId: { organizationId, releaseId } },
      data: row,
      select: { releaseId: true },
    });
}

async function agreeOnFiles(
  door: DoorContext,
  tx: PortalTransaction,
  there: Published["files"],
  shown: ShownTicket[],
): Promise<string[]> {
  const wanted = shown.flatMap((each) =>
    each.entries.flatMap(({ releaseId, files }) => files.map((file) => ({ ...keyOf(each), releaseId, ...file }))),
  );
  const { fresh, gone } = compare(
    there,
    wanted,
    (row, other) =>
      row.ticketId === other.ticketId && row.releaseId === other.releaseId && row.attachmentId === other.attachmentId,
  );
  await lockFiles(tx, [...gone, ...fresh]);
  for (const { organizationId, fileId } of gone)
    await tx.publishedFile.deleteMany({ where: { organizationId, fileId } });
  if (fresh.length) await tx.publishedFile.deleteMany({ where: { OR: fresh.map(elsewhere) } });
  await keepCopies(door, fresh);
  if (fresh.length)
    await tx.publishedFile.createMany({
      data: fresh.map((row) => ({ ...row, fileId: randomBytes(16).toString("base64url") })),
    });
  return gone.map(({ sha256 }) => sha256);
}

/**
 * What a customer wrote in the portal has become an entry: from the same moment it is no longer "on its way".
 * An act that made no visible entry (a closure) is marked by `collect` itself.
 */
async function markCollected(tx: PortalTransaction, { organization, ticket, actIds }: ShownTicket) {
  if (actIds.length)
    await tx.customerAct.updateMany({
      where: { organizationId: organization.organizationId, actId: { in: actIds }, collectedAt: null },
      data: { collectedAt: new Date(), becameTicketId: ticket.ticketId },
    });
}

/** Tells the desk what the customers' room shows now. */
async function recordOutcome({ desk }: DoorContext, ticketIds: string[], shown: ShownTicket[]) {
  const now = new Date();
  const visible = shown.flatMap(({ entries }) => entries.map(({ releaseId }) => releaseId));
  const isNew = Prisma.sql`(published_at is null and id = any(${visible}::uuid[]))`;
  const isWithdrawn = Prisma.sql`(retracted_at is not null and withdrawn_at is null and id <> all(${visible}::uuid[]))`;
  const news = Prisma.sql`ticket_id = any(${ticketIds}::uuid[]) and (${isNew} or ${isWithdrawn})`;
  const found = await desk.$queryRaw<unknown[]>`select 1 from releases where ${news} limit 1`;
  if (found.length === 0) return;
  await transact(
    desk,
    (tx) => tx.$executeRaw`
      update releases set published_at = case when ${isNew} then ${now} else published_at end,
        withdrawn_at = case when ${isWithdrawn} then ${now} else withdrawn_at end
      where ${news}`,
  );
}
