/** What happens when a mailbox may have changed: every mail that arrived is known to the inbox afterwards. */
import type { DeskContext } from "../context.ts";
import { type Desk, type DeskTransaction, transact, transactOften } from "../database.ts";
import type { Changes } from "../graph/changes.ts";
import { leadsAstray, neverTwice } from "../graph/links.ts";
import { isTrouble, LockedOut } from "../graph/trouble.ts";
import { noteTrouble } from "../mailboxes/trouble.ts";
import { lineUp } from "./inbox.ts";

export type SyncedMailbox = { id: string; address: string; deltaLink: string | null };

/**
 * Asks what changed since last time, and writes each mail down together with the place to go on from.
 * False when Microsoft 365 does not let us: it is told on the mailbox, and asked again in a minute.
 */
export async function syncMailbox(context: DeskContext, mailbox: SyncedMailbox): Promise<boolean> {
  const { desk } = context;
  const began = new Date();
  try {
    const follow = neverTwice();
    for (let link = mailbox.deltaLink; ; ) {
      if (link !== null) follow(link);
      const page = await changesSince(context, mailbox, link);
      await transactOften(desk, (tx) => writeDown(tx, mailbox.id, page, began));
      link = page.link;
      if (!page.more) break;
    }
    await noteTrouble(desk, mailbox.id, null);
    return true;
  } catch (error) {
    if (!isTrouble(error)) throw error;
    if (leadsAstray(error)) await forgetPlace(desk, mailbox.id);
    const lasting = isTrouble(error, "forbidden", "unauthorized", "refused");
    if (lasting || (await isSilent(desk, mailbox.id))) await noteTrouble(desk, mailbox.id, error.message);
    if (error instanceof LockedOut) await askAgain(context, mailbox, error);
    return false;
  }
}

/** The next sync reads the mailbox from its start; what we know already is recognised. */
const forgetPlace = (desk: Desk, id: string) =>
  transact(desk, (tx) => tx.mailbox.update({ where: { id }, data: { deltaLink: null }, select: { id: true } }));

/** The schedule's next turn may be just before we are let look again. */
const askAgain = ({ desk, queue }: DeskContext, { id }: SyncedMailbox, { retryAt }: LockedOut) =>
  transact(desk, (tx) =>
    queue.enqueue(tx, "sync-mailbox", { mailboxId: id }, { key: id, after: retryAt ?? undefined }),
  );

/** So long without an answer is no hiccup. */
const silentAfter = 15 * 60_000;

async function isSilent(desk: Desk, mailboxId: string): Promise<boolean> {
  const { lastSyncedAt, createdAt } = await desk.mailbox.findUniqueOrThrow({
    where: { id: mailboxId },
    select: { lastSyncedAt: true, createdAt: true },
  });
  return Date.now() - (lastSyncedAt ?? createdAt).getTime() > silentAfter;
}

/** When Graph has forgotten our place, we read from the start; what we know already is recognised. */
async function changesSince({ graph }: DeskContext, { address }: SyncedMailbox, link: string | null): Promise<Changes> {
  try {
    return await graph.changes(address, link);
  } catch (error) {
    if (link !== null && isTrouble(error, "resync", "gone")) return graph.changes(address, null);
    throw error;
  }
}

/** The place is kept page by page, so that reading a large mailbox for the first time goes on where it was ended. */
async function writeDown(tx: DeskTransaction, mailboxId: string, { arrived, link, more }: Changes, began: Date) {
  if (arrived.length > 0) await lineUp(tx, mailboxId, arrived);
  await tx.mailbox.update({
    where: { id: mailboxId },
    data: { deltaLink: link, ...(!more && { lastSyncedAt: new Date() }) },
    select: { id: true },
  });
  if (!more)
    await tx.notice.updateMany({
      where: { mailboxId, handledAt: null, receivedAt: { lte: began } },
      data: { handledAt: new Date() },
    });
}
