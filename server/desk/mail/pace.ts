/**
 * Graph serves one application 10,000 requests in ten minutes per mailbox, and then none until they are over
 * (https://learn.microsoft.com/graph/throttling-limits, "Outlook service limits"). Each mail is one of them. A storm may
 * not use up what others who write meanwhile need, nor mail what the replies of agents need.
 */
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import type { Desk } from "../database.ts";

/** Mails in ten minutes. Mails that stepped back in the line have to leave half of Graph's requests to others. */
export const most = { ofStorms: 5000, together: 8000 };

/** Which mails may be fetched now; null: none. */
export async function paceOf(desk: Desk, mailboxId: string): Promise<Prisma.Sql | null> {
  const [counted] = await desk.$queryRaw<{ fetched: number }[]>`
    select count(*)::int as fetched from (
      select from inbox_items
       where mailbox_id = ${mailboxId}::uuid and done_at > now() - interval '10 minutes' limit ${most.together}) done`;
  const fetched = counted?.fetched ?? 0;
  if (fetched >= most.together) return null;
  return fetched >= most.ofStorms ? Prisma.sql`turn <= coalesce(received_at, turn)` : Prisma.sql`true`;
}
