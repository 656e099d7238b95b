import { z } from "zod";
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { endpoint } from "../../platform/endpoint.ts";
import { contactsWhere } from "../contacts/view.ts";
import type { AgentContext } from "../context.ts";
import { FindHeldMails, HeldMails, type HeldMailView, type LoopView } from "../contract/held.ts";
import { HeldCount } from "../contract/held-count.ts";
import type { Desk } from "../database.ts";
import { KnownSince, knownSinceJson } from "../mail/known-since.ts";
import { Match } from "../mail/matching/match.ts";
import { saidOf, say } from "../say.ts";
import { cursorOf, placeOf } from "../tickets/cursor.ts";
import { summariesWhere } from "../tickets/summaries.ts";

const pageSize = 20;
/** Counted no further: nobody reads the difference. */
const mostCounted = 1000;
const mostLoops = 50;

export const findHeldMails = endpoint({
  summary:
    "The tray: held mails that wait for a decision, the latest first, and the loops that others are folded under.",
  input: FindHeldMails,
  output: HeldMails,
  run: async ({ cursor }, { desk }: AgentContext): Promise<HeldMails> => {
    const place = cursor ? placeOf(cursor) : null;
    const before = place
      ? Prisma.sql`and (h.waits_since, h.id) < (${place.at}::timestamptz, ${place.id}::uuid)`
      : Prisma.empty;
    const [found, loops] = await Promise.all([heldWhere(desk, before), place ? [] : openLoops(desk)]);
    const rows = found.slice(0, pageSize);
    const last = rows.at(-1);
    return {
      mails: await viewsOf(desk, rows),
      loops,
      nextCursor: found.length > pageSize && last ? cursorOf({ at: last.waits_since, id: last.id }) : null,
    };
  },
});

export const countHeldMails = endpoint({
  summary: "How many held mails wait for a decision, and how many loops.",
  input: z.strictObject({}),
  output: HeldCount,
  run: async (_, { desk }: AgentContext) => {
    const [row] = await desk.$queryRaw<z.infer<typeof HeldCount>[]>`
      select
        (select count(*)::int from (select from held_mails where waits_since is not null limit ${mostCounted}) h) as waiting,
        (select count(*)::int from (select from loops where lifted_at is null limit ${mostCounted}) l) as loops`;
    return row ?? { waiting: 0, loops: 0 };
  },
});

const Row = z.object({
  id: z.uuid(),
  waits_since: z.date(),
  message_id: z.uuid().nullable(),
  from_address: z.string(),
  from_name: z.string(),
  verdict: z.enum(["pass", "fail", "none"]),
  subject: z.string(),
  received_at: z.date(),
  mailbox: z.string(),
  team: z.string().nullable(),
  because: z.string(),
  error: z.string().nullable(),
  match: Match.nullable(),
  known_since: KnownSince,
  files: z.array(z.uuid()),
});
type Row = z.infer<typeof Row>;

async function heldWhere(desk: Desk, before: Prisma.Sql): Promise<Row[]> {
  const rows = await desk.$queryRaw`
    select h.id, h.waits_since, h.message_id, h.from_address, h.error, coalesce(m.from_name, '') as from_name,
           coalesce(m.authentication ->> 'verdict', 'none') as verdict, coalesce(m.subject, '') as subject,
           coalesce(m.received_at, i.received_at, h.waits_since) as received_at, mb.address as mailbox, mb.team,
           coalesce(m.held_because, ${say("not_fetched")}) as because, m.match,
           ${knownSinceJson} as known_since,
           array(select f.id from attachments f where f.message_id = m.id and not f.inline order by f.position) as files
      from held_mails h
      join mailboxes mb on mb.id = h.mailbox_id
      left join messages m on m.id = h.message_id
      left join inbox_items i on i.mailbox_id = h.mailbox_id and i.immutable_id = h.immutable_id
     where h.waits_since is not null ${before}
     order by h.waits_since desc, h.id desc limit ${pageSize + 1}`;
  return z.array(Row).parse(rows);
}

/** The strongest suggestion of each, for all mails of the page at once. */
async function viewsOf(desk: Desk, rows: Row[]): Promise<HeldMailView[]> {
  const ticketOf = ({ match }: Row) => match?.suggestions.tickets[0];
  const contactOf = ({ match, known_since: since }: Row) =>
    match?.contactId
      ? { contactId: match.contactId, because: match.because[0] ?? null }
      : (since ?? match?.suggestions.contacts[0] ?? null);
  const ticketIds = rows.flatMap((row) => ticketOf(row)?.ticketId ?? []);
  const contactIds = rows.flatMap((row) => contactOf(row)?.contactId ?? []);
  const [tickets, contacts] = await Promise.all([
    ticketIds.length ? summariesWhere(desk, Prisma.sql`t.id = any(${ticketIds}::uuid[])`, pageSize) : [],
    contactIds.length ? contactsWhere(desk, Prisma.sql`c.id = any(${contactIds}::uuid[])`) : [],
  ]);

  return rows.map((row) => {
    const suggested = ticketOf(row);
    const ticket = tickets.find(({ id }) => id === suggested?.ticketId);
    const claimed = contactOf(row);
    const contact = contacts.find(({ id }) => id === claimed?.contactId);
    return {
      heldId: row.id,
      messageId: row.message_id,
      sender: { name: row.from_name, address: row.from_address },
      authenticated: row.verdict,
      subject: row.subject,
      receivedAt: row.received_at.toISOString(),
      mailbox: row.mailbox,
      team: row.team,
      because: saidOf(row.because),
      error: row.error,
      ticket: ticket && suggested ? { ticket, because: suggested.because } : null,
      contact: contact && claimed ? { contact, because: claimed.because } : null,
      attachmentIds: row.files,
    };
  });
}

async function openLoops(desk: Desk): Promise<LoopView[]> {
  const loops = await desk.$queryRaw<(Omit<LoopView, "foundAt" | "because"> & { foundAt: Date; because: string })[]>`
    select l.id as "loopId", l.from_address as address, t.number as ticket, l.because, l.found_at as "foundAt",
           (select count(*)::int from (select from held_mails h where h.loop_id = l.id limit ${mostCounted}) h) as mails
      from loops l left join tickets t on t.id = l.ticket_id
     where l.lifted_at is null order by l.found_at desc limit ${mostLoops}`;
  return loops.map((loop) => ({ ...loop, because: saidOf(loop.because), foundAt: loop.foundAt.toISOString() }));
}
