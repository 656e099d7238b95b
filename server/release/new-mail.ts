/**
 * A new mail on a ticket, not an answer to one: to people of the ticket, released like a reply; or internal, to whomever
 * the agent chose. Either carries the ticket's token, so that the answer finds it.
 */
import type { z } from "zod";
import { audit } from "../desk/audit.ts";
import type { AgentContext, Asking } from "../desk/context.ts";
import { EntryView, WriteNewMail } from "../desk/contract/tickets.ts";
import { type DeskTransaction, transact } from "../desk/database.ts";
import { intendMail } from "../desk/mail/send.ts";
import type { lockTicket } from "../desk/tickets/lock.ts";
import { endpoint } from "../platform/endpoint.ts";
import { problem } from "../platform/problems.ts";
import { publishAtOnce, publishInAnyCase, publishWhenDue } from "./at-once.ts";
import type { DoorContext } from "./context.ts";
import { lockToAnswer } from "./lock-to-answer.ts";
import { replyMail } from "./mails/reply.ts";
import { type Recipient, recipientsNamed } from "./recipients.ts";
import { readEntry, record } from "./release.ts";
import { placeToRead, refuseTooLarge, takeFiles, timeZoneOf } from "./reply.ts";
import { supportMailbox } from "./support-mailbox.ts";
import { hashOf, isEmpty, releasedWords } from "./words.ts";

type Wish = z.output<typeof WriteNewMail>;
type Ticket = Awaited<ReturnType<typeof lockTicket>>;

export const writeNewMail = (door: DoorContext) =>
  endpoint({
    summary: "Writes a new mail on a ticket: for the customer, or internally to somebody else.",
    status: 201,
    input: WriteNewMail,
    output: EntryView,
    run: async (wish, asking: AgentContext) => {
      const due = new Date(Date.now() + door.settings.GRACE_SECONDS * 1000);
      const { ticketId, entryId } = await transact(door.desk, async (tx) => {
        const ticket = await lockToAnswer(tx, asking, wish);
        return file(door, tx, { ticket, wish, asking, due });
      });
      if (wish.audience === "customer")
        if (door.settings.GRACE_SECONDS === 0) await publishAtOnce(door, ticketId);
        else publishWhenDue(door, ticketId, due);
      return readEntry(door.desk, ticketId, entryId);
    },
  });

type Writing = { ticket: Ticket; wish: Wish; asking: Asking; due: Date };

/** Entry, release (for the customer only), mail and job, all or none. */
async function file(door: DoorContext, tx: DeskTransaction, { ticket, wish, asking, due }: Writing) {
  const html = releasedWords({ html: wish.html }, { contentIds: new Set(), embedded: true });
  if (isEmpty(html)) throw problem(400, "empty", "Write something first.");
  if (wish.thenStatus === "new")
    throw problem(422, "not_new_again", "A ticket that somebody has answered is not new again. Choose another status.");
  const forCustomer = wish.audience === "customer";
  const recipients = await recipientsNamed(tx, ticket.id, wish.toContactIds, forCustomer);
  const at = new Date();
  const thenStatus = {
    to: wish.thenStatus ?? "waiting_on_customer",
    from: ticket.status,
    asked: wish.thenStatus !== undefined,
  };
  const entry = await tx.entry.create({
    data: {
      ticketId: ticket.id,
      kind: "reply",
      agentId: asking.agent.id,
      html,
      at,
      facts: { newMail: wish.subject, ...(forCustomer && { thenStatus }) },
    },
    select: { id: true },
  });
  const place = { ticketId: ticket.id, entryId: entry.id };
  const attachmentIds = await takeFiles(tx, asking, { ...place, wanted: wish.attachmentIds });
  const releaseId = forCustomer
    ? await record(tx, asking, { ...place, html, attachmentIds, publishAfter: due })
    : undefined;
  await intend(door, tx, { ticket, wish, html, recipients, attachmentIds, entryId: entry.id, releaseId, due });
  await tx.ticket.update({
    where: { id: ticket.id },
    data: { updatedAt: at, version: { increment: 1 } },
    select: { id: true },
  });
  await audit(tx, asking, {
    act: "new_mail_written",
    ticketId: ticket.id,
    subject: entry.id,
    details: { audience: wish.audience, htmlSha256: hashOf(html) },
  });
  if (forCustomer) await publishInAnyCase(door, tx, ticket.id, due);
  return place;
}

type Intent = {
  ticket: Ticket;
  wish: Wish;
  html: string;
  recipients: [Recipient, ...Recipient[]];
  attachmentIds: string[];
  entryId: string;
  releaseId: string | undefined;
  due: Date;
};

async function intend(door: DoorContext, tx: DeskTransaction, intent: Intent) {
  const { ticket, wish, html, recipients, attachmentIds, entryId, releaseId, due } = intent;
  const [first, ...others] = recipients;
  const files = await tx.attachment.findMany({
    where: { id: { in: attachmentIds } },
    select: { name: true, type: true, sha256: true, size: true },
    orderBy: { position: "asc" },
  });
  refuseTooLarge(files, door.settings.MAIL_SIZE_MB);
  await intendMail(tx, door.queue, {
    kind: "reply",
    key: `new-mail:${entryId}`,
    mailboxId: ticket.mailboxId ?? (await supportMailbox(door, tx)).id,
    ticketId: ticket.id,
    entryId,
    ...(releaseId && { releaseId }),
    sendAfter: due,
    mail: {
      to: recipients.map(({ name, address }) => ({ name, address })),
      cc: [],
      subject: wish.subject,
      html: replyMail({
        language: first.language,
        timeZone: await timeZoneOf(tx, ticket.organizationId),
        number: ticket.number,
        html,
        quoted: null,
        // Whoever is not on the ticket has no place in the portal.
        portal: releaseId ? await placeToRead(door, tx, ticket, first, others) : null,
      }),
      answersMessageId: null,
      attachments: files.map(({ size: _, ...file }) => ({ ...file, store: "desk" as const })),
      automatic: false,
    },
  });
}
