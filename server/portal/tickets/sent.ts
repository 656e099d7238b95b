/** What customers sent and the door has not carried into the desk yet. */
import { ActKind, type SentView } from "../../../portal/contract.ts";
import type { Viewer } from "../access.ts";
import type { Portal } from "../app.ts";

/** `c` is the act. */
export const sentJson = `json_build_object(
  'id', c.act_id, 'kind', c.kind, 'subject', c.subject, 'text', c.text, 'at', c.at,
  'files', (select coalesce(json_agg(json_build_object('name', u.name, 'size', u.size) order by u.position), '[]')
              from uploaded_files u where u.organization_id = c.organization_id and u.act_id = c.act_id))`;

const kinds = ActKind.options.map((kind) => `'${kind}'`).join(", ");

/**
 * The door marks an act collected in the moment in which its entry shows: from then on it is not shown as sent.
 * During an update a newer process may write kinds that this one has no words for.
 */
export const onItsWay = `c.collected_at is null and c.kind in (${kinds})`;

/** The customer's new tickets that are on no list yet. */
export async function newTicketsOnTheirWay({ database }: Portal, viewer: Viewer) {
  const rows = await database.read<{ sent: SentView }>(
    "new_tickets_on_their_way",
    `select ${sentJson} as sent from customer_acts c
      where c.organization_id = $1 and c.contact_id = $2 and c.kind = 'new_ticket' and c.at > now() - interval '30 days'
        and ${onItsWay}
      order by c.at desc limit 20`,
    [viewer.organizationId, viewer.contactId],
  );
  return rows.map((row) => row.sent);
}
