/** @jsxRuntime automatic */
import { z } from "zod";
import { TicketListView } from "../../../portal/contract.ts";
import { ListPage } from "../../../portal/list/ListPage.tsx";
import { seenBy, type Viewer, visibleTickets } from "../access.ts";
import { read, show, type Visit } from "../visit.ts";
import { type TicketColumns, ticketColumns, ticketRow } from "./row.ts";
import { newTicketsOnTheirWay } from "./sent.ts";

const pageSize = 25;

const Cursor = z.strictObject({ at: z.iso.datetime(), ticketId: z.uuid() });

/** What else stands in the address, such as a newsletter's marks, is not looked at. */
const Query = z.object({
  show: z.enum(["open", "closed"]).default("open"),
  search: z
    .string()
    .max(200)
    .transform((words) =>
      words
        .toWellFormed()
        .replace(/\p{Cc}/gu, " ")
        .trim(),
    )
    .default(""),
  after: z
    .base64url()
    .transform((text) => parsedJson(Buffer.from(text, "base64url").toString()))
    .pipe(Cursor)
    .optional(),
});

/** GET /: the customer's own tickets, newest first; with `search`, those that contain the words. */
export async function listTickets(visit: Visit<Viewer>) {
  const { show: which, search, after } = read(Query, visit.req.query);
  const found = await find(visit, which, search, after);
  const tickets = found.slice(0, pageSize);
  const last = found.length > pageSize ? tickets.at(-1) : undefined;
  const first = !after && !search && which === "open";

  const list = {
    show: which,
    search,
    tickets: tickets.map((row) => ticketRow(row, visit.who)),
    sent: first ? await newTicketsOnTheirWay(visit.portal, visit.who) : [],
    next: last ? cursorAfter(last) : null,
  };
  show(visit, TicketListView, list, (view, around) => (
    <ListPage list={view} timeZone={visit.who.timeZone} around={around} />
  ));
}

const cursorAfter = ({ updatedAt, ticketId }: TicketColumns) =>
  Buffer.from(JSON.stringify({ at: updatedAt.toISOString(), ticketId })).toString("base64url");

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const older = "($4::timestamptz is null or (a.updated_at <= $4 and (a.updated_at < $4 or a.ticket_id > $5::uuid)))";
const newestFirst = `order by a.updated_at desc, a.ticket_id limit ${pageSize + 1}`;

/** Looks at released words only: what was never released cannot be found. */
const contains = `(t.subject ilike $6 or t.number::text = $7 or exists (
  select from published_entries e
   where e.organization_id = t.organization_id and e.ticket_id = t.ticket_id and e.text ilike $6))`;

function find({ portal, who }: Visit<Viewer>, which: string, search: string, after?: z.output<typeof Cursor>) {
  const page = [...seenBy(who), after?.at ?? null, after?.ticketId ?? null];
  const { read } = portal.database;
  if (!search)
    return read<TicketColumns>(
      "list_tickets",
      `select ${ticketColumns} ${visibleTickets} and a.open = $6 and ${older} ${newestFirst}`,
      [...page, which === "open"],
    );
  const words = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  return read<TicketColumns>(
    "search_tickets",
    `select ${ticketColumns} ${visibleTickets} and ${older} and ${contains} ${newestFirst}`,
    [...page, words, search.replace(/^#/, "")],
  );
}
