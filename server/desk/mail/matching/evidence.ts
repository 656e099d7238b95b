/** Everything the desk knows that could say whose a mail is: read at once, judged by the rules without further looking. */
import { canonicalAddress } from "../../../platform/mail-address.ts";
import type { Desk, DeskTransaction } from "../../database.ts";
import type { ReadMail } from "../reading/read-mail.ts";
import { readThreadToken, type ThreadToken, threadHeader, tokensIn } from "../thread-token.ts";
import {
  domainOf,
  domainsAbove,
  isFreeMail,
  isRoleAddress,
  registrable,
  soleSender,
  withoutPlusTag,
} from "./addresses.ts";
import { addressesClaimed } from "./claimed.ts";
import { domainsInFront, lookOf } from "./look-alike.ts";

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
  /** Whoever is on it beside its requester; of a merged ticket also who is on the one in which it is continued. */
  participantIds: string[];
  /** The ticket that an agent split it from. */
  splitFromId: string | null;
};

/** A mail we hold that the arriving one names. */
export type KnownMessage = {
  internetMessageId: string;
  ticketId: string | null;
  outgoing: boolean;
  /** Canonical addresses of To and Cc, when its own sender was authenticated or was us. */
  addressed: string[];
};

type KnownDomain = { domain: string; organizationId: string; organization: string; includeSubdomains: boolean };

