import { Prisma } from "../../../prisma/generated/desk/client.ts";
import type { DeskTransaction } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";

/** Has the portal agree on every ticket in it that a merger touched. */
export async function publishTicketsOf(tx: DeskTransaction, queue: DeskQueue, mergedId: string) {
  const moved = (...kinds: string[]) => Prisma.sql`
    select what::uuid from merger_moves where merged_id = ${mergedId}::uuid and kind = any(${kinds})`;
  const tickets = await tx.$queryRaw<{ ticketId: string }[]>`
    select ticket_id as "ticketId" from portal_tickets where ticket_id in (
      ${moved("ticket", "participation", "second participation")}
      union select ticket_id from entries where id in (${moved("entry")})
      union select ticket_id from secure_links where id in (${moved("link")}))`;
  await queue.enqueueAll(
    tx,
    "publish-ticket",
    tickets.map((data) => ({ data, key: data.ticketId })),
  );
}
