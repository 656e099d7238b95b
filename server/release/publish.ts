/**
 * Brings the customers' room into agreement with the desk's releases of one ticket.
 * Safe to run at any time and any number of times: it copies what is shown, and removes what is not.
 */
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { Prisma } from "../../prisma/generated/desk/client.ts";
import { transact } from "../desk/database.ts";
import { admit, agreeOnOrganization, publishContact } from "./admit.ts";
import { admitted } from "./admitted.ts";
import type { DoorContext } from "./context.ts";
import { keepCopies, lockFiles, removeUnnamedCopies } from "./files.ts";
import { releaseOwnWords, standsOn } from "./own-words.ts";
import { type Published, published } from "./published.ts";
import { changePortal, lock, type PortalTransaction } from "./publisher.ts";
import { settleReplies } from "./settle.ts";
import { type ShownTicket, shownTicket } from "./shown.ts";

export async function publishTicket(door: DoorContext, ticketId: string) {
  const { mergedIds, ...todo } = await whatIsToDo(door, ticketId);
  await publishItself(door, ticketId, todo);
  // Their pages say where the matter is continued and how it stands.
  for (const id of mergedIds) await publishTicket(door, id);
}

async function publishItself(door: DoorContext, ticketId: string, todo: Omit<z.infer<typeof ToDo>, "mergedIds">) {
  const { inPortal, organizationId, replies, ownWords, files } = todo;
  if (!inPortal && !replies && organizationId && !(await isThere(door, ticketId))) return;
  if (replies) await settleReplies(door, ticketId);
  if (ownWords || replies) await releaseOwnWords(door, ticketId);
  // Large files are carried over before the transaction; inside it only a latecomer remains to be copied.
  await keepCopies(door, files);

  const left: string[] = [];
  const shown = await changePortal(door.publisher, async (tx) => {
    await lock(tx, ticketId);
    // Read again under the lock, so that whoever writes last has read the latest.
    const latest = await shownTicket(door.desk, ticketId);
    const there = latest && (await published(tx, { organizationId: latest.organization.organizationId, ticketId }));
    left.push(...contactsWhoLeft(there, latest));
    const moved = await withdraw(tx, ticketId, there ? there.elsewhere : "everywhere");
    left.push(...moved.contactIds);
    const gone = [...moved.files, ...(await agree(door, tx, there, latest))];
    if (latest) await markCollected(tx, latest);
    await removeUnnamedCopies(door, tx, gone);
    return latest;
  });

  await recordOutcome(door, ticketId, shown);
  for (const contactId of left) await publishContact(door, contactId);
}

/** Whoever is taken off his last ticket may have nothing left to sign in for. */
function contactsWhoLeft(there: Published | null, shown: ShownTicket | null) {
  const stay = shown?.contacts.map(({ contactId }) => contactId) ?? [];
  const had = there?.access.map(({ contactId }) => contactId) ?? [];
  return had.filter((contactId) => !stay.includes(contactId));
}

const ToDo = z.object({
  organizationId: z.string().nullable(),
  inPortal: z.boolean(),
  replies: z.boolean(),
  ownWords: z.boolean(),
  mergedIds: z.array(z.string()),
  files: z.array(z.object({ sha256: z.string() })),
});

/** Most tickets of an intake are not in the portal and never were: two looks, and nothing more to do. */
async function isThere({ publisher }: DoorContext, ticketId: string) {
  return (await publisher.publishedTicket.findFirst({ where: { ticketId }, select: { ticketId: true } })) !== null;
}

