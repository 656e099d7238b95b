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
import { fileMessage } from "../mail/file.ts";
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

      const { requester, ...rest } = wish;
      const requesterId =
        "contactId" in requester
          ? requester.contactId
          : (await createContact(tx, { ...requester.newContact, taughtById: asking.agent.id }, asking)).id;
      const because = [`${asking.agent.name} made a ticket of it`];
      const { mailboxId } = message;
      const ticket = { ...rest, requesterId, mailboxId, channel: "email" as const, actor: asking, because };
      return { ...(await openTicket(tx, queue, ticket)), sentence: null };
    });
    const outcome = sentence === null ? "opened" : "already";
    return { outcome, ticket: await ticketView(desk, number), sentence } as const;
  },
});

export type NewTicket = {
  messageId: string | null;
  requesterId: string;
  subject: string;
  team: string | null;
  priority: Priority;
  attachmentIds: string[] | "all";
  mailboxId: string | null;
  channel: "email" | "portal";
  actor: Actor;
  because: string[];
};

/** Opens a ticket, of a mail or of what a customer wrote in the portal. A mail that has a ticket is a conflict. */
export async function openTicket(
  tx: DeskTransaction,
  queue: DeskQueue,
  wish: NewTicket,
): Promise<{ id: string; number: number }> {
  const { messageId, requesterId, attachmentIds, actor, because, ...rest } = wish;
  const message = messageId ? await lockMessage(tx, messageId) : null;
  if (message?.ticketId) {
    const { sentence } = await whoseMail(tx, message.id, message.ticketId);
    throw conflict("has_ticket", sentence);
  }
  const requester = await requesterOf(tx, requesterId);

  const ticket = await tx.ticket.create({
    data: {
      ...rest,
      requesterId,
      organizationId: requester.organization.id,
      threadKey: threadKey(),
      openedById: "agent" in actor ? actor.agent.id : null,
    },
    select: { id: true, number: true },
  });
  if (message)
    await fileMessage(tx, queue, { messageId: message.id, ticketId: ticket.id, attachmentIds, actor, because });

  const rule = showsAtOnce(wish.channel, requester.organization, message?.receivedAt ?? new Date());
  if (rule) await tx.portalTicket.create({ data: { ticketId: ticket.id, rule }, select: { ticketId: true } });
  await audit(tx, actor, {
    act: "ticket_opened",
    ticketId: ticket.id,
    ...(message && { subject: message.id }),
    details: { channel: wish.channel, inPortal: rule },
  });
  await queue.enqueue(tx, "publish-ticket", { ticketId: ticket.id }, { key: ticket.id });
  return ticket;
}

/** Whoever comes second waits here, and then sees the first one's ticket. */
export async function lockMessage(tx: DeskTransaction, messageId: string) {
  await tx.$queryRaw`select id from messages where id = ${messageId}::uuid for update`;
  const message = await tx.message.findUnique({
    where: { id: messageId },
    select: { id: true, ticketId: true, mailboxId: true, receivedAt: true },
  });
  if (!message) throw notFound("This mail");
  return message;
}

async function requesterOf(tx: DeskTransaction, contactId: string) {
  const requester = await tx.contact.findUnique({
    where: { id: contactId },
    select: { organization: { select: { id: true, portalScope: true, portalScopeFrom: true } } },
  });
  if (!requester) throw notFound("This contact");
  return requester;
}

type Scope = Pick<Organization, "portalScope" | "portalScopeFrom">;

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
