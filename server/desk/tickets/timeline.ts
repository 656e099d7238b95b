/** What happened on a ticket, with what the customer sees of it, in one query. */
import { z } from "zod";
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { Id } from "../contract/people.ts";
import { EntryFile, EntryKind, type EntryPage, type EntryView, Protection } from "../contract/tickets.ts";
import type { Desk, DeskTransaction } from "../database.ts";
import { cursorOf, placeOf } from "./cursor.ts";

const pageSize = 50;

/** The newest page of the timeline, with the entries of merged tickets, or the one before `before`; oldest first. */
export async function timeline(
  desk: Desk | DeskTransaction,
  { id, mergedIds }: { id: string; mergedIds: string[] },
  before?: string,
): Promise<z.infer<typeof EntryPage>> {
  const older = before ? olderThan(before) : Prisma.sql`true`;
  // One ticket is a walk along its index; several have to be sorted.
  const ofTicket = mergedIds.length
    ? Prisma.sql`e.ticket_id = any(${[id, ...mergedIds]}::uuid[])`
    : Prisma.sql`e.ticket_id = ${id}::uuid`;
  const rows = await entriesWhere(desk, Prisma.sql`${ofTicket} and ${older}`, pageSize + 1);
  const page = rows.slice(0, pageSize).reverse();
  const oldest = page[0];
  return {
    entries: page.map(entryOf),
    olderCursor: rows.length > pageSize && oldest ? cursorOf(oldest) : null,
  };
}

/** One entry of a ticket; null when the ticket has no such entry. */
export async function entryView(
  desk: Desk | DeskTransaction,
  ticketId: string,
  entryId: string,
): Promise<EntryView | null> {
  const where = Prisma.sql`e.id = ${entryId}::uuid and e.ticket_id = ${ticketId}::uuid`;
  const [row] = await entriesWhere(desk, where, 1);
  return row ? entryOf(row) : null;
}

function olderThan(cursor: string) {
  const { at, id } = placeOf(cursor);
  return Prisma.sql`(e.at, e.id) < (${at}::timestamptz, ${id}::uuid)`;
}

const Person = z.object({ name: z.string(), address: z.string() });
const nameOf = ({ name, address }: z.infer<typeof Person>) => name || address;

/** As `mail/reading` kept it with the message. */
const KeptCalendar = z.object({
  method: z.string().nullable(),
  summary: z.string().nullable(),
  location: z.string().nullable(),
  start: z.string().nullable(),
  end: z.string().nullable(),
  organizer: Person.nullable(),
  attendees: z.array(Person.extend({ answer: z.string().nullable() })),
});

const Row = z.object({
  id: Id,
  number: z.number(),
  kind: EntryKind,
  at: z.date(),
  html: z.string(),
  quoted_html: z.string(),
  facts: z.record(z.string(), z.unknown()),
  agent: z.string().nullable(),
  contact: z.string().nullable(),
  from_name: z.string().nullable(),
  from_address: z.string().nullable(),
  outgoing: z.boolean().nullable(),
  warnings: z.array(z.string()).nullable(),
  calendar: KeptCalendar.nullable(),
  protection: Protection.nullable(),
  also_in: z.array(z.string()),
  released: z
    .object({ id: Id, at: z.coerce.date(), by: z.string(), published: z.coerce.date().nullable(), number: z.number() })
    .nullable(),
  retracted: z.object({ at: z.coerce.date(), by: z.string() }).nullable(),
  sending: z
    .object({
      state: z.enum(["waiting", "drafted", "sending", "sent", "taken_back", "failed"]),
      after: z.coerce.date(),
      sent: z.coerce.date().nullable(),
      to: z.array(z.string()),
      error: z.string().nullable(),
    })
    .nullable(),
  files: z.array(EntryFile),
  bounces: z.array(
    z.object({ recipient: z.string(), status: z.string().nullable(), permanent: z.boolean(), at: z.coerce.date() }),
  ),
});
type Row = z.infer<typeof Row>;

