/** What customers see of a ticket, worked out from the desk's releases. Publishing copies it; the preview shows it. */
import { z } from "zod";
import type { Prisma } from "../../prisma/generated/desk/client.ts";
import { turnOf } from "../desk/contract/tickets.ts";
import type { Desk, DeskTransaction } from "../desk/database.ts";
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
  };
  open: boolean;
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
  /** His own; a participant may come from elsewhere. */
  organization: ShownOrganization;
  addresses: string[];
};

export type ShownOrganization = { organizationId: string; name: string; language: string; timeZone: string };

/** Null when customers may not know that the ticket exists. */
export async function shownTicket(desk: Desk, ticketId: string, now = new Date()): Promise<ShownTicket | null> {
  const ticket = await desk.ticket.findUnique({
    where: { id: ticketId },
    select: { portalTicket: true, ...ticketFields(now) },
  });
  if (!ticket?.portalTicket) return null;
  return asShown(ticket, ticket.portalTicket.releasedAt);
}

/** How the ticket would look if it were released now; for the preview. */
export async function ticketIfShown(desk: Desk, ticketId: string, now = new Date()): Promise<ShownTicket | null> {
  const ticket = await desk.ticket.findUnique({
    where: { id: ticketId },
    select: { portalTicket: true, ...ticketFields(now) },
  });
  return ticket && asShown(ticket, ticket.portalTicket?.releasedAt ?? now);
}

const organizationFields = { id: true, name: true, language: true, timeZone: true } as const;

export const contactFields = {
  id: true,
  name: true,
  language: true,
  organization: { select: organizationFields },
  addresses: { select: { address: true }, orderBy: { address: "asc" } },
} satisfies Prisma.ContactSelect;

type ReadContact = Prisma.ContactGetPayload<{ select: typeof contactFields }>;

export const shownContact = ({ id, name, language, organization, addresses }: ReadContact): ShownContact => ({
  contactId: id,
  name,
  language,
  organization: shownOrganization(organization),
  addresses: addresses.map(({ address }) => address),
});

const shownOrganization = ({ id, ...facts }: ReadContact["organization"]): ShownOrganization => ({
  organizationId: id,
  ...facts,
});

export const fileFields = {
  id: true,
  name: true,
  type: true,
  size: true,
  sha256: true,
  contentId: true,
  inline: true,
} satisfies Prisma.AttachmentSelect;

const releaseFields = {
  id: true,
  html: true,
  htmlSha256: true,
  releasedAt: true,
  releasedBy: { select: { name: true } },
  entry: {
    select: {
      kind: true,
      at: true,
      facts: true,
      agent: { select: { name: true } },
      contact: { select: { name: true } },
    },
  },
  files: {
    select: { attachment: { select: fileFields } },
    orderBy: [{ attachment: { position: "asc" } }, { attachmentId: "asc" }],
  },
} satisfies Prisma.ReleaseSelect;

const ticketFields = (now: Date) =>
  ({
    id: true,
    number: true,
    subject: true,
    status: true,
    createdAt: true,
    closedAt: true,
    organization: { select: organizationFields },
    requester: { select: contactFields },
    participants: {
      select: { contact: { select: contactFields } },
      orderBy: [{ addedAt: "asc" }, { contactId: "asc" }],
    },
    releases: {
      where: { retractedAt: null, publishAfter: { lte: now } },
      select: releaseFields,
      orderBy: [{ releasedAt: "asc" }, { id: "asc" }],
    },
    secureLinks: { select: { id: true, secretHash: true, contactId: true, expiresAt: true, revokedAt: true } },
  }) satisfies Prisma.TicketSelect;

type ReadTicket = Prisma.TicketGetPayload<{ select: ReturnType<typeof ticketFields> }>;
type ReadRelease = Prisma.ReleaseGetPayload<{ select: typeof releaseFields }>;

function asShown(ticket: ReadTicket, since: Date): ShownTicket {
  const { organization, requester } = ticket;
  const entries = ticket.releases.filter(isAsReleased).map(shownEntry);
  const contacts = [requester, ...ticket.participants.map(({ contact }) => contact)];
  const known = new Set(contacts.map(({ id }) => id));
  return {
    organization: shownOrganization(organization),
    ticket: {
      ticketId: ticket.id,
      number: ticket.number,
      subject: ticket.subject,
      status: ticket.status,
      requesterId: requester.id,
      requesterName: requester.name,
      createdAt: ticket.createdAt,
      // Moves with what customers see and with nothing else, or it would tell that the team is talking.
      updatedAt: latest([since, ...entries.map(({ at }) => at), ...(ticket.closedAt ? [ticket.closedAt] : [])]),
      closedAt: ticket.closedAt,
    },
    open: turnOf[ticket.status] !== "nobody",
    contacts: contacts
      .filter(({ id }, index) => contacts.findIndex((other) => other.id === id) === index)
      .map(shownContact),
    entries,
    actIds: ticket.releases.flatMap(({ entry }) => actIdOf(entry.facts)),
    links: ticket.secureLinks
      .filter(({ contactId }) => known.has(contactId))
      .map(({ id, ...link }) => ({ linkId: id, ...link })),
  };
}

/** The words are those that were approved, or nobody sees them. */
function isAsReleased({ id, html, htmlSha256 }: ReadRelease) {
  if (hashOf(html) === htmlSha256) return true;
  log.error({ releaseId: id }, "the words of a release are not those that were approved; it is not shown");
  return false;
}

/**
 * A release as customers see it. A customer's own words stand at the time he wrote them; the team's stand at the time
 * they were released. Words of a third party are passed on by the agent who released them, in her name.
 */
function shownEntry({ id, html, releasedAt, releasedBy, entry, files }: ReadRelease): ShownEntry {
  const safe = safeHtml(html);
  const who = entry.contact
    ? { side: "customer" as const, authorName: entry.contact.name, at: entry.at }
    : { side: "team" as const, authorName: entry.agent?.name ?? releasedBy?.name ?? "", at: releasedAt };
  return {
    releaseId: id,
    kind: entry.kind,
    ...who,
    html: safe,
    text: htmlToText(safe),
    files: files.map(({ attachment }) => shownFile(attachment)),
  };
}

export const shownFile = ({ id, inline, contentId, ...file }: ReadFile): ShownFile => ({
  attachmentId: id,
  name: file.name,
  type: file.type,
  size: file.size,
  sha256: file.sha256,
  contentId: inline ? contentId : null,
});
type ReadFile = ReadRelease["files"][number]["attachment"];

/** `collect` files a customer's act under its id. */
const Collected = z.object({ onceKey: z.uuid() });
function actIdOf(facts: unknown) {
  const collected = Collected.safeParse(facts);
  return collected.success ? [collected.data.onceKey] : [];
}

const latest = (times: Date[]) => new Date(Math.max(...times.map((time) => time.getTime())));

/** Who is on a ticket: its requester and its participants. */
export async function contactsOn(tx: DeskTransaction | Desk, ticketId: string): Promise<string[]> {
  const ticket = await tx.ticket.findUniqueOrThrow({
    where: { id: ticketId },
    select: { requesterId: true, participants: { select: { contactId: true } } },
  });
  return [ticket.requesterId, ...ticket.participants.map(({ contactId }) => contactId)];
}
