import { randomBytes } from "node:crypto";
import type { Organization } from "../../../prisma/generated/desk/client.ts";
import { endpoint } from "../../platform/endpoint.ts";
import { conflict, notFound } from "../../platform/problems.ts";
import { type Actor, audit } from "../audit.ts";
import { createContact } from "../contacts/create.ts";
import type { AgentContext } from "../context.ts";
import { Opened, OpenTicket, type Priority } from "../contract/tickets.ts";
import { type DeskTransaction, transact } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { fileJustKept, fileMessage, type JustKept } from "../mail/file.ts";
import { takeThreadAlong } from "../mail/thread-along.ts";
import { newId } from "../new-id.ts";
import { participantsFrom } from "./participants.ts";
import { ticketView } from "./show.ts";
import { whoseMail } from "./whose-mail.ts";

export const open = endpoint({
  summary: "Makes a ticket of a mail. A colleague who was first keeps theirs, and this request gets it.",
  status: 201,
  input: OpenTicket,
  output: Opened,
  run: async (wish, { desk, queue, ...asking }: AgentContext) => {
    const { number, sentence } = await transact(desk, async (tx) => {
      const message = await lockMessage(tx, wish.messageId);
      if (message.ticketId) return whoseMail(tx, message.id, message.ticketId);

      const { requester, participants: wished, ...rest } = wish;
      const requesterId =
        "contactId" in requester
          ? requester.contactId
          : (await createContact(tx, { ...requester.newContact, taughtById: asking.agent.id }, asking)).id;
      const because = [`${asking.agent.name} made a ticket of it`];
      const { mailboxId } = message;
      const contactIds = await participantsFrom(tx, wished, requesterId, asking);
      const participants = { contactIds, because: `${asking.agent.name} took them onto the ticket` };
      const ticket = {
        ...rest,
        requesterId,
        participants,
        mailboxId,
        channel: "email" as const,
        actor: asking,
        because,
      };
      const opened = await openTicket(tx, queue, ticket);
      await takeThreadAlong(tx, queue, { ticketId: opened.id, messageId: message.id });
      return { ...opened, sentence: null };
    });
    const outcome = sentence === null ? "opened" : "already";
    return { outcome, ticket: await ticketView(desk, number), sentence } as const;
  },
});

export type NewTicket = {
  messageId: string | null;
  /** The mail of `messageId`, kept in this transaction: nobody else can know it yet, so it is neither locked nor read again. */
  justKept?: JustKept;
  requesterId: string;
  subject: string;
  team: string | null;
  priority: Priority;
  attachmentIds: string[] | "all";
  mailboxId: string | null;
  channel: "email" | "portal";
  actor: Actor;
  because: string[];
  /** Further contacts who are on it from the beginning. */
  participants?: { contactIds: string[]; because: string };
  /** Why the customer sees it, whatever the organization's setting; null: not before somebody releases it. */
  showsBecause?: string | null;
};

/** Opens a ticket, of a mail or of what a customer wrote in the portal. A mail that has a ticket is a conflict. */
export async function openTicket(
  tx: DeskTransaction,
  queue: DeskQueue,
  wish: NewTicket,
): Promise<{ id: string; number: number }> {
  const {
    messageId,
    justKept,
    requesterId: wished,
    attachmentIds,
    actor,
    because,
    participants,
    showsBecause,
    ...rest
  } = wish;
  const message = justKept ?? (messageId ? await lockMessage(tx, messageId) : null);
  if (message?.ticketId) {
    const { sentence } = await whoseMail(tx, message.id, message.ticketId);
    throw conflict("has_ticket", sentence);
  }
  const { requesterId, organization } = await lockRequester(tx, wished);
  const isProven = message === null || (await provesRequester(tx, message.id, requesterId, organization));
  const byScope = () => (isProven ? showsAtOnce(wish.channel, organization, message?.receivedAt ?? new Date()) : null);
  const rule = showsBecause === undefined ? byScope() : showsBecause;
  const openedById = "agent" in actor ? actor.agent.id : null;
  const ticket = await writeTicket(tx, { ...rest, requesterId, organizationId: organization.id, openedById }, rule);
  if (participants)
    await tx.participant.createMany({
      data: participants.contactIds.map((contactId) => ({
        ticketId: ticket.id,
        contactId,
        because: participants.because,
      })),
    });
  await audit(tx, actor, {
    act: "ticket_opened",
    ticketId: ticket.id,
    ...(message && { subject: message.id }),
    details: { channel: wish.channel, inPortal: rule },
  });
  if (justKept) await fileJustKept(tx, justKept, { ticketId: ticket.id, contactId: requesterId, actor, because });
  // Filing publishes what it files.
  if (message && !justKept)
    await fileMessage(tx, queue, { messageId: message.id, ticketId: ticket.id, attachmentIds, actor, because });
  else if (rule) await queue.enqueue(tx, "publish-ticket", { ticketId: ticket.id }, { key: ticket.id });
  return ticket;
}

