/** What customers see of a ticket, worked out from the desk's releases. Publishing copies it; the preview shows it. */
import { z } from "zod";
import { Prisma } from "../../prisma/generated/desk/client.ts";
import { Status, turnOf } from "../desk/contract/tickets.ts";
import type { Desk } from "../desk/database.ts";
import { htmlToText, safeHtml } from "../desk/mail/reading/safe-html.ts";
import { log } from "../platform/log.ts";
import { hashOf } from "./words.ts";

export type ShownFile = {
  attachmentId: string;
  name: string;
  type: string;
  size: number;
  sha256: string;
  contentId: string | null;
};

export type ShownEntry = {
  releaseId: string;
  kind: string;
  side: "team" | "customer";
  authorName: string;
  html: string;
  text: string;
  at: Date;
  files: ShownFile[];
};

export type ShownTicket = {
  organization: ShownOrganization;
  ticket: {
    ticketId: string;
    number: number;
    subject: string;
    status: keyof typeof turnOf;
    requesterId: string;
    requesterName: string;
    createdAt: Date;
    updatedAt: Date;
    closedAt: Date | null;
    /** Where it was merged into, when customers may know of that ticket. */
    continuedInId: string | null;
  };
  open: boolean;
  /** Contacts of it who see the ticket in which it is continued. */
  movedOn: string[];
  /** The requester first, then the participants. */
  contacts: ShownContact[];
  entries: ShownEntry[];
  /** What customers wrote in the portal and now stands among the entries. */
  actIds: string[];
  links: { linkId: string; secretHash: string; contactId: string; expiresAt: Date; revokedAt: Date | null }[];
};

export type ShownContact = {
  contactId: string;
  name: string;
  language: string | null;
  /** Since when the CRM has him no more: he is on his tickets still, and has no way in to them. */
  formerAt: Date | null;
  /** His own; a participant may come from elsewhere. */
  organization: ShownOrganization;
  /** The one that mails go to comes first. */
  addresses: string[];
};

export type ShownOrganization = { organizationId: string; name: string; language: string; timeZone: string };

/** Those of them of which customers may know that they exist. */
export async function shownTickets(desk: Desk, ticketIds: string[], now = new Date()): Promise<ShownTicket[]> {
  const rows = await readTickets(desk, ticketIds, now);
  return rows.flatMap((row) => (row.since ? asShown(row, row.since) : []));
}

/** How the ticket would look if it were released now; for the preview. */
export async function ticketIfShown(desk: Desk, ticketId: string, now = new Date()): Promise<ShownTicket | null> {
  const [row] = await readTickets(desk, [ticketId], now);
  return row ? asShown(row, row.since ?? now) : null;
}

const organizationJson = Prisma.sql`json_build_object(
  'organizationId', o.id, 'name', o.name, 'language', o.language, 'timeZone', o.time_zone)`;

/** From the aliases `c` (contacts) and `o` (their organizations). Whom the CRM has deleted has no address to sign in with. */
const contactJson = Prisma.sql`json_build_object(
  'contactId', c.id, 'name', c.name, 'language', c.language, 'formerAt', c.former_at, 'organization', ${organizationJson},
  'addresses', (select coalesce(json_agg(a.address order by a."primary" desc, a.created_at, a.address), '[]')
                  from contact_addresses a where a.contact_id = c.id and c.former_at is null))`;

/** Everything in one query: publishing waits for nothing else. */
async function readTickets(desk: Desk, ticketIds: string[], now: Date): Promise<TicketRow[]> {
  const rows = await desk.$queryRaw`
    select t.id, t.number, t.subject, t.status, t.created_at as "createdAt", t.closed_at as "closedAt",
      (select released_at from portal_tickets p where p.ticket_id = t.id) as since,
      (select ${organizationJson} from organizations o where o.id = t.organization_id) as organization,
      (select json_agg(${contactJson} order by on_it.place, on_it.added_at, c.id)
         from (select t.requester_id as id, 1 as place, null::timestamptz as added_at union all
               select p.contact_id, 2, p.added_at from participants p
                where p.ticket_id = t.id and p.contact_id <> t.requester_id) on_it
         join contacts c on c.id = on_it.id
         join organizations o on o.id = c.organization_id) as contacts,
      (select coalesce(json_agg(json_build_object(
           'id', r.id, 'html', r.html, 'htmlSha256', r.html_sha256, 'releasedAt', r.released_at, 'releasedBy', by.name,
           'kind', e.kind, 'at', e.at, 'actId', e.facts->>'onceKey', 'agent', a.name, 'contact', c.name,
           'files', (select coalesce(json_agg(json_build_object(
                        'id', f.id, 'name', f.name, 'type', f.type, 'size', f.size, 'sha256', f.sha256,
                        'contentId', f.content_id, 'inline', f.inline) order by f.position, f.id), '[]')
                       from release_files rf join attachments f on f.id = rf.attachment_id where rf.release_id = r.id)
         ) order by r.released_at, r.id), '[]')
         from releases r
         join entries e on e.id = r.entry_id
         left join agents by on by.id = r.released_by_id
         left join agents a on a.id = e.agent_id
         left join contacts c on c.id = e.contact_id
        where r.ticket_id = t.id and r.retracted_at is null and r.publish_after <= ${now}) as releases,
      (select coalesce(json_agg(json_build_object(
           'linkId', l.id, 'secretHash', l.secret_hash, 'contactId', l.contact_id,
           'expiresAt', l.expires_at, 'revokedAt', l.revoked_at)), '[]')
         from secure_links l where l.ticket_id = t.id) as links,
      (select json_build_object('id', p.id, 'status', p.status, 'closedAt', p.closed_at,
           'shown', exists (select from portal_tickets s where s.ticket_id = p.id),
           'contactIds', array(select p.requester_id union select o.contact_id from participants o where o.ticket_id = p.id))
         from (with recursive way as (
             select t.merged_into_id as id
             union all select m.merged_into_id from tickets m join way on m.id = way.id
           ) select id from way) way join tickets p on p.id = way.id and p.merged_into_id is null) as place
    from tickets t where t.id = any(${ticketIds}::uuid[])`;
  return z.array(TicketRow).parse(rows);
}

