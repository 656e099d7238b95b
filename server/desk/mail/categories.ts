/**
 * Outlook's list shows "#1042 · In progress" on the mails of a ticket, to everybody who has the mailbox open. A ticket
 * whose mails may wear the wrong category is due (`tickets.categories_due_at`, written with the change that caused it);
 * this puts them right. Only categories that we put on ourselves are ever taken off.
 */
import { log } from "../../platform/log.ts";
import type { DeskContext } from "../context.ts";
import type { Status } from "../contract/tickets.ts";
import { type Desk, type DeskTransaction, transact } from "../database.ts";
import { isTrouble } from "../graph/trouble.ts";
import type { DeskQueue } from "../jobs.ts";

/** A job has two minutes; what is left is the next one's. */
const sliceMs = 60_000;
/** Older mails of a long ticket are out of everybody's sight. */
const newest = 200;

/** Said with the change, in its transaction. The row says which tickets; the job only wakes somebody. */
export const wakeCategorizing = (tx: DeskTransaction | Desk, queue: DeskQueue) =>
  queue.enqueue(tx, "categorize-mails", {}, { key: "all" });

/** Only one of these runs at a time, over all processes: two could overwrite each other with an older status. */
export async function categorizeMails(context: DeskContext) {
  const until = Date.now() + sliceMs;
  while (Date.now() < until) {
    const ticket = await nextDue(context.desk);
    if (!ticket) return;
    await categorizeTicket(context, ticket);
  }
  await wakeCategorizing(context.desk, context.queue);
}

type Due = { id: string; since: Date };

const nextDue = async (desk: Desk): Promise<Due | null> => {
  const [due] = await desk.$queryRaw<Due[]>`
    select id, categories_due_at as since from tickets where categories_due_at <= now() order by categories_due_at limit 1`;
  return due ?? null;
};

/** Intake marks the tickets it files on; one wake-up for all of them is enough. */
export const isSomeTicketDue = async (desk: Desk) => (await nextDue(desk)) !== null;

async function categorizeTicket(context: DeskContext, ticket: Due) {
  try {
    for (const mail of await mailsOf(context, ticket.id)) if (mail.worn !== mail.wanted) await change(context, mail);
    await settle(context.desk, ticket, null);
  } catch (error) {
    if (!isTrouble(error)) throw error;
    // Its mailbox is busy or closed to us; the others are served meanwhile.
    log.warn({ ticketId: ticket.id, trouble: error.kind }, "a category could not be changed just now");
    await settle(context.desk, ticket, error.retryAt ?? new Date(Date.now() + 60_000));
  }
}

/** Unless the ticket has changed again meanwhile: then it stays due. */
const settle = (desk: Desk, { id, since }: Due, again: Date | null) =>
  transact(desk, (tx) =>
    tx.ticket.updateMany({ where: { id, categoriesDueAt: since }, data: { categoriesDueAt: again } }),
  );

type Categorized = {
  mailboxId: string;
  immutableId: string;
  address: string;
  ticketId: string;
  wanted: string | null;
  worn: string | null;
  ours: string[];
};

/** The mails of a ticket and of those merged into it, and those that left it and still wear its category. */
async function mailsOf({ desk, settings }: DeskContext, ticketId: string): Promise<Categorized[]> {
  const rows = await desk.$queryRaw<(Categorized & { number: number | null; status: Status | null })[]>`
    with recursive its as (
      select ${ticketId}::uuid as id union select t.id from tickets t join its on t.merged_into_id = its.id
    ), places as (
      select mailbox_id, immutable_id from messages
        where ticket_id in (select id from its) and not outgoing and immutable_id is not null
      union select c.mailbox_id, c.immutable_id from message_copies c join messages m on m.id = c.message_id
        where m.ticket_id in (select id from its) and not m.outgoing
      union select mailbox_id, immutable_id from mail_categories where ticket_id in (select id from its)
    )
    select p.mailbox_id as "mailboxId", p.immutable_id as "immutableId", b.address, w.worn, coalesce(w.ours, '{}') as ours,
      coalesce(own.id, w.ticket_id) as "ticketId", shown.number, shown.status
    from places p join mailboxes b on b.id = p.mailbox_id
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
    order by coalesce(m.received_at, copied.received_at) desc nulls last limit ${newest}`;
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

/** What it may wear from now on is written down first, so that a crash leaves no category that nobody knows for ours. */
async function change(context: DeskContext, mail: Categorized) {
  const { desk } = context;
  const { mailboxId, immutableId, ticketId, wanted } = mail;
  const ours = [...new Set([...mail.ours, ...(wanted ? [wanted] : [])])];
  const where = { mailboxId_immutableId: { mailboxId, immutableId } };
  await transact(desk, (tx) =>
    tx.mailCategory.upsert({
      where,
      create: { mailboxId, immutableId, ticketId, ours },
      update: { ticketId, ours, worn: null },
      select: { ticketId: true },
    }),
  );
  const isThere = await wear(context, { ...mail, ours });
  await transact(desk, (tx) =>
    isThere && wanted
      ? tx.mailCategory.updateMany({ where: { mailboxId, immutableId }, data: { worn: wanted, ours: [wanted] } })
      : tx.mailCategory.deleteMany({ where: { mailboxId, immutableId } }),
  );
}

/** How often somebody else may change the mail between our look and our word. */
const mostTries = 5;

/** Read, change, write back only if nobody else wrote meanwhile. False when the mail is not in the mailbox any more. */
async function wear({ graph }: DeskContext, { address, immutableId, wanted, ours }: Categorized): Promise<boolean> {
  for (let attempt = 1; ; attempt++)
    try {
      const { categories, etag } = await graph.categories(address, immutableId);
      const others = categories.filter((name) => !ours.includes(name));
      const next = wanted ? [...others, wanted] : others;
      const same = next.length === categories.length && next.every((name) => categories.includes(name));
      if (!same) await graph.setCategories(address, immutableId, next, etag);
      return true;
    } catch (error) {
      if (isTrouble(error, "gone")) return false;
      if (!isTrouble(error, "changed") || attempt === mostTries) throw error;
    }
}
