/** What customers sent and the door has not carried into the desk yet. */
import type { SentView } from "../../../portal/contract.ts";
import type { Viewer } from "../access.ts";
import type { Portal } from "../app.ts";

/** `c` is the act. */
export const sentJson = `json_build_object(
  'id', c.act_id, 'kind', c.kind, 'subject', c.subject, 'text', c.text, 'at', c.at, 'received', c.collected_at is not null,
  'files', (select coalesce(json_agg(json_build_object('name', u.name, 'size', u.size) order by u.position), '[]')
              from uploaded_files u where u.organization_id = c.organization_id and u.act_id = c.act_id))`;

/**
 * Whether an act is still to be shown as sent: until the desk has it and its entry is published, which is a moment later.
 * The entry stands at the time the customer wrote it, or later.
 */
export const notYetPublished = `(c.collected_at is null or (c.collected_at > now() - interval '1 minute' and not exists (
  select from published_entries p where p.organization_id = c.organization_id and p.ticket_id = c.ticket_id
     and p.side = 'customer' and p.at >= c.at)))`;

/** The customer's new tickets that are on no list yet. */
export async function newTicketsOnTheirWay({ database }: Portal, viewer: Viewer) {
  const rows = await database.read<{ sent: SentView }>(
    "new_tickets_on_their_way",
    `select ${sentJson} as sent from customer_acts c
      where c.organization_id = $1 and c.contact_id = $2 and c.kind = 'new_ticket' and c.at > now() - interval '30 days'
        and not exists (select from ticket_access a where a.organization_id = c.organization_id
                          and a.contact_id = c.contact_id and a.ticket_id = c.became_ticket_id)
        and c.collected_at is null
      order by c.at desc limit 20`,
    [viewer.organizationId, viewer.contactId],
  );
  return rows.map((row) => row.sent);
}