type TicketRow = Omit<
  NewTicket,
  "messageId" | "justKept" | "attachmentIds" | "actor" | "because" | "participants" | "showsBecause"
> & {
  organizationId: string;
  openedById: string | null;
};

/** The ticket, and that the customer sees it when a rule says so. One statement: every mail may open a ticket. */
async function writeTicket(tx: DeskTransaction, row: TicketRow, rule: string | null) {
  const { organizationId, requesterId, mailboxId, subject, team, priority, channel, openedById } = row;
  const [ticket] = await tx.$queryRaw<{ id: string; number: number }[]>`
    with opened as (
      insert into tickets (id, organization_id, requester_id, mailbox_id, subject, team, priority, channel, thread_key, opened_by_id,
        categories_due_at)
      values (${newId()}::uuid, ${organizationId}::uuid, ${requesterId}::uuid, ${mailboxId}::uuid, ${subject}, ${team},
        ${priority}::"Priority", ${channel}::"Channel", ${threadKey()}, ${openedById}::uuid, now())
      returning id, number
    ), shown as (
      insert into portal_tickets (ticket_id, rule) select id, ${rule} from opened where ${rule}::text is not null
    )
    select id, number from opened`;
  if (!ticket) throw new Error("The database did not answer which ticket it wrote.");
  return ticket;
}

type LockedMessage = {
  id: string;
  ticketId: string | null;
  mailboxId: string | null;
  heldBecause: string | null;
  receivedAt: Date;
};

/** Whoever comes second waits here, and then sees the first one's ticket. */
export async function lockMessage(tx: DeskTransaction, messageId: string) {
  const [message] = await tx.$queryRaw<LockedMessage[]>`
    select id, ticket_id as "ticketId", mailbox_id as "mailboxId", held_because as "heldBecause",
      received_at as "receivedAt"
    from messages where id = ${messageId}::uuid for update`;
  if (!message) throw notFound("This mail");
  return message;
}

/**
 * The requester, or whom he turned out to be, and his organization. Locked: whoever merges either waits for this ticket
 * and moves it too. What was merged while we waited is found by looking again.
 */
async function lockRequester(tx: DeskTransaction, contactId: string, again = true): Promise<Requester> {
  const [found] = await tx.$queryRaw<(Scope & { mergedIntoId: string | null })[]>`
    select c.merged_into_id as "mergedIntoId", o.id, o.portal_scope as "portalScope", o.portal_scope_from as "portalScopeFrom"
    from contacts c join organizations o on o.id = c.organization_id where c.id = ${contactId}::uuid for share of c`;
  if (!found && again) return lockRequester(tx, contactId, false);
  if (!found) throw notFound("This contact");
  const { mergedIntoId, ...organization } = found;
  return mergedIntoId ? lockRequester(tx, mergedIntoId) : { requesterId: contactId, organization };
}

type Requester = { requesterId: string; organization: Scope };
type Scope = Pick<Organization, "id" | "portalScope" | "portalScopeFrom">;

/**
 * A server vouches for the mail, and its sender's address is the requester's. Somebody who was only perhaps the sender is
 * shown nothing by a rule: a person releases the ticket. Not asked where no rule would show it.
 */
async function provesRequester(tx: DeskTransaction, messageId: string, requesterId: string, { portalScope }: Scope) {
  if (portalScope === "none") return false;
  const [row] = await tx.$queryRaw<{ proven: boolean }[]>`
    select m.authentication ->> 'verdict' = 'pass' and exists (
        select from contact_addresses a where a.address = m.from_address and a.contact_id = ${requesterId}::uuid) as proven
    from messages m where m.id = ${messageId}::uuid`;
  return row?.proven ?? false;
}

/** Rule of visibility 2: whether the customer sees at once that the ticket exists; the rule's words, or null. */
function showsAtOnce(channel: NewTicket["channel"], organization: Scope, since: Date): string | null {
  if (channel === "portal") return "the customer opened it in the portal";
  switch (organization.portalScope) {
    case "all":
      return "the organization sees all its tickets";
    case "only_new":
      return "the organization sees its new tickets";
    case "from_date":
      return organization.portalScopeFrom && since >= organization.portalScopeFrom
        ? `the organization sees its tickets since ${organization.portalScopeFrom.toISOString().slice(0, 10)}`
        : null;
    case "none":
      return null;
  }
}

/** RFC 4648 base32 without padding, lower case: survives addresses that some server folds. */
function threadKey() {
  const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  const bits = [...randomBytes(16)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}
