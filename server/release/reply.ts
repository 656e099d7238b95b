/** A reply for the customer: released first, then mailed from the released words. */
import type { z } from "zod";
import { audit } from "../desk/audit.ts";
import type { AgentContext, Asking } from "../desk/context.ts";
import { mailSizeMb } from "../desk/contract/mails.ts";
import { EntryOf, EntryView, TakenBack, WriteReply } from "../desk/contract/tickets.ts";
import { type DeskTransaction, transact } from "../desk/database.ts";
import { intendMail, takeBackSending } from "../desk/mail/send.ts";
import { lockTicket } from "../desk/tickets/lock.ts";
import { endpoint } from "../platform/endpoint.ts";
import { conflict, notFound, problem } from "../platform/problems.ts";
import { publishAtOnce, publishInAnyCase, publishWhenDue } from "./at-once.ts";
import type { DoorContext } from "./context.ts";
import { lockToAnswer } from "./lock-to-answer.ts";
import { replyMail } from "./mails/reply.ts";
import { mailToAnswer, type Recipient, recipientsOf } from "./recipients.ts";
import { readEntry, record } from "./release.ts";
import { makeSecureLink } from "./secure-link.ts";
import { supportMailbox } from "./support-mailbox.ts";
import { hashOf, isEmpty, releasedWords } from "./words.ts";

type Wish = z.output<typeof WriteReply>;
type Ticket = Awaited<ReturnType<typeof lockTicket>>;

export const writeReply = (door: DoorContext) =>
  endpoint({
    summary: "Writes a reply for the customer: it is released, and mailed when the grace period is over.",
    status: 201,
    input: WriteReply,
    output: EntryView,
    run: async (wish, asking: AgentContext) => {
      const due = new Date(Date.now() + door.settings.GRACE_SECONDS * 1000);
      const { ticketId, entryId } = await transact(door.desk, async (tx) => {
        const ticket = await lockToAnswer(tx, asking, wish);
        return fileReply(door, tx, { ticket, wish, asking, due });
      });
      if (door.settings.GRACE_SECONDS === 0) await publishAtOnce(door, ticketId);
      else publishWhenDue(door, ticketId, due);
      return readEntry(door.desk, ticketId, entryId);
    },
  });

type Writing = { ticket: Ticket; wish: Wish; asking: Asking; due: Date };

/** Entry, release, mail and job, all or none. Ticket and status show to the customer when the grace period is over. */
async function fileReply(door: DoorContext, tx: DeskTransaction, { ticket, wish, asking, due }: Writing) {
  const html = releasedWords({ html: wish.html }, { contentIds: new Set(), embedded: true });
  if (isEmpty(html) && wish.attachmentIds.length === 0) throw problem(400, "empty", "Write something first.");
  // Refused now: when the grace period is over nobody is there to be told.
  if (wish.thenStatus === "new")
    throw problem(422, "not_new_again", "A ticket that somebody has answered is not new again. Choose another status.");

  const thenStatus = {
    to: wish.thenStatus ?? "waiting_on_customer",
    from: ticket.status,
    asked: wish.thenStatus !== undefined,
  };
  const at = new Date();
  const entry = await tx.entry.create({
    data: {
      ticketId: ticket.id,
      kind: "reply",
      agentId: asking.agent.id,
      answersId: wish.quoteEntryId,
      html,
      at,
      facts: { thenStatus },
    },
    select: { id: true },
  });
  const attachmentIds = await takeFiles(tx, asking, {
    ticketId: ticket.id,
    entryId: entry.id,
    wanted: wish.attachmentIds,
  });
  const releaseId = await record(tx, asking, {
    ticketId: ticket.id,
    entryId: entry.id,
    html,
    attachmentIds,
    publishAfter: due,
  });
  await intendReply(door, tx, { ticket, wish, html, attachmentIds, entryId: entry.id, releaseId, due });

  await tx.ticket.update({
    where: { id: ticket.id },
    data: { updatedAt: at, version: { increment: 1 } },
    select: { id: true },
  });
  await audit(tx, asking, {
    act: "reply_written",
    ticketId: ticket.id,
    subject: entry.id,
    details: { htmlSha256: hashOf(html) },
  });
  await publishInAnyCase(door, tx, ticket.id, due);
  return { ticketId: ticket.id, entryId: entry.id };
}

