import type { DeskTransaction } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";

type Move = { from: string; to: string; entryIds: string[] };

/**
 * Moves entries with everything that hangs on them: their mails, so that the thread follows; the mails that we sent with
 * them; and their releases on the ticket that they leave. A release that shows on another ticket stays there.
 */
export async function moveEntries(tx: DeskTransaction, queue: DeskQueue, { from, to, entryIds }: Move) {
  const moved = await tx.$queryRaw<{ id: string }[]>`
    update entries set ticket_id = ${to}::uuid
    where id = any(${entryIds}::uuid[]) and ticket_id = ${from}::uuid returning id`;
  const ids = moved.map(({ id }) => id);
  await tx.$executeRaw`
    update messages set ticket_id = ${to}::uuid where ticket_id = ${from}::uuid and (
      id in (select message_id from entries where id = any(${ids}::uuid[]))
      or (outgoing and internet_message_id in (select internet_message_id from sendings where entry_id = any(${ids}::uuid[]))))`;
  await tx.sending.updateMany({ where: { entryId: { in: ids }, ticketId: from }, data: { ticketId: to } });
  await tx.release.updateMany({ where: { entryId: { in: ids }, ticketId: from }, data: { ticketId: to } });
  for (const ticketId of [from, to]) await queue.enqueue(tx, "publish-ticket", { ticketId }, { key: ticketId });
}