/** One look that spares most publishings the rest: replies whose grace is over, own words that may be released, files. */
async function whatIsToDo({ desk }: DoorContext, ticketId: string) {
  const now = new Date();
  const rows = await desk.$queryRaw`
    select
      (select organization_id from tickets where id = ${ticketId}::uuid) as "organizationId",
      exists (select from portal_tickets where ticket_id = ${ticketId}::uuid) as "inPortal",
      exists (select from releases r join entries e on e.id = r.entry_id
               where r.ticket_id = ${ticketId}::uuid and r.published_at is null and r.retracted_at is null
                 and r.publish_after <= ${now} and e.kind = 'reply') as replies,
      exists (select from portal_tickets p join entries e on ${standsOn(ticketId)}
               where p.ticket_id = ${ticketId}::uuid and e.contact_id is not null and e.kind in ('mail_received', 'portal_message')
                 and not exists (select from releases r where r.entry_id = e.id)) as "ownWords",
      array(select id from tickets where merged_into_id = ${ticketId}::uuid) as "mergedIds",
      (select coalesce(json_agg(json_build_object('sha256', f.sha256)), '[]')
         from releases r join release_files rf on rf.release_id = r.id join attachments f on f.id = rf.attachment_id
        where r.ticket_id = ${ticketId}::uuid and r.retracted_at is null and r.publish_after <= ${now}) as files`;
  return z.tuple([ToDo]).parse(rows)[0];
}

/** Writes only what differs. Answers the hashes of files that no longer stand on this ticket. */
async function agree(door: DoorContext, tx: PortalTransaction, there: Published | null, shown: ShownTicket | null) {
  if (!shown || !there) return [];
  const { organizationId } = shown.organization;
  const organizations = [shown.organization, ...shown.contacts.map(({ organization }) => organization)];
  const known = await admitted(tx, { organizations, contacts: shown.contacts });
  for (const organization of new Map(organizations.map((each) => [each.organizationId, each])).values())
    await agreeOnOrganization(tx, known, organization);
  for (const contact of shown.contacts) await admit(tx, known, contact, organizationId);
  await agreeOnTicket(tx, there.ticket, shown);
  await agreeOnAccess(tx, there.access, shown);
  await agreeOnLinks(tx, there.links, shown);
  await agreeOnEntries(tx, there.entries, shown);
  return agreeOnFiles(door, tx, there.files, shown);
}

/**
 * The ticket is no longer released, or belongs to another organization now: nothing of it stays where it was.
 * Answers the hashes of its files, and who could read it there.
 */
async function withdraw(tx: PortalTransaction, ticketId: string, from: string[] | "everywhere") {
  const organizationIds =
    from === "everywhere"
      ? (await tx.publishedTicket.findMany({ where: { ticketId }, select: { organizationId: true } })).map(
          ({ organizationId }) => organizationId,
        )
      : from;
  if (organizationIds.length === 0) return { files: [], contactIds: [] };
  const where = { organizationId: { in: organizationIds }, ticketId };
  const files = await tx.publishedFile.findMany({ where, select: { sha256: true } });
  const readers = await tx.ticketAccess.findMany({ where, select: { contactId: true } });
  await tx.publishedFile.deleteMany({ where });
  await tx.publishedEntry.deleteMany({ where });
  await tx.portalSecureLink.deleteMany({ where });
  await tx.ticketAccess.deleteMany({ where });
  await tx.publishedTicket.deleteMany({ where });
  return { files: files.map(({ sha256 }) => sha256), contactIds: readers.map(({ contactId }) => contactId) };
}

async function agreeOnTicket(
  tx: PortalTransaction,
  there: Published["ticket"],
  { organization: { organizationId }, ticket }: ShownTicket,
) {
  const key = { organizationId_ticketId: { organizationId, ticketId: ticket.ticketId } };
  const row = { organizationId, ...ticket };
  if (!isDeepStrictEqual(there, row))
    await tx.publishedTicket.upsert({ where: key, create: row, update: row, select: { ticketId: true } });
}

async function agreeOnAccess(
  tx: PortalTransaction,
  there: Published["access"],
  { organization, ticket, open, contacts, movedOn }: ShownTicket,
) {
  const { organizationId } = organization;
  const { ticketId, updatedAt } = ticket;
  const wanted = contacts.map(({ contactId }) => ({
    ...{ organizationId, contactId, ticketId, updatedAt },
    // Who may read on elsewhere finds the matter there among his open ones.
    open: open && !movedOn.includes(contactId),
  }));

  const gone = there.filter(({ contactId }) => !wanted.some((row) => row.contactId === contactId));
  if (gone.length)
    await tx.ticketAccess.deleteMany({
      where: { organizationId, ticketId, contactId: { in: gone.map(({ contactId }) => contactId) } },
    });
  for (const row of wanted.filter((row) => !there.some((other) => isDeepStrictEqual(other, row)))) {
    const key = { organizationId, contactId: row.contactId, ticketId };
    await tx.ticketAccess.upsert({
      where: { organizationId_contactId_ticketId: key },
      create: row,
      update: { open: row.open, updatedAt },
      select: { ticketId: true },
    });
  }
}

