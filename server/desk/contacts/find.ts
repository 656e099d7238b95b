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
    const contacts = await contactsWhere(
      desk,
      Prisma.sql`c.name ilike ${words} or o.name ilike ${words}
        or exists (select from contact_addresses ca where ca.contact_id = c.id and ca.address like ${words.toLowerCase()})`,
      {
        order: Prisma.sql`
          exists (select from contact_addresses ca where ca.contact_id = c.id and ca.address = ${search.toLowerCase()}) desc,
          (c.name ilike ${startingWith(search)}) desc, (c.name ilike ${words}) desc, c.name, c.id`,
        limit: 20,
      },
    );
    return { contacts };
  },
});

export const findOrganizations = endpoint({
  summary: "Organizations by name; people's own are left out.",
  input: Search,
  output: OrganizationList,
  run: async ({ search }, { desk }: AgentContext) => ({
    organizations: await desk.organization.findMany({
      where: { name: { contains: literally(search), mode: "insensitive" }, personal: false },
      select: { id: true, name: true, personal: true },
      orderBy: [{ name: "asc" }, { id: "asc" }],
      take: 20,
    }),
  }),
});

/** Prisma's `contains` leaves LIKE's signs as they are. */
const literally = (search: string) => containing(search).slice(1, -1);