export type Evidence = {
  /** The sole sender's address, or null. */
  sender: string | null;
  contacts: Map<string, KnownContact>;
  /** Who used to have the sender's address. */
  formerly: KnownContact[];
  /** Contacts of the organization of the sender's domain, when the sender is a role address that nobody owns. */
  behindRole: KnownContact[];
  domains: KnownDomain[];
  /** Somebody we know has an address at the sender's domain. */
  knownDomain: boolean;
  /** A domain we know that the sender's is easily mistaken for. */
  looksLike: string | null;
  /** Domains of the people of the tickets that the mail names, and of contacts with the sender's name. */
  expectedDomains: string[];
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

const mostSuggested = 5;

/** One question to the database, because a mailbox of a hundred thousand mails is read mail by mail. */
export async function gather(
  desk: Desk | DeskTransaction,
  mail: ReadMail,
  conversationId: string | null,
): Promise<Evidence> {
  const sender = soleSender(mail);
  const tokens = tokensOf(mail);
  const references = referencesOf(mail);
  const threadKeys = tokens.map(({ threadKey }) => threadKey);
  const domain = sender && !isFreeMail(domainOf(sender)) ? domainOf(sender) : "";
  const asRole = sender !== null && isRoleAddress(sender);
  const [row] = await desk.$queryRaw<{ known: Known }[]>`
    with named_messages as (
      select internet_message_id, ticket_id, outgoing,
        case when outgoing or authentication ->> 'verdict' = 'pass' then recipients end as recipients
      from messages where internet_message_id = any(${references})
    ), open_of_sender as (
      select id from tickets
      where requester_id = (select contact_id from contact_addresses where address = ${sender ?? ""})
        and status not in ('resolved', 'closed', 'cancelled') and merged_into_id is null
      order by updated_at desc limit ${mostSuggested}
    ), in_conversation as (
      select distinct ticket_id as id from messages
      where conversation_id = ${conversationId} and ticket_id is not null limit ${mostSuggested}
    ), named_tickets as (
      select ticket_id as id from named_messages where ticket_id is not null
      union select id from open_of_sender
      union select id from in_conversation
      union select id from tickets where thread_key = any(${threadKeys})
      union select id from tickets where number = ${subjectNumber(mail.subject)}
    )
    select json_build_object(
      'contacts', (select json_agg(json_build_object('address', a.address, 'contactId', c.id, 'name', c.name,
          'organizationId', o.id, 'organization', o.name, 'taught', a.taught_by_id is not null and not a."primary"))
        from contact_addresses a join contacts c on c.id = a.contact_id join organizations o on o.id = c.organization_id
        where a.address = any(${addressesToLookUp(mail, sender)})),
      'domains', (select json_agg(json_build_object('domain', d.domain, 'organizationId', o.id, 'organization', o.name,
          'includeSubdomains', d.include_subdomains) order by length(d.domain) desc)
        from organization_domains d join organizations o on o.id = d.organization_id
        where d.domain = any(${domainsAbove(domain)}) and (d.domain = ${domain} or d.include_subdomains)),
      'formerly', (select json_agg(json_build_object('address', f.address, 'contactId', c.id, 'name', c.name,
          'organizationId', o.id, 'organization', o.name, 'taught', false) order by f.ended_at desc)
        from former_addresses f join contacts c on c.id = f.contact_id join organizations o on o.id = c.organization_id
        where f.address = ${sender}),
      'behindRole', (select json_agg(one) from (
        select a.address, c.id as "contactId", c.name, o.id as "organizationId", o.name as organization, false as taught
        from (select d.organization_id as id from organization_domains d
              where d.domain = any(${domainsAbove(domain)}) and (d.domain = ${domain} or d.include_subdomains)
              order by length(d.domain) desc limit 1) nearest
          join organizations o on o.id = nearest.id join contacts c on c.organization_id = o.id
          join contact_addresses a on a.contact_id = c.id and a."primary"
        where ${asRole} and not exists (select from contact_addresses own where own.address = ${sender})
        order by c.name limit 10) one),
      'knownDomain', exists (select from known_domains where domain = ${registrable(domain)}),
      'looksLike', (select min(domain) from known_domains
        where (look = ${lookOf(registrable(domain))} or domain = any(${domainsInFront(domain)})) and domain <> ${registrable(domain)}),
      'expectedDomains', (select json_agg(distinct split_part(a.address, '@', 2)) from (
          (select id from contacts where name = ${nameOf(mail)} and merged_into_id is null limit 5)
          union select t.requester_id from tickets t join named_tickets on named_tickets.id = t.id
          union select p.contact_id from participants p join named_tickets on named_tickets.id = p.ticket_id
        ) people join contact_addresses a on a.contact_id = people.id),
      'mailboxes', (select json_agg(lower(address)) from mailboxes),
      'agents', (select json_agg(lower(address)) from agents where lower(address) = ${sender}),
      'messages', (select json_agg(json_build_object('internetMessageId', internet_message_id, 'ticketId', ticket_id,
          'outgoing', outgoing, 'recipients', recipients)) from named_messages),
      'tickets', (select json_agg(json_build_object('id', t.id, 'number', t.number, 'subject', t.subject,
          'threadKey', t.thread_key, 'organizationId', t.organization_id, 'requesterId', t.requester_id,
          'participantIds', case when t.merged_into_id is null
            then array(select contact_id from participants p where p.ticket_id = t.id)
            else array(
              with recursive way as (
                select t.id, t.merged_into_id, t.requester_id
                union all select m.id, m.merged_into_id, m.requester_id from tickets m join way on m.id = way.merged_into_id
              ) select requester_id from way union select p.contact_id from participants p join way on way.id = p.ticket_id
            ) end,
          'splitFromId', (select o.from_id from ticket_origins o
            where o.ticket_id = t.id and o.kind = 'split' and o.undone_at is null)))
        from tickets t join named_tickets on named_tickets.id = t.id),
      'openOfSender', (select json_agg(id) from open_of_sender),
      'inConversation', (select json_agg(id) from in_conversation)
    ) as known`;
  if (!row) throw new Error("The database did not answer what it knows of a mail.");
  return { sender, tokens, ...evidenceOf(row.known, references) };
}

/** As the database tells it: null where there is nothing. */
type Known = {
  contacts: KnownContact[] | null;
  formerly: KnownContact[] | null;
  behindRole: KnownContact[] | null;
  domains: KnownDomain[] | null;
  knownDomain: boolean;
  looksLike: string | null;
  expectedDomains: string[] | null;
  mailboxes: string[] | null;
  agents: string[] | null;
  messages: (Omit<KnownMessage, "addressed"> & { recipients: Recipients | null })[] | null;
  tickets: KnownTicket[] | null;
  openOfSender: string[] | null;
  inConversation: string[] | null;
};
type Recipients = { to: { address: string }[]; cc: { address: string }[] };

function evidenceOf(known: Known, references: string[]) {
  const contacts = new Map((known.contacts ?? []).map((contact) => [contact.address, contact]));
  const addressed = ({ to, cc }: Recipients) =>
    [...to, ...cc].flatMap(({ address }) => canonicalAddress(address) ?? []);
  return {
    contacts,
    formerly: known.formerly ?? [],
    behindRole: known.behindRole ?? [],
    domains: known.domains ?? [],
    knownDomain: known.knownDomain,
    looksLike: known.looksLike,
    expectedDomains: known.expectedDomains ?? [],
    mailboxes: known.mailboxes ?? [],
    agents: known.agents ?? [],
    messages: (known.messages ?? [])
      .map(({ recipients, ...rest }) => ({ ...rest, addressed: recipients ? addressed(recipients) : [] }))
      .sort((one, other) => references.indexOf(one.internetMessageId) - references.indexOf(other.internetMessageId)),
    tickets: known.tickets ?? [],
    openOfSender: known.openOfSender ?? [],
    inConversation: known.inConversation ?? [],
  };
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
  const own = [sender, sender && withoutPlusTag(sender)].filter((address) => address !== null);
  return [...new Set([...own, ...addressesClaimed(mail)])];
}

const nameOf = ({ from }: ReadMail) => from?.name.trim() ?? "";