async function agreeOnLinks(
  tx: PortalTransaction,
  there: Published["links"],
  { organization, ticket, links }: ShownTicket,
) {
  const where = { organizationId: organization.organizationId, ticketId: ticket.ticketId };
  const wanted = links.map((link) => ({ ...where, ...link }));

  const gone = there.filter(({ linkId }) => !wanted.some((row) => row.linkId === linkId));
  if (gone.length)
    await tx.portalSecureLink.deleteMany({ where: { linkId: { in: gone.map(({ linkId }) => linkId) } } });
  for (const row of wanted.filter((row) => !there.some((other) => isDeepStrictEqual(other, row))))
    await tx.portalSecureLink.upsert({
      where: { linkId: row.linkId },
      create: row,
      update: row,
      select: { linkId: true },
    });
}

async function agreeOnEntries(
  tx: PortalTransaction,
  there: Published["entries"],
  { organization, ticket, entries }: ShownTicket,
) {
  const where = { organizationId: organization.organizationId, ticketId: ticket.ticketId };
  const wanted = entries.map(({ files: _, ...entry }) => ({ ...where, ...entry }));

  const gone = there.filter(({ releaseId }) => !wanted.some((row) => row.releaseId === releaseId));
  if (gone.length)
    await tx.publishedEntry.deleteMany({
      where: { ...where, releaseId: { in: gone.map(({ releaseId }) => releaseId) } },
    });
  for (const row of wanted.filter((row) => !there.some((other) => isDeepStrictEqual(other, row)))) {
    const key = { organizationId: row.organizationId, releaseId: row.releaseId };
    await tx.publishedEntry.upsert({
      where: { organizationId_releaseId: key },
      create: row,
      update: row,
      select: { releaseId: true },
    });
  }
}

async function agreeOnFiles(
  door: DoorContext,
  tx: PortalTransaction,
  there: Published["files"],
  { organization, ticket, entries }: ShownTicket,
): Promise<string[]> {
  const where = { organizationId: organization.organizationId, ticketId: ticket.ticketId };
  const wanted = entries.flatMap(({ releaseId, files }) => files.map((file) => ({ ...where, releaseId, ...file })));
  const same = (a: { releaseId: string; attachmentId: string }, b: { releaseId: string; attachmentId: string }) =>
    a.releaseId === b.releaseId && a.attachmentId === b.attachmentId;

  const gone = there.filter((row) => !wanted.some((other) => same(row, other)));
  const fresh = wanted.filter((row) => !there.some((other) => same(row, other)));
  await lockFiles(tx, [...gone, ...fresh]);
  // A release that moved with its entry may still have its files on the ticket that it left.
  if (fresh.length)
    await tx.publishedFile.deleteMany({
      where: {
        organizationId: where.organizationId,
        ticketId: { not: where.ticketId },
        releaseId: { in: fresh.map(({ releaseId }) => releaseId) },
      },
    });
  if (gone.length)
    await tx.publishedFile.deleteMany({ where: { ...where, fileId: { in: gone.map(({ fileId }) => fileId) } } });
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
async function recordOutcome({ desk }: DoorContext, ticketId: string, shown: ShownTicket | null) {
  const now = new Date();
  const visible = shown?.entries.map(({ releaseId }) => releaseId) ?? [];
  const isNew = Prisma.sql`(published_at is null and id = any(${visible}::uuid[]))`;
  const isWithdrawn = Prisma.sql`(retracted_at is not null and withdrawn_at is null and id <> all(${visible}::uuid[]))`;
  const news = Prisma.sql`ticket_id = ${ticketId}::uuid and (${isNew} or ${isWithdrawn})`;
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
