/** The mails that delta named and that are not settled yet. Each is taken by one process at a time, in turn. */
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { oursForSeconds, stillAtIt } from "../../platform/still-at-it.ts";
import { type Desk, type DeskTransaction, transact } from "../database.ts";
import type { Arrived } from "../graph/changes.ts";

export type InboxItem = {
  mailboxId: string;
  immutableId: string;
  attempts: number;
  receivedAt: Date | null;
  conversationId: string | null;
  sender: string | null;
  lastError: string | null;
};

/** So many mails of one sender within ten minutes keep their place; each further one steps back by a second. */
const mostInARow = 20;

/**
 * Writes down what arrived, in turn. Of a storm from one sender the later mails step back, so that what others write
 * meanwhile is not filed behind thousands; a thread that people write keeps its order. One that is known and named again,
 * because somebody read it or we gave it a category, is no part of a storm; one that was gone has come back.
 */
export const lineUp = (tx: DeskTransaction, mailboxId: string, arrived: Arrived[]) => tx.$executeRaw`
  with arrived as (
    select a.* from json_to_recordset(${JSON.stringify(arrived)}::json)
      a("immutableId" text, "receivedAt" timestamptz, "conversationId" text, sender text, "bareEtag" text)
    where not exists (select from inbox_items i
      where i.mailbox_id = ${mailboxId}::uuid and i.immutable_id = a."immutableId" and i.state <> 'gone')
  ), senders as materialized (
    select s.sender, count(i.turn) as waiting, max(i.turn) as last
    from (select sender, min("receivedAt") as first from arrived group by sender) s
      left join inbox_items i on i.mailbox_id = ${mailboxId}::uuid and i.state = 'pending' and i.sender = s.sender
        and i.received_at > s.first - interval '10 minutes'
    group by s.sender
  ), lined_up as (
    select a.*, coalesce(a."receivedAt", now()) as since, s.last,
      s.waiting + row_number() over (partition by a.sender order by a."receivedAt", a."immutableId") as nth
    from arrived a join senders s on s.sender is not distinct from a.sender
  )
  insert into inbox_items (mailbox_id, immutable_id, received_at, conversation_id, sender, bare_etag, turn)
  select ${mailboxId}::uuid, "immutableId", "receivedAt", "conversationId", sender, "bareEtag",
    case when sender is null then since else greatest(since + greatest(0, nth - ${mostInARow}) * interval '1 second', last) end
  from lined_up
  on conflict (mailbox_id, immutable_id) do update
    set state = 'pending', attempts = 0, due_at = now(), done_at = null, last_error = null
    where inbox_items.state = 'gone'`;

/**
 * Takes up to `count` mails that are due, of the new ones those that `may` be fetched now (see pace.ts). Those that failed
 * before come after all others and two at a time, because they may take long to fail again; one at which somebody died
 * alone, so that it takes no others along.
 * `attempts` counts this one already.
 */
export async function takeDue(
  desk: Desk,
  mailboxId: string,
  count: number,
  may = Prisma.sql`true`,
): Promise<InboxItem[]> {
  const fresh = await take(desk, mailboxId, Prisma.sql`attempts = 0 and ${may}`, count);
  if (fresh.length > 0) return fresh;
  const failed = await take(desk, mailboxId, Prisma.sql`last_error is not null`, 2);
  return failed.length > 0 ? failed : take(desk, mailboxId, Prisma.sql`attempts > 0`, 1);
}

const take = (desk: Desk, mailboxId: string, which: Prisma.Sql, count: number) =>
  transact(
    desk,
    (tx) => tx.$queryRaw<InboxItem[]>`
      update inbox_items i set attempts = attempts + 1, due_at = now() + make_interval(secs => ${oursForSeconds})
      from (
        select mailbox_id, immutable_id from inbox_items
        where mailbox_id = ${mailboxId}::uuid and state = 'pending' and due_at <= now() and ${which}
        order by turn, immutable_id limit ${count} for update skip locked
      ) due
      where i.mailbox_id = due.mailbox_id and i.immutable_id = due.immutable_id
      returning i.mailbox_id as "mailboxId", i.immutable_id as "immutableId", i.attempts,
        i.received_at as "receivedAt", i.conversation_id as "conversationId", i.sender, i.last_error as "lastError"`,
  );

/** Takes one mail, due or not; null when somebody has it or it is settled. */
export async function takeOne(desk: Desk, mailboxId: string, immutableId: string): Promise<InboxItem | null> {
  const [item] = await transact(
    desk,
    (tx) => tx.$queryRaw<InboxItem[]>`
      insert into inbox_items (mailbox_id, immutable_id, attempts, due_at)
      values (${mailboxId}::uuid, ${immutableId}, 1, now() + make_interval(secs => ${oursForSeconds}))
      on conflict (mailbox_id, immutable_id) do update set attempts = inbox_items.attempts + 1, due_at = excluded.due_at
        where inbox_items.state = 'pending' and inbox_items.due_at <= now()
      returning mailbox_id as "mailboxId", immutable_id as "immutableId", attempts,
        received_at as "receivedAt", conversation_id as "conversationId", sender, last_error as "lastError"`,
  );
  return item ?? null;
}

/** They stay taken for as long as `work` takes; a process that dies lets go of them. Filing one twice is harmless. */
export function whileTaken<Result>(desk: Desk, items: InboxItem[], work: () => Promise<Result>): Promise<Result> {
  const { mailboxId } = items[0] ?? {};
  const ids = items.map(({ immutableId }) => immutableId);
  const prolong = () =>
    transact(
      desk,
      (tx) => tx.$executeRaw`
      update inbox_items set due_at = greatest(due_at, now() + make_interval(secs => ${oursForSeconds}))
      where mailbox_id = ${mailboxId}::uuid and immutable_id = any(${ids}) and state = 'pending'`,
    );
  return stillAtIt(prolong, work);
}

/** Done with them: in the transaction that filed them. All are of one mailbox. */
export async function settle(
  tx: DeskTransaction,
  items: InboxItem[],
  state: "filed" | "gone" | "held",
  lastError: string | null = null,
) {
  const { mailboxId } = items[0] ?? {};
  if (!mailboxId) return;
  const ids = items.map(({ immutableId }) => immutableId);
  await tx.$executeRaw`
    update inbox_items set state = ${state}::"InboxState", done_at = now(), last_error = ${lastError}
    where mailbox_id = ${mailboxId}::uuid and immutable_id = any(${ids})`;
}

/** Not yet: again at `dueAt`. `spared`: this attempt does not count, because the mail was not the reason. */
export async function postpone(desk: Desk, items: InboxItem[], dueAt: Date, lastError: string, spared: boolean) {
  const { mailboxId } = items[0] ?? {};
  if (!mailboxId) return;
  const ids = items.map(({ immutableId }) => immutableId);
  await transact(
    desk,
    (tx) => tx.$executeRaw`
      update inbox_items set due_at = ${dueAt}, last_error = ${lastError}, attempts = attempts - ${spared ? 1 : 0}
      where mailbox_id = ${mailboxId}::uuid and immutable_id = any(${ids}) and state = 'pending'`,
  );
}
