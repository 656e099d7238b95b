/** The mail that is open in Outlook: which of ours it is, whose, and what could become of it. */
import { z } from "zod";
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { endpoint } from "../../platform/endpoint.ts";
import { canonicalAddress } from "../../platform/mail-address.ts";
import { contactsWhere } from "../contacts/view.ts";
import type { AgentContext } from "../context.ts";
import { type MailView, NamedAddress, OpenMail, SelectedMail } from "../contract/mails.ts";
import type { ContactView } from "../contract/people.ts";
import type { TicketSummary } from "../contract/tickets.ts";
import { type Desk, transact } from "../database.ts";
import { saidOf } from "../say.ts";
import { openStatuses, summariesWhere } from "../tickets/summaries.ts";
import { Addressed, alsoAddressed } from "./also-addressed.ts";
import { KnownSince, knownSinceJson } from "./known-since.ts";

export const openMail = endpoint({
  summary: "What the desk knows of the mail that is open in Outlook.",
  input: SelectedMail,
  output: OpenMail,
  run: async (selected, { desk, queue, agent }: AgentContext): Promise<z.infer<typeof OpenMail>> => {
    const address = selected.mailbox.trim().toLowerCase();
    const mailbox = await desk.mailbox.findUnique({
      where: { address },
      select: { id: true, trouble: true, lastSyncedAt: true },
    });
    const message = await findMessage(desk, selected, mailbox?.id ?? null);
    if (message) return { state: "known", mail: await mailView(desk, message) };
    if (!mailbox) return { state: "elsewhere", detail: elsewhere(address, agent.address) };

    await transact(desk, (tx) => queue.enqueue(tx, "sync-mailbox", { mailboxId: mailbox.id }, { key: mailbox.id }));
    const { trouble, lastSyncedAt } = mailbox;
    return {
      state: "arriving",
      detail: trouble ?? waiting(address, lastSyncedAt),
      trouble: trouble === null ? null : saidOf(trouble),
    };
  },
});

/** Only the Inbox is read; who waits for a mail in another folder would wait for ever. */
function waiting(address: string, lastSyncedAt: Date | null) {
  const justRead = lastSyncedAt !== null && Date.now() - lastSyncedAt.getTime() < 10_000;
  return justRead
    ? `Deskhatch has just read the Inbox of ${address} and not found this mail yet. If it lies in another folder, move it to the Inbox.`
    : "Deskhatch is fetching this mail.";
}

const elsewhere = (address: string, own: string) =>
  address === own.toLowerCase()
    ? "This is your own mailbox, which Deskhatch does not read yet. Open the mail in a shared mailbox, or move it there."
    : `Deskhatch does not read ${address}. Ask your administrator to add this mailbox.`;

/**
 * Outlook's item id changes when a mail moves and differs from Graph's immutable id, so the Message-ID leads.
 * Several mails may carry the same one; the one of this sender, and the copy in this mailbox, is meant.
 */
async function findMessage(desk: Desk, { itemId, internetMessageId, from }: SelectedMail, mailboxId: string | null) {
  const messageId = internetMessageId?.trim().replace(/^<|>$/g, "");
  const hints = [
    ...(messageId ? [Prisma.sql`m.internet_message_id = ${messageId}`] : []),
    ...(itemId && mailboxId ? [Prisma.sql`(m.immutable_id = ${itemId} and m.mailbox_id = ${mailboxId}::uuid)`] : []),
    ...(itemId && mailboxId
      ? [
          Prisma.sql`m.id = any(array(select message_id from message_copies
                                      where immutable_id = ${itemId} and mailbox_id = ${mailboxId}::uuid))`,
        ]
      : []),
  ];
  if (hints.length === 0) return null;
  const rows = await desk.$queryRaw`
    select m.id, m.subject, m.received_at, m.from_name, m.from_address, m.authentication, m.match, m.details, m.recipients,
           coalesce(m.warnings, '{}') as warnings, m.held_because, m.ticket_id,
           (with recursive way as (
              select t.number, t.merged_into_id where t.id is not null
              union all select p.number, p.merged_into_id from tickets p join way on p.id = way.merged_into_id
            ) select number from way where merged_into_id is null) as ticket_number, mb.team,
           array(select other.address from mailboxes other
                  where other.id <> coalesce(${mailboxId}::uuid, m.mailbox_id)
                    and (other.id = m.mailbox_id or other.id in (select mailbox_id from message_copies where message_id = m.id))
                  order by other.address) as also_in,
           (select jsonb_build_object('heldId', h.id, 'error', h.error, 'spam', (
                     select jsonb_build_object('by', a.name, 'at', s.marked_at)
                       from spam_marks s join agents a on a.id = s.marked_by_id where s.id = h.spam_mark_id))
              from held_mails h where h.message_id = m.id) as held,
           (select coalesce(jsonb_object_agg(c.id, c.merged_into_id), '{}') from contacts c where c.merged_into_id is not null
              and c.id in (select (m.match->>'contactId')::uuid union all select (s->>'contactId')::uuid
                             from jsonb_path_query(m.match, '$.suggestions.contacts[*]') s)) as became,
           ${knownSinceJson} as known_since,
           (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size,
                                                        'inline', f.inline) order by f.position, f.id), '[]')
              from attachments f where f.message_id = m.id) as attachments
      from messages m
      left join tickets t on t.id = m.ticket_id
      left join mailboxes mb on mb.id = m.mailbox_id
     where ${Prisma.join(hints, " or ")}
     order by (m.immutable_id = ${itemId ?? null}) desc nulls last,
              (m.from_address = ${from ? canonicalAddress(from) : null}) desc nulls last,
              (m.mailbox_id = ${mailboxId}::uuid
               or exists (select from message_copies mc where mc.message_id = m.id and mc.mailbox_id = ${mailboxId}::uuid))
                desc nulls last,
              m.received_at desc
     limit 1`;
  const [message] = z.array(Row).parse(rows);
  return message ? { ...message, match: asTheyAreNow(message) } : null;
}

