/** Everything the desk knows that could say whose a mail is: read at once, judged by the rules without further looking. */
import { Prisma } from "../../../../prisma/generated/desk/client.ts";
import type { Desk } from "../../database.ts";
import type { ReadMail } from "../reading/read-mail.ts";
import { readThreadToken, type ThreadToken, threadHeader, tokensIn } from "../thread-token.ts";
import {
  canonical,
  domainOf,
  domainsAbove,
  isFreeMail,
  isRoleAddress,
  soleSender,
  withoutPlusTag,
} from "./addresses.ts";

export type KnownContact = {
  address: string;
  contactId: string;
  name: string;
  organizationId: string;
  organization: string;
  /** An agent's correction taught us this address. */
  taught: boolean;
};

export type KnownTicket = {
  id: string;
  number: number;
  subject: string;
  threadKey: string;
  organizationId: string;
  requesterId: string;
  participantIds: string[];
};

/** A mail we hold that the arriving one names. */
export type KnownMessage = {
  internetMessageId: string;
  ticketId: string | null;
  outgoing: boolean;
  /** Lower-case addresses of To and Cc, when its own sender was authenticated or was us. */
  addressed: string[];
};

export type KnownDomain = { domain: string; organizationId: string; organization: string; includeSubdomains: boolean };

export type Evidence = {
  /** The sole sender's address, or null. */
  sender: string | null;
  contacts: Map<string, KnownContact>;
  /** Contacts of the organization of the sender's domain, when the sender is a role address that nobody owns. */
  behindRole: KnownContact[];
  domains: KnownDomain[];
  mailboxes: string[];
  agents: string[];
  messages: KnownMessage[];
  tickets: KnownTicket[];
  /** Tokens found in the mail, unchecked. */
  tokens: ThreadToken[];
  openOfSender: string[];
  inConversation: string[];
};

/** More references than these are nobody's honest thread; the nearest count. */
const mostReferences = 60;

export async function gather(desk: Desk, mail: ReadMail, conversationId: string | null): Promise<Evidence> {
  const sender = soleSender(mail);
  const tokens = tokensOf(mail);
  const [contacts, domains, ours, messages, openOfSender, inConversation] = await Promise.all([
    findContacts(desk, addressesToLookUp(mail, sender)),
    sender ? findDomains(desk, domainOf(sender)) : [],
    findOurs(desk, sender),
    findMessages(desk, referencesOf(mail)),
    sender ? findOpenTickets(desk, sender) : [],
    conversationId ? findInConversation(desk, conversationId) : [],
  ]);
  const named = subjectNumber(mail.subject);
  const ticketIds = [...messages.map(({ ticketId }) => ticketId), ...openOfSender, ...inConversation].filter(
    (id) => id !== null,
  );
  const tickets = await findTickets(
    desk,
    ticketIds,
    tokens.map(({ threadKey }) => threadKey),
    named,
  );
  const atRole = sender && isRoleAddress(sender) && !contacts.has(sender) ? domains[0] : undefined;
  const behindRole = atRole ? await findColleagues(desk, atRole.organizationId) : [];
  return { sender, contacts, behindRole, domains, ...ours, messages, tickets, tokens, openOfSender, inConversation };
}

/** Nearest first: In-Reply-To, then References from its end (RFC 5322, 3.6.4); for a report, the mail it is about. */
export function referencesOf(mail: ReadMail): string[] {
  const about = mail.bounce?.originalMessageId ?? mail.feedbackReport?.originalMessageId;
  const nearest = [about, mail.inReplyTo, ...mail.references.toReversed()].filter(
    (id) => typeof id === "string" && id !== "",
  );
  return [...new Set(nearest as string[])].slice(0, mostReferences);
}

/** The header, and plus tags of whom it is addressed to. Anybody can write these; the seal decides. */
function tokensOf(mail: ReadMail): ThreadToken[] {
  const header = mail.headers.filter(([name]) => name === threadHeader).map(([, value]) => readThreadToken(value));
  const envelope = mail.headers.filter(([name]) => /^(delivered-to|x-original-to|x-envelope-to)$/.test(name));
  const addresses = [...mail.to, ...mail.cc].map(({ address }) => address);
  const tokens = [...header, ...tokensIn([...addresses, ...envelope.map(([, value]) => value)])];
  return tokens.filter((token) => token !== null).slice(0, 10);
}

