import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { endpoint } from "../../platform/endpoint.ts";
import type { AgentContext } from "../context.ts";
import { ContactList, OrganizationList, Search } from "../contract/people.ts";
import { containing, startingWith } from "../like.ts";
import { contactsWhere } from "./view.ts";

export const findContacts = endpoint({
  summary: "Contacts by name, address or organization; the nearest first.",
  input: Search,
  output: ContactList,
  run: async ({ search }, { desk }: AgentContext) => {
    const words = containing(search);
    const contacts = await contactsWhere(desk, Prisma.sql`c.id in (${found(search.toLowerCase())})`, {
      order: Prisma.sql`
          exists (select from contact_addresses ca where ca.contact_id = c.id and ca.address = ${search.toLowerCase()}) desc,
          (c.name ilike ${startingWith(search)}) desc, (c.name ilike ${words}) desc, c.name, c.id`,
      limit: 20,
    });
    return { contacts };
  },
});

/** More than fit into an answer, so that the nearest are among them; a frequent word has a hundred thousand. */
const mostLookedAt = 200;

/** Each is looked up where it is written, in an index of its own (see prisma/desk/search.sql); the nearest are never missed. */
function found(search: string) {
  const words = containing(search);
  const beginning = startingWith(search);
  return Prisma.sql`
    (select contact_id as id from contact_addresses where address like ${beginning} order by address limit 20)
    union (select id from contacts where lower(name) like ${beginning} order by lower(name) limit 20)
    union (select id from contacts where name ilike ${words} limit ${mostLookedAt})
    union (select contact_id from contact_addresses where address like ${words} limit ${mostLookedAt})
    union (select c.id from organizations o join contacts c on c.organization_id = o.id where o.name ilike ${words}
      limit ${mostLookedAt})`;
}

export const findOrganizations = endpoint({
  summary: "Organizations by name; people's own are left out.",
  input: Search,
  output: OrganizationList,
  run: async ({ search }, { desk }: AgentContext) => ({
    organizations: await desk.organization.findMany({
      where: { name: { contains: literally(search), mode: "insensitive" }, personal: false, mergedIntoId: null },
      select: { id: true, name: true, personal: true },
      orderBy: [{ name: "asc" }, { id: "asc" }],
      take: 20,
    }),
  }),
});

/** Prisma's `contains` leaves LIKE's signs as they are. */
const literally = (search: string) => containing(search).slice(1, -1);
