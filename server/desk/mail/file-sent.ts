/**
 * What happens with a mail that was sent from a mailbox of ours. Our own is left alone. One of a ticket's thread joins
 * the timeline as a reply: the customer has it by mail, and the portal shows it when an agent releases it. Of every
 * other mail nothing is kept. Safe to run twice for the same mail.
 */
import { audit } from "../audit.ts";
import type { DeskContext } from "../context.ts";
import { type Desk, type DeskTransaction, transact } from "../database.ts";
import { isTrouble } from "../graph/trouble.ts";
import { lockWay, placeOf } from "../tickets/place.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { StoredMail } from "./keep.ts";
import { keepMessage } from "./keep-message.ts";
import { gather } from "./matching/evidence.ts";
import { type Which, whichTicket } from "./matching/which-ticket.ts";
import { readHeader } from "./reading/read-header.ts";
import type { ReadMail } from "./reading/read-mail.ts";
import type { SentFrom, SentItem } from "./sent-items.ts";

export async function fileSent(context: DeskContext, mailbox: SentFrom, item: SentItem) {
  const { desk, graph, files, reader, settings } = context;
  try {
    if (await isOurs(context, mailbox, item)) return await settle(desk, item, "ours");

    const options = { trustedAuthservIds: settings.TRUSTED_AUTHSERV_IDS };
    const header = await graph.rawMessage(mailbox.address, item.immutableId, (chunks) => readHeader(chunks, options));
    const sender = await senderOf(desk, mailbox, header);
    const which = sender && (await whichThread(desk, header, settings.DESK_SECRET));
    if (!sender || !which) return await settle(desk, item, "not_kept");

    const raw = await graph.rawMessage(mailbox.address, item.immutableId, files.keepStream);
    const mail = await reader.read(raw, options);
    await transact(desk, (tx) => putOnTimeline(tx, item, { arrived: { mail, raw }, sender, which }));
  } catch (error) {
    // One that has just come may be unknown for a moment where we ask.
    if (!isTrouble(error, "gone") || item.attempts === 0) throw error;
    await settle(desk, item, "gone");
  }
}

const settle = (desk: Desk, item: SentItem, state: "ours" | "not_kept" | "gone") =>
  transact(desk, (tx) => settleIn(tx, item, state));

const settleIn = (
  tx: DeskTransaction,
  { mailboxId, immutableId }: SentItem,
  state: "ours" | "filed" | "not_kept" | "gone",
) =>
  tx.sentItem.updateMany({ where: { mailboxId, immutableId }, data: { state, doneAt: new Date(), lastError: null } });

/** By the id or the Message-ID that we noted before we sent it; or by our key, which is in it from the start. */
async function isOurs({ desk, graph }: DeskContext, { address }: SentFrom, { mailboxId, immutableId }: SentItem) {
  const noted = await desk.sending.findFirst({ where: { mailboxId, draftId: immutableId }, select: { id: true } });
  if (noted) return true;
  const { key, internetMessageId } = await graph.ownMarks(address, immutableId);
  const sending = await desk.sending.findFirst({
    where: { OR: [...(key ? [{ key }] : []), ...(internetMessageId ? [{ mailboxId, internetMessageId }] : [])] },
    select: { internetMessageId: true },
  });
  // "Resend this message" copies the key into a mail that an agent sends.
  return sending !== null && [null, internetMessageId].includes(sending.internetMessageId);
}

type Sender = { agentId: string | null };

/** An agent, or only the mailbox. Null when it is from neither: somebody moved a stranger's mail into Sent Items. */
async function senderOf(desk: Desk, { address }: SentFrom, { from, sender }: ReadMail): Promise<Sender | null> {
  const named = [from, sender].flatMap((who) => who?.address.toLowerCase() ?? []);
  const agents = await desk.$queryRaw<{ id: string; address: string }[]>`
    select id, lower(address) as address from agents where lower(address) = any(${named}) limit 10`;
  // Who pressed Send stands in Sender, when that differs from the mailbox in From (RFC 5322, 3.6.2).
  const [agent] = [sender, from].flatMap((who) => agents.filter((one) => one.address === who?.address.toLowerCase()));
  if (agent) return { agentId: agents.filter((one) => one.address === agent.address).length === 1 ? agent.id : null };
  return named.includes(address) ? { agentId: null } : null;
}

/** Proof only: our token, or a mail of the thread that lies on a ticket. A subject or a conversation is none. */
async function whichThread(desk: Desk, mail: ReadMail, secret: string) {
  return whichTicket(mail, await gather(desk, mail, null), secret);
}

type Found = { arrived: StoredMail; sender: Sender; which: Which };

async function putOnTimeline(tx: DeskTransaction, item: SentItem, { arrived, sender, which }: Found) {
  const { id: ticketId } = placeOf(await lockWay(tx, which.ticket.id));
  const at = item.sentAt ?? new Date();
  const { messageId } = await keepMessage(tx, arrived, {
    ...item,
    fingerprint: fingerprintOf(arrived.mail, item),
    receivedAt: at,
    match: {
      contactId: null,
      organizationId: null,
      ticketId,
      because: ["it was sent from our mailbox", which.because],
      suggestions: { contacts: [], addresses: [], tickets: [] },
      heldBecause: null,
    },
  });
  await settleIn(tx, item, "filed");
  // A copy of it may have come to another mailbox of ours first, where it was only kept.
  const { count } = await tx.message.updateMany({
    where: { id: messageId, ticketId: null },
    data: { ticketId, outgoing: true, heldBecause: null },
  });
  if (count === 1) await writeEntry(tx, messageId, { mail: arrived.mail, ticketId, at, agentId: sender.agentId });
}

type Place = { mail: ReadMail; ticketId: string; at: Date; agentId: string | null };

/** Internal, as everything is until somebody releases it. The status stays: the portal would show it. */
async function writeEntry(tx: DeskTransaction, messageId: string, { mail, ticketId, at, agentId }: Place) {
  const message = await tx.message.findUniqueOrThrow({
    where: { id: messageId },
    select: { visibleHtml: true, quotedHtml: true },
  });
  const { id: entryId } = await tx.entry.create({
    data: {
      ticketId,
      kind: "reply",
      agentId,
      messageId,
      html: message.visibleHtml,
      quotedHtml: message.quotedHtml,
      at,
      facts: { sentFrom: "outlook", to: [...mail.to, ...mail.cc].map(({ address }) => address) },
    },
    select: { id: true },
  });
  await tx.attachment.updateMany({ where: { messageId }, data: { entryId } });
  await tx.ticket.update({
    where: { id: ticketId },
    data: { updatedAt: new Date(), version: { increment: 1 } },
    select: { id: true },
  });
  await audit(tx, { rule: "sent from Outlook" }, { act: "reply_found", ticketId, subject: messageId });
}