/** Her own uploads move onto the reply; a file that is on the ticket already is shown where it stands. */
export async function takeFiles(
  tx: DeskTransaction,
  asking: Asking,
  { ticketId, entryId, wanted }: { ticketId: string; entryId: string; wanted: string[] },
) {
  const ids = [...new Set(wanted)];
  for (const [position, id] of ids.entries()) {
    const { count } = await tx.attachment.updateMany({
      where: { id, uploadedById: asking.agent.id, entryId: null, messageId: null },
      data: { entryId, position },
    });
    if (count === 0 && (await tx.attachment.count({ where: { id, entry: { ticketId } } })) === 0)
      throw problem(422, "unknown_file", "One of the files is neither yours nor on this ticket. Upload it again.");
  }
  return ids;
}

type Intent = {
  ticket: Ticket;
  wish: Wish;
  html: string;
  attachmentIds: string[];
  entryId: string;
  releaseId: string;
  due: Date;
};

async function intendReply(door: DoorContext, tx: DeskTransaction, intent: Intent) {
  const { ticket, wish, html, attachmentIds, entryId, releaseId, due } = intent;
  const { to, cc } = await recipientsOf(tx, ticket.id, wish.cc);
  if (!to) return; // known by name only, from the phone: the portal is where he reads it
  const mailboxId = ticket.mailboxId ?? (await supportMailbox(door, tx)).id;
  const files = await tx.attachment.findMany({
    where: { id: { in: attachmentIds } },
    select: { name: true, type: true, sha256: true, size: true },
    orderBy: { position: "asc" },
  });
  refuseTooLarge(files, door.settings.MAIL_SIZE_MB);
  const named = ({ name, address }: Recipient) => ({ name, address });
  const recipients = [to, ...cc].map(({ contactId }) => contactId);
  const answersMessageId = await mailToAnswer(tx, ticket.id, recipients);
  await intendMail(tx, door.queue, {
    kind: "reply",
    key: `reply:${releaseId}`,
    mailboxId,
    ticketId: ticket.id,
    entryId,
    releaseId,
    sendAfter: due,
    mail: {
      to: [named(to)],
      cc: cc.map(named),
      subject: answersMessageId ? subjectOf(ticket) : ticket.subject,
      html: replyMail({
        language: to.language,
        timeZone: await timeZoneOf(tx, ticket.organizationId),
        number: ticket.number,
        html,
        quoted: await releasedOf(tx, ticket.id, wish.quoteEntryId),
        portal: await placeToRead(door, tx, ticket, to, cc),
      }),
      answersMessageId,
      attachments: files.map(({ size: _, ...file }) => ({ ...file, store: "desk" as const })),
      automatic: false,
    },
  });
}

/** Refused now: the mailbox would refuse it when nobody is there to be told. */
export function refuseTooLarge(files: { size: number }[], most: number) {
  const size = Math.ceil(mailSizeMb(files));
  if (size > most)
    throw problem(
      422,
      "too_large_to_mail",
      `These files make a mail of ${size} MB, and the mailbox sends ${most} MB at most. Remove a file, or send two replies.`,
    );
}

/**
 * A secret is one person's: with several recipients the mail names the page behind the sign-in instead. To whom the CRM
 * has deleted it names no place: the portal is closed to them.
 */