const instant = z.coerce.date();
const OrganizationRow = z.object({
  organizationId: z.string(),
  name: z.string(),
  language: z.string(),
  timeZone: z.string(),
});
const ContactRow = z.object({
  contactId: z.string(),
  name: z.string(),
  language: z.string().nullable(),
  formerAt: instant.nullable(),
  organization: OrganizationRow,
  addresses: z.array(z.string()),
});
const ReleaseRow = z.object({
  id: z.string(),
  html: z.string(),
  htmlSha256: z.string(),
  releasedAt: instant,
  releasedBy: z.string().nullable(),
  kind: z.string(),
  at: instant,
  actId: z.string().nullable(),
  agent: z.string().nullable(),
  contact: z.string().nullable(),
  files: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.string(),
      size: z.number(),
      sha256: z.string(),
      contentId: z.string().nullable(),
      inline: z.boolean(),
    }),
  ),
});
type ReleaseRow = z.infer<typeof ReleaseRow>;
const PlaceRow = z.object({
  id: z.string(),
  status: Status,
  closedAt: instant.nullable(),
  shown: z.boolean(),
  contactIds: z.array(z.string()),
});
const TicketRow = z.object({
  id: z.string(),
  number: z.number(),
  subject: z.string(),
  status: Status,
  createdAt: instant,
  closedAt: instant.nullable(),
  since: instant.nullable(),
  organization: OrganizationRow,
  contacts: z.array(ContactRow),
  releases: z.array(ReleaseRow),
  links: z.array(
    z.object({
      linkId: z.string(),
      secretHash: z.string(),
      contactId: z.string(),
      expiresAt: instant,
      revokedAt: instant.nullable(),
    }),
  ),
  place: PlaceRow.nullable(),
});
type TicketRow = z.infer<typeof TicketRow>;

function asShown({ organization, contacts, releases, links, place, ...ticket }: TicketRow, since: Date): ShownTicket {
  const { status, closedAt } = standOf(ticket, place);
  const asReleased = releases.filter(isAsReleased);
  const entries = asReleased.map(shownEntry);
  const known = new Set(contacts.map(({ contactId }) => contactId));
  const [requester] = contacts;
  return {
    organization,
    ticket: {
      ticketId: ticket.id,
      number: ticket.number,
      subject: ticket.subject,
      status,
      requesterId: requester?.contactId ?? "",
      requesterName: requester?.name ?? "",
      createdAt: ticket.createdAt,
      // Moves with what customers see and with nothing else, or it would tell that the team is talking.
      updatedAt: latest([since, ...entries.map(({ at }) => at), ...(closedAt ? [closedAt] : [])]),
      closedAt,
      continuedInId: place?.shown ? place.id : null,
    },
    open: turnOf[status] !== "nobody",
    movedOn: place?.shown ? place.contactIds : [],
    contacts,
    entries,
    actIds: asReleased.flatMap(({ actId }) => actId ?? []),
    links: links.filter(({ contactId }) => known.has(contactId)),
  };
}

/** A merged ticket stands as the one in which it is continued, unless it was over before. */
function standOf(ticket: Pick<TicketRow, "status" | "closedAt">, place: TicketRow["place"]) {
  const over = turnOf[ticket.status] === "nobody";
  return place && !over ? place : ticket;
}

/** The words are those that were approved, or nobody sees them. */
function isAsReleased({ id, html, htmlSha256 }: ReleaseRow) {
  if (hashOf(html) === htmlSha256) return true;
  log.error({ releaseId: id }, "the words of a release are not those that were approved; it is not shown");
  return false;
}

/**
 * A release as customers see it. A customer's own words stand at the time he wrote them; the team's stand at the time
 * they were released. Words of a third party are passed on by the agent who released them, in her name.
 */
function shownEntry({ id, html, kind, at, releasedAt, releasedBy, agent, contact, files }: ReleaseRow): ShownEntry {
  const safe = safeHtml(html);
  const who =
    contact === null
      ? { side: "team" as const, authorName: agent ?? releasedBy ?? "", at: releasedAt }
      : { side: "customer" as const, authorName: contact, at };
  return { releaseId: id, kind, ...who, html: safe, text: htmlToText(safe), files: files.map(shownFile) };
}

export const fileFields = {
  id: true,
  name: true,
  type: true,
  size: true,
  sha256: true,
  contentId: true,
  inline: true,
} satisfies Prisma.AttachmentSelect;

type ReadFile = Prisma.AttachmentGetPayload<{ select: typeof fileFields }>;

export const shownFile = ({ id, inline, contentId, ...file }: ReadFile): ShownFile => ({
  attachmentId: id,
  ...file,
  contentId: inline ? contentId : null,
});

const latest = (times: Date[]) => new Date(Math.max(...times.map((time) => time.getTime())));

/** A contact as the portal knows him, and whether somebody invited him. Null when he turned out to be another one. */
export async function readContact(desk: Desk, contactId: string) {
  const rows = await desk.$queryRaw`
    select ${contactJson} as contact, c.invited_at is not null as invited
      from contacts c join organizations o on o.id = c.organization_id where c.id = ${contactId}::uuid and c.merged_into_id is null`;
  return z.array(z.object({ contact: ContactRow, invited: z.boolean() })).parse(rows)[0] ?? null;
}
