/** What the customers' room shows of a ticket already: read at once, and then only what differs is written. */
import { z } from "zod";
import type { PortalTransaction } from "./publisher.ts";

const id = z.string();
const instant = z.coerce.date();
const key = { organizationId: id, ticketId: id };

const Published = z.object({
  /** Organizations under which it still stands, although it has moved to another one. */
  elsewhere: z.array(id),
  ticket: z
    .object({
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
    })
    .nullable(),
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
  files: z.array(z.object({ fileId: z.string(), releaseId: id, attachmentId: id, sha256: z.string() })),
});
export type Published = z.infer<typeof Published>;

export async function published(
  tx: PortalTransaction,
  { organizationId, ticketId }: { organizationId: string; ticketId: string },
): Promise<Published> {
  const rows = await tx.$queryRaw`
    select
      (select coalesce(json_agg(organization_id), '[]') from published_tickets
        where ticket_id = k.ticket and organization_id <> k.organization) as elsewhere,
      (select json_build_object('organizationId', organization_id, 'ticketId', ticket_id, 'number', number,
           'subject', subject, 'status', status, 'requesterId', requester_id, 'requesterName', requester_name,
           'createdAt', created_at, 'updatedAt', updated_at, 'closedAt', closed_at,
           'continuedInId', continued_in_id)
         from published_tickets where organization_id = k.organization and ticket_id = k.ticket) as ticket,
      (select coalesce(json_agg(json_build_object('organizationId', organization_id, 'ticketId', ticket_id,
           'contactId', contact_id, 'open', open, 'updatedAt', updated_at)), '[]')
         from ticket_access where organization_id = k.organization and ticket_id = k.ticket) as access,
      (select coalesce(json_agg(json_build_object('organizationId', organization_id, 'ticketId', ticket_id,
           'linkId', link_id, 'secretHash', secret_hash, 'contactId', contact_id, 'expiresAt', expires_at,
           'revokedAt', revoked_at)), '[]')
         from secure_links where organization_id = k.organization and ticket_id = k.ticket) as links,
      (select coalesce(json_agg(json_build_object('organizationId', organization_id, 'ticketId', ticket_id,
           'releaseId', release_id, 'kind', kind, 'side', side, 'authorName', author_name, 'html', html, 'text', text,
           'at', at)), '[]')
         from published_entries where organization_id = k.organization and ticket_id = k.ticket) as entries,
      (select coalesce(json_agg(json_build_object('fileId', file_id, 'releaseId', release_id,
           'attachmentId', attachment_id, 'sha256', sha256)), '[]')
         from published_files where organization_id = k.organization and ticket_id = k.ticket) as files
    from (select ${organizationId}::uuid as organization, ${ticketId}::uuid as ticket) k`;
  return z.tuple([Published]).parse(rows)[0];
}
