/** What happens when a mailbox may have changed: every mail that arrived is known to the inbox afterwards. */
import type { DeskContext } from "../context.ts";
import { type DeskTransaction, transact } from "../database.ts";
import type { Arrived, Changes } from "../graph/changes.ts";
import { isTrouble } from "../graph/trouble.ts";
import { noteTrouble } from "../mailboxes/trouble.ts";

export type SyncedMailbox = { id: string; address: string; deltaLink: string | null };

/** Asks what changed since last time, and writes each mail down together with the place to go on from. */
export async function syncMailbox(context: DeskContext, mailbox: SyncedMailbox) {
  const { desk } = context;
  try {
    let link = mailbox.deltaLink;
    for (;;) {
      const page = await changesSince(context, mailbox, link);
      await transact(desk, (tx) => writeDown(tx, mailbox.id, page));
      link = page.link;
      if (!page.more) break;
    }
    await noteTrouble(desk, mailbox.id, null);
  } catch (error) {
    if (isTrouble(error, "forbidden", "unauthorized", "refused")) await noteTrouble(desk, mailbox.id, error.message);
    throw error;
  }
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
async function writeDown(tx: DeskTransaction, mailboxId: string, { arrived, link, more }: Changes) {
  if (arrived.length > 0) {
    await tx.inboxItem.createMany({ data: arrived.map((item) => inboxItem(mailboxId, item)), skipDuplicates: true });
  }
  await tx.mailbox.update({
    where: { id: mailboxId },
    data: { deltaLink: link, ...(!more && { lastSyncedAt: new Date() }) },
    select: { id: true },
  });
}

const inboxItem = (mailboxId: string, { immutableId, receivedAt, conversationId }: Arrived) => ({
  mailboxId,
  immutableId,
  receivedAt,
  conversationId,
});
