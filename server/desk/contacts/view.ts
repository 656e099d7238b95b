import { z } from "zod";
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { ContactView } from "../contract/people.ts";
import type { Desk, DeskTransaction } from "../database.ts";

/** A ContactView made by the database, from the aliases `c` (contacts) and `o` (organizations) around it. */
export const contactJson = Prisma.sql`jsonb_build_object(
  'id', c.id,
  'name', c.name,
  'addresses', (
    select coalesce(jsonb_agg(ca.address order by ca."primary" desc, ca.created_at, ca.address), '[]')
      from contact_addresses ca where ca.contact_id = c.id),
  'organization', jsonb_build_object('id', o.id, 'name', o.name, 'personal', o.personal),
  'invited', c.invited_at is not null,
  'former', c.former_at is not null)`;

const Rows = z.array(z.object({ contact: ContactView }));

/** The contacts for whom `where` holds, in one query; none that turned out to be another one. `order` is SQL over `c` and `o`. */
export async function contactsWhere(
  desk: Desk | DeskTransaction,
  where: Prisma.Sql,
  { order = Prisma.sql`c.name, c.id`, limit = 50 } = {},
): Promise<ContactView[]> {
  const rows = await desk.$queryRaw`
    select ${contactJson} as contact
      from contacts c join organizations o on o.id = c.organization_id
     where (${where}) and c.merged_into_id is null order by ${order} limit ${limit}`;
  return Rows.parse(rows).map(({ contact }) => contact);
}

export async function contactView(desk: Desk | DeskTransaction, contactId: string): Promise<ContactView | null> {
  const [contact] = await contactsWhere(desk, Prisma.sql`c.id = ${contactId}::uuid`);
  return contact ?? null;
}
