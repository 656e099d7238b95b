/**
 * What was sent from a mailbox of ours, by an agent in plain Outlook or on a phone, or by Deskhatch itself.
 * Read with the care of the Inbox: each id is written down together with the place to go on from.
 */
import { log } from "../../platform/log.ts";
import type { DeskContext } from "../context.ts";
import { type DeskTransaction, transact } from "../database.ts";
import type { Arrived, Changes } from "../graph/changes.ts";
import { leadsAstray, neverTwice } from "../graph/links.ts";
import { isTrouble, LockedOut } from "../graph/trouble.ts";
import type { DeskQueue } from "../jobs.ts";
import { fileSent } from "./file-sent.ts";

export type SentFrom = { id: string; address: string; sentLink: string | null; createdAt: Date };
export type SentItem = {
  mailboxId: string;
  immutableId: string;
  sentAt: Date | null;
  conversationId: string | null;
  attempts: number;
};

/** A job has two minutes; what is left is the next one's. */
const atATime = 100;
const mostAttempts = 10;

export async function syncSentItems(context: DeskContext, mailboxId: string) {
  const mailbox = await context.desk.mailbox.findUnique({
    where: { id: mailboxId },
    select: { id: true, address: true, sentLink: true, createdAt: true },
  });
  if (!mailbox) return;
  try {
    await writeDownChanges(context, mailbox);
    await fileDue(context, mailbox);
  } catch (error) {
    // The sync of the Inbox meets the same trouble and tells it; the schedule asks again in a minute.
    if (!isTrouble(error)) throw error;
    if (leadsAstray(error)) await forgetPlace(context, mailboxId);
    log.warn({ mailboxId, trouble: error.kind }, "Sent Items cannot be read just now");
  }
}

const forgetPlace = ({ desk }: DeskContext, id: string) =>
  transact(desk, (tx) => tx.mailbox.update({ where: { id }, data: { sentLink: null }, select: { id: true } }));

async function writeDownChanges(context: DeskContext, mailbox: SentFrom) {
  const follow = neverTwice();
  for (let link = mailbox.sentLink; ; ) {
    if (link !== null) follow(link);
    const page = await changesSince(context, mailbox, link);
    await transact(context.desk, (tx) => writeDown(tx, mailbox.id, page));
    link = page.link;
    if (!page.more) return;
  }
}

/** When Graph has forgotten our place, we read from where we began; what we know already is recognised. */
async function changesSince({ graph }: DeskContext, { address, createdAt }: SentFrom, link: string | null) {
  try {
    return await graph.sentChanges(address, link, createdAt);
  } catch (error) {
    if (link !== null && isTrouble(error, "resync", "gone")) return graph.sentChanges(address, null, createdAt);
    throw error;
  }
}

async function writeDown(tx: DeskTransaction, mailboxId: string, { arrived, link }: Changes) {
  if (arrived.length > 0) await lineUp(tx, mailboxId, arrived);
  await tx.mailbox.update({ where: { id: mailboxId }, data: { sentLink: link }, select: { id: true } });
}

/** One that was gone and is named again has come back. */
async function lineUp(tx: DeskTransaction, mailboxId: string, arrived: Arrived[]) {
  await tx.sentItem.createMany({ data: arrived.map((item) => sentItem(mailboxId, item)), skipDuplicates: true });
  await tx.sentItem.updateMany({
    where: { mailboxId, immutableId: { in: arrived.map(({ immutableId }) => immutableId) }, state: "gone" },
    data: { state: "pending", attempts: 0, dueAt: new Date(), doneAt: null },
  });
}

const sentItem = (mailboxId: string, { immutableId, receivedAt, conversationId }: Arrived) => ({
  mailboxId,
  immutableId,
  conversationId,
  sentAt: receivedAt,
});

/**
 * A mail became a ticket's: what an agent had answered to it from Outlook before belongs there, too. The conversation
 * only says where to look again; whether it belongs there is decided by its references.
 */
export async function lookAgain(tx: DeskTransaction, queue: DeskQueue, messageId: string) {
  const again = await tx.$queryRaw<{ mailboxId: string }[]>`
    update sent_items set state = 'pending', due_at = now(), done_at = null
    where state = 'not_kept' and conversation_id = (select conversation_id from messages where id = ${messageId}::uuid)
    returning mailbox_id as "mailboxId"`;
  for (const mailboxId of new Set(again.map((item) => item.mailboxId)))
    await queue.enqueue(tx, "sync-sent", { mailboxId }, { key: mailboxId });
}

/** One after the other, in the order in which they were sent: an answer may answer the one before it. */
async function fileDue(context: DeskContext, mailbox: SentFrom) {
  const due = await context.desk.sentItem.findMany({
    where: { mailboxId: mailbox.id, state: "pending", dueAt: { lte: new Date() } },
    orderBy: [{ sentAt: "asc" }, { immutableId: "asc" }],
    select: { mailboxId: true, immutableId: true, sentAt: true, conversationId: true, attempts: true },
    take: atATime,
  });
  for (const item of due)
    try {
      await fileSent(context, mailbox, item);
    } catch (error) {
      if (error instanceof LockedOut || isTrouble(error, "throttled", "unauthorized")) throw error;
      await postpone(context, item, error);
    }
}

/** Its own trouble: later again, and in the end an alarm. The mail stays where it is, in the mailbox. */
async function postpone({ desk }: DeskContext, item: SentItem, error: unknown) {
  const { mailboxId, immutableId } = item;
  const attempts = item.attempts + 1;
  const gaveUp = attempts >= mostAttempts;
  const lastError = error instanceof Error ? error.message : String(error);
  if (gaveUp) log.error({ err: error, mailboxId, alarm: "sent_mail_not_filed" }, "a sent mail could not be filed");
  await transact(desk, (tx) =>
    tx.sentItem.updateMany({
      where: { mailboxId, immutableId, state: "pending" },
      data: {
        attempts,
        lastError,
        dueAt: new Date(Date.now() + 1000 * 2 ** attempts),
        ...(gaveUp && { state: "failed", doneAt: new Date() }),
      },
    }),
  );
}