/** "#1042" or "[Ticket 1042]" in a subject: a hint. */
export function subjectNumber(subject: string): number | null {
  const [, digits] = /(?:#|\bticket\s*:?\s*#?)(\d{1,9})\b/i.exec(subject) ?? [];
  return digits ? Number(digits) : null;
}

function addressesToLookUp(mail: ReadMail, sender: string | null): string[] {
  const forwarded = mail.forward?.from?.address;
  const candidates = [sender, sender && withoutPlusTag(sender), forwarded, mail.replyTo[0]?.address];
  return [...new Set(candidates.filter((address) => !!address).map((address) => canonical(address ?? "")))];
}

async function findContacts(desk: Desk, addresses: string[]): Promise<Map<string, KnownContact>> {
  if (addresses.length === 0) return new Map();
  const rows = await desk.$queryRaw<KnownContact[]>`
    select a.address, c.id as "contactId", c.name, c.organization_id as "organizationId", o.name as organization,
      a.taught_by_id is not null and not a."primary" as taught
    from contact_addresses a join contacts c on c.id = a.contact_id join organizations o on o.id = c.organization_id
    where a.address = any(${addresses})`;
  return new Map(rows.map((row) => [row.address, row]));
}

/** The organization of a domain: the nearest wins, and those above count only when they say so. */
async function findDomains(desk: Desk, domain: string): Promise<KnownDomain[]> {
  if (isFreeMail(domain)) return [];
  const rows = await desk.$queryRaw<KnownDomain[]>`
    select d.domain, d.organization_id as "organizationId", o.name as organization, d.include_subdomains as "includeSubdomains"
    from organization_domains d join organizations o on o.id = d.organization_id
    where d.domain = any(${domainsAbove(domain)}) and (d.domain = ${domain} or d.include_subdomains)
    order by length(d.domain) desc`;
  return rows;
}

async function findOurs(desk: Desk, sender: string | null): Promise<{ mailboxes: string[]; agents: string[] }> {
  const rows = await desk.$queryRaw<{ address: string; agent: boolean }[]>`
    select lower(address) as address, false as agent from mailboxes
    union all select lower(address), true from agents where lower(address) = ${sender ?? ""}`;
  const of = (agent: boolean) => rows.filter((row) => row.agent === agent).map(({ address }) => address);
  return { mailboxes: of(false), agents: of(true) };
}

async function findMessages(desk: Desk, ids: string[]): Promise<KnownMessage[]> {
  if (ids.length === 0) return [];
  const rows = await desk.$queryRaw<(Omit<KnownMessage, "addressed"> & { addressed: (string | null)[] | null })[]>`
    select internet_message_id as "internetMessageId", ticket_id as "ticketId", outgoing,
      case when outgoing or authentication ->> 'verdict' = 'pass' then
        array(select lower(r ->> 'address') from jsonb_array_elements(recipients -> 'to' || (recipients -> 'cc')) r)
      end as addressed
    from messages where internet_message_id = any(${ids})`;
  return rows
    .map((row) => ({ ...row, addressed: (row.addressed ?? []).filter((address) => address !== null) }))
    .sort((one, other) => ids.indexOf(one.internetMessageId) - ids.indexOf(other.internetMessageId));
}

async function findTickets(
  desk: Desk,
  ids: string[],
  threadKeys: string[],
  number: number | null,
): Promise<KnownTicket[]> {
  const wanted = [
    ...(ids.length > 0 ? [Prisma.sql`t.id = any(${ids}::uuid[])`] : []),
    ...(threadKeys.length > 0 ? [Prisma.sql`t.thread_key = any(${threadKeys})`] : []),
    ...(number === null ? [] : [Prisma.sql`t.number = ${number}`]),
  ];
  if (wanted.length === 0) return [];
  return desk.$queryRaw<KnownTicket[]>`
    select t.id, t.number, t.subject, t.thread_key as "threadKey", t.organization_id as "organizationId",
      t.requester_id as "requesterId", array(select contact_id from participants p where p.ticket_id = t.id) as "participantIds"
    from tickets t where ${Prisma.join(wanted, " or ")}`;
}

const mostSuggested = 5;

async function findOpenTickets(desk: Desk, sender: string): Promise<string[]> {
  const rows = await desk.$queryRaw<{ id: string }[]>`
    select t.id from tickets t join contact_addresses a on a.contact_id = t.requester_id
    where a.address = ${sender} and t.status not in ('resolved', 'closed', 'cancelled')
    order by t.updated_at desc limit ${mostSuggested}`;
  return rows.map(({ id }) => id);
}

async function findInConversation(desk: Desk, conversationId: string): Promise<string[]> {
  const rows = await desk.$queryRaw<{ id: string }[]>`
    select distinct ticket_id as id from messages
    where conversation_id = ${conversationId} and ticket_id is not null limit ${mostSuggested}`;
  return rows.map(({ id }) => id);
}

function findColleagues(desk: Desk, organizationId: string): Promise<KnownContact[]> {
  return desk.$queryRaw<KnownContact[]>`
    select a.address, c.id as "contactId", c.name, c.organization_id as "organizationId", o.name as organization, false as taught
    from contacts c join organizations o on o.id = c.organization_id
      join contact_addresses a on a.contact_id = c.id and a."primary"
    where c.organization_id = ${organizationId}::uuid order by c.name limit 10`;
}
