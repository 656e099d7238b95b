/**
 * Outlook's list shows "#1042 · In progress" on the mails of a ticket, to everybody who has the mailbox open. A ticket
 * whose mails may wear the wrong category is due (`tickets.categories_due_at`, written with the change that caused it);
 * this puts them right. Only categories that we put on ourselves are ever taken off.
 */
import type { DeskContext } from "../context.ts";
import type { Status } from "../contract/tickets.ts";
import { type Desk, type DeskTransaction, transactOften } from "../database.ts";
import { GraphTrouble } from "../graph/trouble.ts";
import type { DeskQueue } from "../jobs.ts";
import { mayCategorize } from "./pace.ts";
import { type Categorized, wear } from "./wear.ts";

/** A job has two minutes; what is left is the next one's. */
const sliceMs = 60_000;
/** Each look, each commit and each question to Graph is for many. */
const ticketsAtATime = 20;
/** The rest of a long ticket comes in the next round, so that a round never outlasts its job. */
const mailsAtATime = 100;
/** Older mails of a long ticket are out of everybody's sight. */
const newest = 200;

/** Said with the change, in its transaction. The row says which tickets; the job only wakes somebody. */
export const wakeCategorizing = (tx: DeskTransaction | Desk, queue: DeskQueue) =>
  queue.enqueue(tx, "categorize-mails", {}, { key: "all" });

/** Only one of these runs at a time, over all processes: two could overwrite each other with an older status. */
export async function categorizeMails(context: DeskContext) {
  const until = Date.now() + sliceMs;
  while (Date.now() < until && !context.queue.isResting()) {
    const tickets = await nextDue(context.desk, ticketsAtATime);
    if (tickets.length === 0) return;
    await categorizeTickets(context, tickets);
  }
  await wakeCategorizing(context.desk, context.queue);
}

type Due = { id: string; since: Date };

const nextDue = (desk: Desk, count: number) => desk.$queryRaw<Due[]>`
  select id, categories_due_at as since from tickets where categories_due_at <= now() order by categories_due_at limit ${count}`;

/** Intake marks the tickets it files on; one wake-up for all of them is enough. */
export const isSomeTicketDue = async (desk: Desk) => (await nextDue(desk, 1)).length > 0;

/** What the mails may wear from now on is written down first, so that a crash leaves no category that nobody knows for ours. */
async function categorizeTickets(context: DeskContext, tickets: Due[]) {
  const wrong = (await mailsOf(context, tickets)).filter(({ worn, wanted }) => worn !== wanted).map(withWanted);
  const busy = await busyMailboxes(context.desk, wrong);
  const open = wrong.filter(({ mailboxId }) => !busy.has(mailboxId));
  const now = open.slice(0, mailsAtATime);
  await announce(context.desk, now);
  const outcomes = await wear(context, now);
  const changed = now.flatMap((mail) => {
    const outcome = outcomes.get(mail);
    return outcome instanceof GraphTrouble || !outcome ? [] : [{ ...mail, isThere: outcome === "worn" }];
  });
  const later = new Set(open.slice(mailsAtATime).map(({ dueId }) => dueId));
  const again = new Map(tickets.filter(({ id }) => later.has(id)).map(({ id, since }) => [id, since]));
  for (const { dueId, mailboxId } of wrong) if (busy.has(mailboxId) && !again.has(dueId)) again.set(dueId, inAMinute());
  for (const [{ dueId }, outcome] of outcomes)
    if (outcome instanceof GraphTrouble) again.set(dueId, outcome.retryAt ?? inAMinute());
  await record(context.desk, changed, tickets, again);
}

const inAMinute = () => new Date(Date.now() + 60_000);

/** Nothing is announced there meanwhile: a mail of which nobody said anything yet is known to be as bare as it came. */
async function busyMailboxes(desk: Desk, mails: Categorized[]): Promise<Set<string>> {
  const busy = new Set<string>();
  for (const id of new Set(mails.map(({ mailboxId }) => mailboxId))) if (!(await mayCategorize(desk, id))) busy.add(id);
  return busy;
}

