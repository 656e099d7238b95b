/**
 * Graph serves one application 10,000 requests in ten minutes per mailbox, and then none until they are over
 * (https://learn.microsoft.com/graph/throttling-limits, "Outlook service limits"). Each mail that is fetched is one of them,
 * and each that is given a category. A storm may not use up what others who write meanwhile need, nor mail what the replies
 * of agents need, nor categories what mail needs.
 */
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import type { Desk } from "../database.ts";

/** Requests in ten minutes. Mails that stepped back in the line have to leave half of Graph's to others. */
export const most = { forCategories: 4000, ofStorms: 5000, together: 8000 };

/** Which mails may be fetched now; null: none. */
export async function paceOf(desk: Desk, mailboxId: string): Promise<Prisma.Sql | null> {
  const used = await usedOf(desk, mailboxId);
  if (used >= most.together) return null;
  return used >= most.ofStorms ? Prisma.sql`turn <= coalesce(received_at, turn)` : Prisma.sql`true`;
}

/** A category shows what the desk knows already: it waits first, until the mailbox has become quiet. */
export const mayCategorize = async (desk: Desk, mailboxId: string): Promise<boolean> =>
  (await usedOf(desk, mailboxId)) < most.forCategories;

async function usedOf(desk: Desk, mailboxId: string): Promise<number> {
  const [counted] = await desk.$queryRaw<{ used: number }[]>`
    select count(*)::int as used from (
      (select from inbox_items
        where mailbox_id = ${mailboxId}::uuid and done_at > now() - interval '10 minutes' limit ${most.together})
      union all
      (select from mail_categories
        where mailbox_id = ${mailboxId}::uuid and given_at > now() - interval '10 minutes' limit ${most.together})) asked`;
  return counted?.used ?? 0;
}
