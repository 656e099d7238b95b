import type { EntryView, SentView, TicketView } from "../../../portal/contract.ts";
import { notFound } from "../../platform/problems.ts";
import { seenBy, type Viewer, visibleTickets } from "../access.ts";
import type { Portal } from "../app.ts";
import { type TicketColumns, ticketColumns, ticketRow } from "./row.ts";
import { onItsWay, sentJson } from "./sent.ts";

type Found = TicketColumns & { requesterName: string; closedAt: Date | null; entries: EntryView[]; sent: SentView[] };

/** A ticket by its number, or through a secure link the one ticket that it opens. */
type Wanted = { number: number } | { ticketId: string };

const columns = `${ticketColumns}, t.requester_name as "requesterName", t.closed_at as "closedAt",
  (select coalesce(json_agg(json_build_object(
      'id', e.release_id, 'kind', e.kind, 'side', e.side, 'authorName', e.author_name, 'html', e.html, 'at', e.at,
      'files', (select coalesce(json_agg(json_build_object(
                  'id', f.file_id, 'name', f.name, 'type', f.type, 'size', f.size, 'contentId', f.content_id)
                  order by f.name, f.file_id), '[]')
                from published_files f where f.organization_id = e.organization_id and f.release_id = e.release_id)
    ) order by e.at, e.release_id), '[]')
    from published_entries e where e.organization_id = t.organization_id and e.ticket_id = t.ticket_id) as entries,
  (select coalesce(json_agg(${sentJson} order by c.at), '[]')
     from customer_acts c
    where c.organization_id = t.organization_id and c.ticket_id = t.ticket_id and c.contact_id = a.contact_id
      and ${onItsWay}) as sent`;

/** The ticket with everything that was released of it, in one query. Foreign and missing ones are alike: 404. */
export async function findTicket({ database }: Portal, viewer: Viewer, wanted: Wanted) {
  const [name, condition, key] =
    "number" in wanted
      ? ["ticket_by_number", "t.number = $4::int", wanted.number]
      : ["ticket_by_id", "t.ticket_id = $4::uuid", wanted.ticketId];
  const [row] = await database.read<Found>(name, `select ${columns} ${visibleTickets} and ${condition}`, [
    ...seenBy(viewer),
    key,
  ]);
  if (!row) throw notFound("This ticket");
  return { ticketId: row.ticketId, view: ticketView(row, viewer) };
}

function ticketView(row: Found, viewer: Viewer): TicketView {
  const { requesterName, entries, sent } = row;
  return { ...ticketRow(row, viewer), requesterName, closedAt: row.closedAt?.toISOString() ?? null, entries, sent };
}
