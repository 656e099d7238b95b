import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { notFound } from "../../platform/problems.ts";
import { contactJson } from "../contacts/view.ts";
import type { AgentContext } from "../context.ts";
import { ContactView } from "../contract/people.ts";
import { EntryPage, TicketNumber, TicketView } from "../contract/tickets.ts";
import type { Desk, DeskTransaction } from "../database.ts";
import { linkColumns, linkFields, linksOf, mergedIdsJson } from "./links.ts";
import { SummaryRow, summaryColumns, summaryOf, summaryTables } from "./summaries.ts";
import { timeline } from "./timeline.ts";

export const showTicket = endpoint({
  summary: "One ticket with the newest page of its timeline.",
  input: z.strictObject({ number: TicketNumber }),
  output: TicketView,
  run: ({ number }, { desk }: AgentContext) => ticketView(desk, number),
});

export const showEntries = endpoint({
  summary: "A page of a ticket's timeline, before the one that gave its cursor.",
  input: z.strictObject({ number: TicketNumber, before: z.string().max(200).optional() }),
  output: EntryPage,
  run: async ({ number, before }, { desk }: AgentContext) => {
    const [ticket] = await desk.$queryRaw<{ id: string; mergedIds: string[] }[]>`
      select t.id, ${mergedIdsJson} as "mergedIds" from tickets t where t.number = ${number}`;
    if (!ticket) throw notFound(`Ticket #${number}`);
    return timeline(desk, ticket, before);
  },
});

const Row = SummaryRow.extend({
  version: z.number(),
  team: z.string().nullable(),
  channel: z.enum(["email", "portal", "phone", "web_service"]),
  created_at: z.date(),
  closed_at: z.date().nullable(),
  contact: ContactView,
  participants: z.array(ContactView),
  mailbox: z.string().nullable(),
  in_portal_since: z.date().nullable(),
  in_portal_by: z.string().nullable(),
  ...linkFields,
});

/** The ticket as the pane draws it: two queries, however long its timeline. */
export async function ticketView(desk: Desk | DeskTransaction, number: number): Promise<z.infer<typeof TicketView>> {
  const rows = await desk.$queryRaw`
    select ${summaryColumns}, t.version, t.team, t.channel, t.created_at, t.closed_at,
           ${contactJson} as contact,
           (select coalesce(jsonb_agg(${contactJson} order by p.added_at, c.id), '[]')
              from participants p
              join contacts c on c.id = p.contact_id
              join organizations o on o.id = c.organization_id
             where p.ticket_id = t.id and p.contact_id <> t.requester_id) as participants,
           mb.address as mailbox,
           pt.released_at as in_portal_since, coalesce(by.name, pt.rule) as in_portal_by,
           ${linkColumns}
      from ${summaryTables}
      left join mailboxes mb on mb.id = t.mailbox_id
      left join portal_tickets pt on pt.ticket_id = t.id
      left join agents by on by.id = pt.released_by_id
     where t.number = ${number}`;
  const [row] = z.array(Row).parse(rows);
  if (!row) throw notFound(`Ticket #${number}`);

  return {
    ...summaryOf(row),
    version: row.version,
    team: row.team,
    channel: row.channel,
    createdAt: row.created_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    contact: row.contact,
    participants: row.participants,
    mailbox: row.mailbox,
    inPortal: row.in_portal_since && { since: row.in_portal_since.toISOString(), by: row.in_portal_by ?? "a rule" },
    ...linksOf(row),
    ...(await timeline(desk, { id: row.id, mergedIds: row.merged_ids })),
  };
}