/** Of merged contacts the one that is left; and whose the address has become since. */
function asTheyAreNow({ match, became, known_since: since }: Row): Row["match"] {
  const now = (id: string) => became[id] ?? id;
  const contacts = match.suggestions.contacts.map(({ contactId, ...rest }) => ({ ...rest, contactId: now(contactId) }));
  const suggestions = { ...match.suggestions, contacts };
  if (!since) return { ...match, contactId: match.contactId && now(match.contactId), suggestions };
  const { contactId, organizationId, because } = since;
  return { ...match, contactId, organizationId, because: [because], suggestions };
}

const because = z.array(z.string()).default([]);

/** What `mail/matching` found, as it is kept with the message. */
const KeptMatch = z.object({
  contactId: z.uuid().nullable().default(null),
  organizationId: z.uuid().nullable().default(null),
  because,
  suggestions: z
    .object({
      contacts: z.array(z.object({ contactId: z.uuid(), because: z.string() })).default([]),
      addresses: z.array(z.object({ name: z.string(), address: z.string(), because: z.string() })).default([]),
      tickets: z.array(z.object({ ticketId: z.uuid(), because: z.string() })).default([]),
    })
    .default({ contacts: [], addresses: [], tickets: [] }),
});

const KeptDetails = z.object({
  forward: Addressed.extend({ from: NamedAddress.nullable(), because: z.string() }).nullish(),
});

const Row = z.object({
  id: z.uuid(),
  subject: z.string(),
  received_at: z.date(),
  from_name: z.string(),
  from_address: z.string(),
  authentication: z.object({ verdict: z.enum(["pass", "fail", "none"]).default("none") }),
  match: KeptMatch,
  details: KeptDetails,
  recipients: Addressed,
  warnings: z.array(z.string()),
  held_because: z.string().nullable(),
  held: z
    .object({
      heldId: z.uuid(),
      error: z.string().nullable(),
      spam: z.object({ by: z.string(), at: z.coerce.date() }).nullable(),
    })
    .nullable(),
  /** Contacts of the match who turned out to be others since. */
  became: z.record(z.string(), z.uuid()),
  known_since: KnownSince,
  ticket_id: z.uuid().nullable(),
  ticket_number: z.number().nullable(),
  team: z.string().nullable(),
  also_in: z.array(z.string()),
  attachments: z.array(
    z.object({ id: z.uuid(), name: z.string(), type: z.string(), size: z.number(), inline: z.boolean() }),
  ),
});
type Row = z.infer<typeof Row>;

async function mailView(desk: Desk, message: Row): Promise<MailView> {
  const { match } = message;
  const people = await peopleOf(desk, message);
  const { forward } = message.details;
  const [addressed, openTickets, suggested, borrowed, organization] = await Promise.all([
    alsoAddressed(desk, forward ?? message.recipients, forward?.from?.address ?? message.from_address),
    openTicketsOf(desk, match.contactId),
    suggestedTickets(desk, message),
    match.contactId ? [] : borrowedName(desk, message.from_name),
    match.organizationId && !match.contactId
      ? desk.organization.findFirst({
          where: {
            OR: [{ id: match.organizationId }, { merged: { some: { id: match.organizationId } } }],
            mergedIntoId: null,
          },
          select: { id: true, name: true, personal: true },
        })
      : null,
  ]);
  const contact = people.byId(match.contactId);
  const forwardedFrom = forward?.from ?? null;

  return {
    messageId: message.id,
    subject: message.subject,
    receivedAt: message.received_at.toISOString(),
    sender: {
      address: { name: message.from_name, address: message.from_address },
      contact,
      organization: contact?.organization ?? organization,
      because: match.because.map(standingAlone),
      suggestions: match.suggestions.contacts.flatMap(({ contactId, because }) => {
        const suggestion = people.byId(contactId);
        return suggestion ? [{ contact: suggestion, because: standingAlone(because) }] : [];
      }),
      strangers: match.suggestions.addresses.map(({ because, ...address }) => ({
        address,
        because: standingAlone(because),
      })),
      authenticated: message.authentication.verdict,
    },
    forwardedFrom: forwardedFrom && {
      address: { name: forwardedFrom.name, address: forwardedFrom.address },
      contact: people.byAddress(forwardedFrom.address),
      because: standingAlone(forward?.because ?? ""),
    },
    alsoAddressed: addressed,
    attachments: message.attachments,
    ticket:
      message.ticket_number === null
        ? null
        : { number: message.ticket_number, because: match.because.map(standingAlone) },
    heldBecause: message.held_because === null ? null : saidOf(message.held_because),
    held: message.held && {
      ...message.held,
      spam: message.held.spam && { ...message.held.spam, at: message.held.spam.at.toISOString() },
    },
    warnings: [...borrowed, ...message.warnings],
    alsoIn: message.also_in,
    openTickets,
    suggestedTickets: suggested,
    proposal: {
      requesterId: contact?.id ?? null,
      subject: message.subject.trim().slice(0, 500) || "(no subject)",
      team: message.team,
      priority: "normal",
      attachmentIds: message.attachments.filter(({ inline }) => !inline).map(({ id }) => id),
    },
  } satisfies MailView;
}