/** A release counts while nobody retracted it; of several, the newest. */
async function entriesWhere(desk: Desk | DeskTransaction, where: Prisma.Sql, limit: number): Promise<Row[]> {
  const rows = await desk.$queryRaw`
    select e.id, et.number, e.kind, e.at, e.html, e.quoted_html, e.facts,
           a.name as agent, c.name as contact,
           m.from_name, m.from_address, m.outgoing, m.warnings,
           m.details -> 'calendar' as calendar, m.details ->> 'protection' as protection,
           array(select mb.address from message_copies mc join mailboxes mb on mb.id = mc.mailbox_id
                  where mc.message_id = m.id and mc.mailbox_id <> m.mailbox_id order by mb.address) as also_in,
           released.json as released, retracted.json as retracted, sending.json as sending, files.json as files,
           (select coalesce(jsonb_agg(jsonb_build_object('recipient', b.recipient, 'status', b.status,
                     'permanent', b.permanent, 'at', b.at) order by b.at, b.id), '[]')
              from bounces b where b.entry_id = e.id) as bounces
      from entries e
      join tickets et on et.id = e.ticket_id
      left join agents a on a.id = e.agent_id
      left join contacts c on c.id = e.contact_id
      left join messages m on m.id = e.message_id
      left join lateral (
        select r.id, jsonb_build_object('id', r.id, 'at', r.released_at, 'by', coalesce(by.name, r.rule, 'a rule'),
                                        'published', r.published_at, 'number', rt.number) as json
          from releases r join tickets rt on rt.id = r.ticket_id left join agents by on by.id = r.released_by_id
         where r.entry_id = e.id and r.retracted_at is null
         order by r.released_at desc, r.id desc limit 1) released on true
      left join lateral (
        select jsonb_build_object('at', r.retracted_at, 'by', coalesce(by.name, 'a rule')) as json
          from releases r left join agents by on by.id = r.retracted_by_id
         where r.entry_id = e.id and r.retracted_at is not null
         order by r.retracted_at desc, r.id desc limit 1) retracted on true
      left join lateral (
        select jsonb_build_object(
                 'state', s.state, 'after', s.send_after, 'sent', s.sent_at, 'error', s.last_error,
                 'to', coalesce((select jsonb_agg(named->>'address') from jsonb_array_elements(s.mail->'to') named), '[]')
               ) as json
          from sendings s where s.entry_id = e.id and e.kind = 'reply'
         order by s.created_at desc, s.id desc limit 1) sending on true
      left join lateral (
        select coalesce(jsonb_agg(jsonb_build_object(
                 'id', f.id, 'name', f.name, 'type', f.type, 'size', f.size, 'inline', f.inline, 'contentId', f.content_id,
                 'released', exists (select from release_files rf
                                      where rf.release_id = released.id and rf.attachment_id = f.id)
               ) order by f.position, f.id), '[]') as json
          from attachments f where f.entry_id = e.id) files on true
     where ${where} order by e.at desc, e.id desc limit ${limit}`;
  return z.array(Row).parse(rows);
}

const entryOf = (row: Row): EntryView => ({
  id: row.id,
  number: row.number,
  kind: row.kind,
  at: row.at.toISOString(),
  author: authorOf(row),
  html: row.html,
  quotedHtml: row.quoted_html,
  files: row.files,
  visibility: visibilityOf(row),
  shownOn: row.released?.number ?? null,
  sending: row.sending && {
    state: row.sending.state,
    sendAfter: row.sending.after.toISOString(),
    sentAt: row.sending.sent?.toISOString() ?? null,
    to: row.sending.to,
    error: row.sending.error,
  },
  bounces: row.bounces.map(({ at, ...bounce }) => ({ ...bounce, at: at.toISOString() })),
  facts: row.facts,
  warnings: row.warnings ?? [],
  appointment: appointmentOf(row),
  protection: row.protection,
  alsoIn: row.also_in,
});

/** More names than these are a crowd, and the invitation itself is attached. */
const shownAnswers = 20;

function appointmentOf({ calendar }: Row): EntryView["appointment"] {
  if (!calendar?.method) return null;
  const { method, summary, location, start, end, organizer, attendees } = calendar;
  const answers = attendees.slice(0, shownAnswers).map(({ answer, ...person }) => ({ name: nameOf(person), answer }));
  return { method, summary, location, start, end, organizer: organizer && nameOf(organizer), answers };
}

function authorOf({ agent, contact, from_name, from_address, outgoing }: Row): EntryView["author"] {
  if (agent !== null) return { side: "team", name: agent, address: null };
  if (contact !== null) return { side: "customer", name: contact, address: from_address };
  if (from_address !== null && outgoing)
    return { side: "team", name: from_name || from_address, address: from_address };
  if (from_address !== null) return { side: "third_party", name: from_name || from_address, address: from_address };
  return { side: "system", name: "Deskhatch", address: null };
}

function visibilityOf({ released, retracted }: Row): EntryView["visibility"] {
  if (!released)
    return { to: "internal", retracted: retracted && { at: retracted.at.toISOString(), by: retracted.by } };
  return {
    to: "customer",
    releaseId: released.id,
    releasedAt: released.at.toISOString(),
    releasedBy: released.by,
    publishedAt: released.published?.toISOString() ?? null,
  };
}