/** The mails of tickets and of those merged into them, and those that left them and still wear their category. Each once. */
async function mailsOf({ desk, settings }: DeskContext, tickets: Due[]): Promise<Categorized[]> {
  const rows = await transactOften(
    desk,
    (tx) => tx.$queryRaw<(Categorized & { number: number | null; status: Status | null })[]>`
    with recursive its as (
      select id as due, id from unnest(${tickets.map(({ id }) => id)}::uuid[]) asked(id)
      union select its.due, t.id from tickets t join its on t.merged_into_id = its.id
    ), places as (
      select due, mailbox_id, immutable_id from messages m join its on m.ticket_id = its.id
        where not outgoing and immutable_id is not null
      union select due, c.mailbox_id, c.immutable_id from messages m join its on m.ticket_id = its.id
        join message_copies c on c.message_id = m.id where not m.outgoing
      union select due, mailbox_id, immutable_id from mail_categories w join its on w.ticket_id = its.id
    ), mails as (
    select p.due as "dueId", p.mailbox_id as "mailboxId", p.immutable_id as "immutableId", b.address, w.worn, coalesce(w.ours, '{}') as ours,
      case when w.mailbox_id is null then i.bare_etag end as "bareEtag", coalesce(own.id, w.ticket_id) as "ticketId", shown.number, shown.status,
      row_number() over (partition by p.due order by coalesce(m.received_at, copied.received_at) desc nulls last) as nth
    from places p join mailboxes b on b.id = p.mailbox_id
      left join inbox_items i on i.mailbox_id = p.mailbox_id and i.immutable_id = p.immutable_id
      left join mail_categories w on w.mailbox_id = p.mailbox_id and w.immutable_id = p.immutable_id
      left join messages m on m.mailbox_id = p.mailbox_id and m.immutable_id = p.immutable_id
      left join message_copies c on c.mailbox_id = p.mailbox_id and c.immutable_id = p.immutable_id
      left join messages copied on copied.id = c.message_id
      left join tickets own on own.id = coalesce(m.ticket_id, copied.ticket_id)
      left join lateral (
        with recursive way as (
          select id, merged_into_id, number, status from tickets where id = own.id
          union all select t.id, t.merged_into_id, t.number, t.status from tickets t join way on t.id = way.merged_into_id
        ) select number, status from way where merged_into_id is null limit 1) shown on true
    )
    select distinct on ("mailboxId", "immutableId") "dueId", "mailboxId", "immutableId", address, worn, ours, "bareEtag",
      "ticketId", number, status
    from mails where nth <= ${newest}`,
  );
  return rows.map(({ number, status, ...mail }) => ({
    ...mail,
    wanted: number !== null && status !== null ? categoryOf({ number, status }, settings.DESK_LANGUAGE) : null,
  }));
}

/** No comma and no semicolon: mail programs separate categories by them. */
export const categoryOf = ({ number, status }: { number: number; status: Status }, language: "en" | "de") =>
  `#${number} · ${statusNames[language][status]}`;

const statusNames: Record<"en" | "de", Record<Status, string>> = {
  en: {
    new: "New",
    in_progress: "In progress",
    waiting_on_customer: "Waiting on customer",
    waiting_on_third_party: "Waiting on third party",
    resolved: "Resolved",
    closed: "Closed",
    cancelled: "Cancelled",
  },
  de: {
    new: "Neu",
    in_progress: "In Arbeit",
    waiting_on_customer: "Wartet auf Kunden",
    waiting_on_third_party: "Wartet auf Dritte",
    resolved: "Gelöst",
    closed: "Geschlossen",
    cancelled: "Abgebrochen",
  },
};

const withWanted = (mail: Categorized): Categorized => ({
  ...mail,
  ours: [...new Set([...mail.ours, ...(mail.wanted ? [mail.wanted] : [])])],
});

const announce = (desk: Desk, mails: Categorized[]) =>
  transactOften(
    desk,
    (tx) => tx.$executeRaw`
      insert into mail_categories (mailbox_id, immutable_id, ticket_id, ours)
      select "mailboxId", "immutableId", "ticketId", ours from json_to_recordset(${JSON.stringify(mails)}::json)
        m("mailboxId" uuid, "immutableId" text, "ticketId" uuid, ours text[])
      on conflict (mailbox_id, immutable_id) do update set ticket_id = excluded.ticket_id, ours = excluded.ours, worn = null`,
  );

type Changed = Categorized & { isThere: boolean };

/**
 * A ticket that has changed again meanwhile stays due. A mail that is gone is done with, too, until its ticket changes:
 * else the next round would ask for the same ones again and never come to the others.
 */
const record = (desk: Desk, changed: Changed[], tickets: Due[], again: Map<string, Date>) =>
  transactOften(desk, async (tx) => {
    const done = changed.filter(({ wanted }) => wanted !== null);
    await tx.$executeRaw`
      update mail_categories w set worn = wanted, given_at = now(),
        ours = case when "isThere" then array[wanted] else w.ours end
      from json_to_recordset(${JSON.stringify(done)}::json)
        m("mailboxId" uuid, "immutableId" text, wanted text, "isThere" boolean)
      where w.mailbox_id = m."mailboxId" and w.immutable_id = m."immutableId"`;
    for (const { mailboxId, immutableId } of changed.filter(({ wanted }) => wanted === null))
      await tx.mailCategory.deleteMany({ where: { mailboxId, immutableId } });
    const due = tickets.map(({ id, since }) => ({ id, since, again: again.get(id) ?? null }));
    await tx.$executeRaw`
      update tickets t set categories_due_at = again
      from json_to_recordset(${JSON.stringify(due)}::json) d(id uuid, since timestamptz, again timestamptz)
      where t.id = d.id and t.categories_due_at = d.since`;
  });