export async function placeToRead(
  { settings }: DoorContext,
  tx: DeskTransaction,
  ticket: Ticket,
  to: Recipient,
  cc: Recipient[],
) {
  const portalUrl = settings.PORTAL_URL;
  if ([to, ...cc].every(({ former }) => former)) return null;
  if (cc.length) return { address: `${portalUrl}/tickets/${ticket.number}`, personal: false };
  return {
    address: await makeSecureLink(tx, { portalUrl, ticketId: ticket.id, contactId: to.contactId }),
    personal: true,
  };
}

const subjectOf = ({ subject }: Ticket) => (/^re:/i.test(subject) ? subject : `Re: ${subject}`);

export async function timeZoneOf(tx: DeskTransaction, organizationId: string) {
  const { timeZone } = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { timeZone: true },
  });
  return timeZone;
}

/** Only what the customer sees of an entry is quoted to him: its released words, or nothing. */
async function releasedOf(tx: DeskTransaction, ticketId: string, entryId: string | null) {
  if (!entryId) return null;
  const entry = await tx.entry.findFirst({
    where: { id: entryId, ticketId },
    select: {
      at: true,
      contact: { select: { name: true } },
      agent: { select: { name: true } },
      releases: {
        where: { retractedAt: null, publishAfter: { lte: new Date() } },
        select: { html: true, releasedBy: { select: { name: true } } },
        orderBy: { releasedAt: "desc" },
        take: 1,
      },
    },
  });
  if (!entry) throw notFound("The entry to quote");
  const [release] = entry.releases;
  if (!release) return null;
  // A picture inside the words has no place to come from in this mail.
  const html = releasedWords({ html: release.html }, { contentIds: new Set(), embedded: false });
  return { html, who: (entry.contact ?? entry.agent ?? release.releasedBy)?.name ?? "", at: entry.at };
}

export const takeBackReply = (door: DoorContext) =>
  endpoint({
    summary: "Takes a reply back within its grace period: it is neither mailed nor shown, and its words return.",
    input: EntryOf,
    output: TakenBack,
    run: async ({ number, entryId }, asking: AgentContext) => {
      const { ticketId, ...taken } = await transact(door.desk, (tx) => undo(tx, asking, number, entryId));
      await publishAtOnce(door, ticketId);
      return taken;
    },
  });

async function undo(tx: DeskTransaction, asking: Asking, number: number, entryId: string) {
  const ticket = await lockTicket(tx, number);
  const entry = await tx.entry.findFirst({
    where: { id: entryId, ticketId: ticket.id, kind: "reply" },
    select: {
      html: true,
      releases: { select: { id: true, publishAfter: true, files: true } },
      sendings: { select: { id: true, sendAfter: true } },
      attachments: { select: { id: true } },
    },
  });
  if (!entry) throw notFound("This reply");
  const [release] = entry.releases;
  const [sending] = entry.sendings;
  const leaves = release?.publishAfter ?? sending?.sendAfter;
  const waits = leaves && leaves.getTime() > Date.now();
  if (!waits || (sending && !(await takeBackSending(tx, sending.id))))
    throw conflict(
      "too_late",
      "The reply has left. Retract it to remove it from the portal; the mail cannot be recalled.",
    );

  await tx.sending.updateMany({ where: { entryId }, data: { releaseId: null, entryId: null, mail: {} } });
  await tx.release.deleteMany({ where: { entryId } });
  // Her uploads stay hers, for the next attempt; they would vanish with the entry.
  await tx.attachment.updateMany({ where: { entryId }, data: { entryId: null } });
  await tx.entry.delete({ where: { id: entryId }, select: { id: true } });
  await tx.ticket.update({ where: { id: ticket.id }, data: { version: { increment: 1 } }, select: { id: true } });
  await audit(tx, asking, { act: "reply_taken_back", ticketId: ticket.id, subject: entryId });
  return {
    ticketId: ticket.id,
    html: entry.html,
    attachmentIds: release
      ? release.files.map(({ attachmentId }) => attachmentId)
      : entry.attachments.map(({ id }) => id),
  };
}
