/** When a mail becomes a ticket, the mails of its thread that we hold come along: those that its people wrote to each other. */
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import type { DeskTransaction } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { fileMessage } from "./file.ts";

const actor = { rule: "the thread of a mail that became a ticket" };

/** A longer conversation is looked through as far as this; the rest is suggested, as before. */
const most = 50;

type Mail = {
  id: string;
  messageId: string;
  /** Message-IDs that it answers. */
  answers: string[];
  from: string;
  /** Lower-case addresses of To and Cc. */
  addressed: string[];
  verified: boolean;
  contactId: string | null;
  organizationId: string | null;
};

export async function takeThreadAlong(
  tx: DeskTransaction,
  queue: DeskQueue,
  { ticketId, messageId }: { ticketId: string; messageId: string },
) {
  const [opened] = await mailsWhere(tx, Prisma.sql`m.id = ${messageId}::uuid`, Prisma.empty);
  if (!opened) return;
  const waiting = await waitingOf(tx, messageId);
  const { organizationId, people } = await peopleOf(tx, ticketId);
  const thread = [opened];
  for (let next = belonging(); next; next = belonging()) {
    const because = [`its thread became a ticket, and ${next.from} takes part in it`];
    await fileMessage(tx, queue, { messageId: next.id, ticketId, attachmentIds: "all", actor, because });
    if (next.contactId) people.add(next.contactId);
    thread.push(next);
  }

  function belonging(): Mail | undefined {
    return waiting.find((mail) => !thread.includes(mail) && thread.some((other) => isOfThread(mail, other)));
  }

  /** It answers the other or is answered by it, and its writer is on the ticket, or a colleague with whom the other was shared. */
  function isOfThread(mail: Mail, other: Mail): boolean {
    const answers = mail.answers.includes(other.messageId);
    const isAnswered = other.answers.includes(mail.messageId);
    if (!(answers || isAnswered) || mail.contactId === null) return false;
    const wasShared = other.verified && other.addressed.includes(mail.from);
    const theyWrite = wasShared && (answers || mail.addressed.includes(other.from));
    return people.has(mail.contactId) || (theyWrite && mail.organizationId === organizationId);
  }
}

/** Mails of the same conversation that nobody doubts and that have no ticket yet. A colleague who opens one of them now has it. */
const waitingOf = (tx: DeskTransaction, messageId: string) =>
  mailsWhere(
    tx,
    Prisma.sql`m.conversation_id = (select conversation_id from messages where id = ${messageId}::uuid)
      and m.ticket_id is null and m.held_because is null and not m.outgoing and m.kind = 'message'
      and m.authentication ->> 'verdict' = 'pass' and m.internet_message_id is not null`,
    Prisma.sql`order by m.received_at limit ${most} for update of m skip locked`,
  );

const mailsWhere = (tx: DeskTransaction, where: Prisma.Sql, rest: Prisma.Sql) => tx.$queryRaw<Mail[]>`
  select m.id, coalesce(m.internet_message_id, '') as "messageId", m.from_address as "from",
    array_remove(m."references" || m.in_reply_to, null) as answers,
    array(select lower(named ->> 'address') from jsonb_array_elements((m.recipients -> 'to') || (m.recipients -> 'cc')) named)
      as addressed,
    m.authentication ->> 'verdict' = 'pass' as verified, c.id as "contactId", c.organization_id as "organizationId"
  from messages m left join contact_addresses a on a.address = m.from_address left join contacts c on c.id = a.contact_id
  where ${where} ${rest}`;

async function peopleOf(tx: DeskTransaction, ticketId: string) {
  const { organizationId, requesterId, participants } = await tx.ticket.findUniqueOrThrow({
    where: { id: ticketId },
    select: { organizationId: true, requesterId: true, participants: { select: { contactId: true } } },
  });
  return { organizationId, people: new Set([requesterId, ...participants.map(({ contactId }) => contactId)]) };
}