/** A reason is kept as the end of a sentence; in the pane it is one of its own. An address stays as it is written. */
const standingAlone = (reason: string) =>
  /^\S*@/.test(reason) ? reason : reason.slice(0, 1).toUpperCase() + reason.slice(1);

/** Anybody can write under any name; under that of a contact it deserves a word. */
async function borrowedName(desk: Desk, name: string) {
  const namesake = await desk.contact.findFirst({
    where: { name: name.trim(), mergedIntoId: null },
    select: { name: true, organization: { select: { name: true } } },
  });
  if (!namesake) return [];
  return [
    `The name is that of ${namesake.name} (${namesake.organization.name}), but the address is not one of theirs.`,
  ];
}

/** Everybody whom the mail names and we know, in one query. */
async function peopleOf(desk: Desk, { match, details }: Row) {
  const ids = [match.contactId, ...match.suggestions.contacts.map(({ contactId }) => contactId)].filter(
    (id) => id !== null,
  );
  const forwarded = canonicalAddress(details.forward?.from?.address ?? "") ?? "";
  const people = await contactsWhere(
    desk,
    Prisma.sql`c.id = any(${ids}::uuid[])
      or c.id in (select contact_id from contact_addresses where address = ${forwarded})`,
  );
  return {
    byId: (id: string | null): ContactView | null => people.find((contact) => contact.id === id) ?? null,
    byAddress: (address: string): ContactView | null =>
      people.find(({ addresses }) => addresses.includes(canonicalAddress(address) ?? "")) ?? null,
  };
}

const open = Prisma.sql`t.status = any(${openStatuses}::"TicketStatus"[]) and t.merged_into_id is null`;
const shownTickets = 20;

/** Open tickets that this contact asked for or takes part in. */
const openTicketsOf = async (desk: Desk, contactId: string | null) =>
  contactId ? summariesWhere(desk, Prisma.sql`${open} and ${isOn(contactId)}`, shownTickets) : [];

const isOn = (contactId: string) => Prisma.sql`(t.requester_id = ${contactId}::uuid
  or t.id in (select p.ticket_id from participants p where p.contact_id = ${contactId}::uuid))`;

/** What the match suggested; then the colleagues' open tickets, as long as they are few enough to look at. */
async function suggestedTickets(desk: Desk, { match, ticket_id }: Row) {
  const wanted = match.suggestions.tickets.filter(({ ticketId }) => ticketId !== ticket_id);
  const ids = wanted.map(({ ticketId }) => ticketId);
  const [tickets, colleagues] = await Promise.all([
    ids.length ? summariesWhere(desk, Prisma.sql`t.id = any(${ids}::uuid[])`, 20) : [],
    colleaguesTickets(desk, match),
  ]);
  const suggested = wanted.flatMap(({ ticketId, because }) => {
    const ticket = tickets.find(({ id }) => id === ticketId);
    return ticket ? [{ ticket, because: standingAlone(because) }] : [];
  });
  const more = colleagues.filter(({ id }) => id !== ticket_id && !ids.includes(id));
  const because = ({ requester }: TicketSummary) => `An open ticket of ${requester.organization}`;
  return [...suggested, ...more.map((ticket) => ({ ticket, because: because(ticket) }))];
}

/** More than these are a list to search in, no suggestion. */
const fewTickets = 3;

async function colleaguesTickets(desk: Desk, { contactId, organizationId }: z.infer<typeof KeptMatch>) {
  if (!organizationId) return [];
  const ofOthers = contactId ? Prisma.sql`not ${isOn(contactId)}` : Prisma.sql`true`;
  const where = Prisma.sql`${open} and t.organization_id = ${organizationId}::uuid and ${ofOthers}`;
  const found = await summariesWhere(desk, where, fewTickets + 1);
  return found.length > fewTickets ? [] : found;
}
