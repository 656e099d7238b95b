/** What the customers' room shows of some tickets already: read at once, and then only what differs is written. */
import { z } from "zod";
import type { PortalTransaction } from "./publisher.ts";

const id = z.string();
const instant = z.coerce.date();
const key = { organizationId: id, ticketId: id };

const Published = z.object({
  /** Where they stand although they are no longer released, or have moved to another organization. */
  elsewhere: z.array(z.object(key)),
  tickets: z.array(
    z.object({
      ...key,
      number: z.number(),
      subject: z.string(),
      status: z.string(),
      requesterId: id,
      requesterName: z.string(),
      createdAt: instant,
      updatedAt: instant,
      closedAt: instant.nullable(),
      continuedInId: id.nullable(),
    }),
  ),
  access: z.array(z.object({ ...key, contactId: id, open: z.boolean(), updatedAt: instant })),
  links: z.array(
    z.object({
      ...key,
      linkId: id,
      secretHash: z.string(),
      contactId: id,
      expiresAt: instant,
      revokedAt: instant.nullable(),
    }),
  ),
  entries: z.array(
    z.object({
      ...key,
      releaseId: id,
      kind: z.string(),
      side: z.string(),
      authorName: z.string(),
      html: z.string(),
      text: z.string(),
      at: instant,
    }),
  ),
  files: z.array(z.object({ ...key, fileId: z.string(), releaseId: id, attachmentId: id, sha256: z.string() })),
});
export type Published = z.infer<typeof Published>;

/** Of these tickets; `shown` says which of them stand there rightly, and where. */
export async function published(
  tx: PortalTransaction,
  ticketIds: string[],
  shown: { organizationId: string; ticketId: string }[],
): Promise<Published> {
  const organizationIds = shown.map(({ organizationId }) => organizationId);
  const shownIds = shown.map(({ ticketId }) => ticketId);
  const rows = await tx.$queryRaw`
    with asked as (select * from unnest(${organizationIds}::uuid[], ${shownIds}::uuid[]) k(organization_id, ticket_id))
    select
      (select coalesce(json_agg(json_build_object('organizationId', organization_id, 'ticketId', ticket_id)), '[]')
         from published_tickets p where ticket_id = any(${ticketIds}::uuid[])
          and not exists (select from asked where asked.organization_id = p.organization_id and asked.ticket_id = p.ticket_id)
      ) as elsewhere,
      (select coalesce(json_agg(json_build_object('organizationId', organization_id, 'ticketId', ticket_id, 'number', number,
           'subject', subject, 'status', status, 'requesterId', requester_id, 'requesterName', requester_name,
           'createdAt', created_at, 'updatedAt', updated_at, 'closedAt', closed_at, 'continuedInId', continued_in_id)), '[]')
         from published_tickets join asked using (organization_id, ticket_id)) as tickets,
      (select coalesce(json_agg(json_build_object('organizationId', organization_id, 'ticketId', ticket_id,
           'contactId', contact_id, 'open', open, 'updatedAt', updated_at)), '[]')
         from ticket_access join asked using (organization_id, ticket_id)) as access,
      (select coalesce(json_agg(json_build_object('organizationId', organization_id, 'ticketId', ticket_id,
           'linkId', link_id, 'secretHash', secret_hash, 'contactId', contact_id, 'expiresAt', expires_at,
           'revokedAt', revoked_at)), '[]')
         from secure_links join asked using (organization_id, ticket_id)) as links,
      (select coalesce(json_agg(json_build_object('organizationId', organization_id, 'ticketId', ticket_id,
           'releaseId', release_id, 'kind', kind, 'side', side, 'authorName', author_name, 'html', html, 'text', text,
           'at', at)), '[]')
         from published_entries join asked using (organization_id, ticket_id)) as entries,
      (select coalesce(json_agg(json_build_object('organizationId', organization_id, 'ticketId', ticket_id,
           'fileId', file_id, 'releaseId', release_id, 'attachmentId', attachment_id, 'sha256', sha256)), '[]')
         from published_files join asked using (organization_id, ticket_id)) as files`;
  return z.tuple([Published]).parse(rows)[0];
}
