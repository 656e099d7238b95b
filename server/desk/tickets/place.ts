/** Where a ticket is continued: whatever comes to a merged ticket goes to the one it was merged into. */
import type { TicketStatus } from "../../../prisma/generated/desk/client.ts";
import { notFound } from "../../platform/problems.ts";
import type { Desk, DeskTransaction } from "../database.ts";

export type Place = {
  id: string;
  number: number;
  status: TicketStatus;
  requesterId: string;
  organizationId: string;
  closedAt: Date | null;
};

/** The named ticket first, the place last. */
export type Way = [Place, ...Place[]];

/** From the named ticket to the one in which it is continued now, each held until the transaction ends. */
export async function lockWay(tx: DeskTransaction, ticketId: string): Promise<Way> {
  const [ticket] = await tx.$queryRaw<(Place & { mergedIntoId: string | null })[]>`
    select id, number, status, requester_id as "requesterId", organization_id as "organizationId", closed_at as "closedAt",
      merged_into_id as "mergedIntoId"
    from tickets where id = ${ticketId}::uuid for update`;
  if (!ticket) throw notFound("This ticket");
  const { mergedIntoId, ...place } = ticket;
  return mergedIntoId ? [place, ...(await lockWay(tx, mergedIntoId))] : [place];
}

/** The end of the way. */
export const placeOf = (way: Way): Place => way.at(-1) ?? way[0];

/** Why it is there and not where it was sent. */
export const mergersOn = (way: Way) =>
  way.slice(1).map(({ number }, at) => `#${way[at]?.number} was merged into #${number}`);

/** The ticket in which this one is continued now, or itself; for reading. */
export async function rootOf(desk: Desk | DeskTransaction, ticketId: string): Promise<{ id: string; number: number }> {
  const [root] = await desk.$queryRaw<{ id: string; number: number }[]>`
    with recursive way as (
      select id, number, merged_into_id from tickets where id = ${ticketId}::uuid
      union all select t.id, t.number, t.merged_into_id from tickets t join way on t.id = way.merged_into_id
    )
    select id, number from way where merged_into_id is null`;
  if (!root) throw notFound("This ticket");
  return root;
}
