import { z } from "zod";
import { Prisma } from "../../../prisma/generated/desk/client.ts";

/**
 * Whose the sender's address of a mail without a ticket has become since it came, because somebody taught it or the CRM
 * told; null when it was known then, or when no server vouches for the sender. `m` is the mail.
 */
export const knownSinceJson = Prisma.sql`(
  select jsonb_build_object('contactId', c.id, 'organizationId', c.organization_id,
                            'because', m.from_address || ' is an address of ' || c.name || ' by now')
    from contact_addresses a join contacts c on c.id = a.contact_id
   where a.address = m.from_address and m.ticket_id is null and m.match->>'contactId' is null
     and m.authentication->>'verdict' = 'pass')`;

export const KnownSince = z.object({ contactId: z.uuid(), organizationId: z.uuid(), because: z.string() }).nullable();
