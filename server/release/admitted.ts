/** What the customers' room knows of organizations and contacts already: read at once, and then only what differs is written. */
import { z } from "zod";
import type { PortalTransaction } from "./publisher.ts";
import type { ShownContact, ShownOrganization } from "./shown.ts";

const Admitted = z.object({
  organizations: z.array(
    z.object({ organizationId: z.string(), name: z.string(), language: z.string(), timeZone: z.string() }),
  ),
  customers: z.array(
    z.object({
      organizationId: z.string(),
      contactId: z.string(),
      name: z.string(),
      language: z.string().nullable(),
      disabledAt: z.coerce.date().nullable(),
    }),
  ),
  addresses: z.array(
    z.object({ address: z.string(), organizationId: z.string(), contactId: z.string(), primary: z.boolean() }),
  ),
});
export type Admitted = z.infer<typeof Admitted>;

/** `contacts`: whoever has one of their addresses is told too, because an address belongs to one contact. */
export async function admitted(
  tx: PortalTransaction,
  { organizations, contacts }: { organizations: ShownOrganization[]; contacts: ShownContact[] },
): Promise<Admitted> {
  const organizationIds = organizations.map(({ organizationId }) => organizationId);
  const contactIds = contacts.map(({ contactId }) => contactId);
  const addresses = contacts.flatMap((contact) => contact.addresses);
  const rows = await tx.$queryRaw`
    select
      (select coalesce(json_agg(json_build_object(
           'organizationId', organization_id, 'name', name, 'language', language, 'timeZone', time_zone)), '[]')
         from organizations where organization_id = any(${organizationIds}::uuid[])) as organizations,
      (select coalesce(json_agg(json_build_object('organizationId', organization_id, 'contactId', contact_id,
           'name', name, 'language', language, 'disabledAt', disabled_at)), '[]')
         from customers where contact_id = any(${contactIds}::uuid[])) as customers,
      (select coalesce(json_agg(json_build_object(
           'address', address, 'organizationId', organization_id, 'contactId', contact_id, 'primary', "primary")), '[]')
         from customer_addresses
        where contact_id = any(${contactIds}::uuid[]) or address = any(${addresses}::text[])) as addresses`;
  return z.tuple([Admitted]).parse(rows)[0];
}
