import type { z } from "zod";
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { endpoint } from "../../platform/endpoint.ts";
import type { AgentContext } from "../context.ts";
import { FindTickets, TicketList } from "../contract/tickets.ts";
import type { Desk } from "../database.ts";
import { containing, startingWith } from "../like.ts";
import { cursorOf, placeOf } from "./cursor.ts";
import { openStatuses, summariesWhere } from "./summaries.ts";

const pageSize = 30;

export const findTickets = endpoint({
  summary: "Tickets, the latest change first: all, mine, a contact's, open ones, or those that a search finds.",
  input: FindTickets,
  output: TicketList,
  run: async (wish, { desk, agent }: AgentContext) => {
    const { search } = wish;
    const searched = search ? [(await isFrequent(desk, search)) ? frequent(search) : rare(search)] : [];
    const where = Prisma.join([...searched, ...conditions(wish, agent.id)], " and ");
    const page = await summariesWhere(desk, where, pageSize + 1);
    const tickets = page.slice(0, pageSize);
    const last = tickets.at(-1);
    const more = page.length > pageSize && last;
    return { tickets, nextCursor: more ? cursorOf({ at: new Date(last.updatedAt), id: last.id }) : null };
  },
});

function conditions({ search, contactId, mine, open, cursor }: z.output<typeof FindTickets>, agentId: string) {
  const place = cursor ? placeOf(cursor) : null;
  return [
    // What was merged is found by those who look for it; lists show where it is continued.
    ...(search ? [] : [Prisma.sql`t.merged_into_id is null`]),
    Prisma.sql`true`,
    ...(contactId ? [ofContact(contactId)] : []),
    ...(mine ? [Prisma.sql`t.assignee_id = ${agentId}::uuid`] : []),
    ...(open === undefined ? [] : [Prisma.sql`(t.status = any(${openStatuses}::"TicketStatus"[])) = ${open}`]),
    ...(place ? [Prisma.sql`(t.updated_at, t.id) < (${place.at}::timestamptz, ${place.id}::uuid)`] : []),
  ];
}

const ofContact = (contactId: string) => Prisma.sql`(
  t.requester_id = ${contactId}::uuid
  or exists (select from participants p where p.ticket_id = t.id and p.contact_id = ${contactId}::uuid))`;

/** "#1042" or "1042" is a number; other words are in the subject, or name the requester, their address or company. */
const numberIn = (search: string) => Number(/^#?(\d{1,9})$/.exec(search)?.[1] ?? -1);

/** A word that few hold: each is looked up where it is written, and only what was found is joined. */
function rare(search: string) {
  const words = containing(search);
  return Prisma.sql`t.id in (
    select id from tickets where number = ${numberIn(search)}
    union select id from tickets where subject ilike ${words}
    union select id from tickets where organization_id in (select id from organizations where name ilike ${words})
    union select id from tickets where requester_id in (
      select id from contacts where name ilike ${words}
      union select contact_id from contact_addresses where address like ${startingWith(search.toLowerCase())}))`;
}

/** A word that many hold: a page of them is soon found among the latest tickets. */
function frequent(search: string) {
  const words = containing(search);
  return Prisma.sql`(t.number = ${numberIn(search)} or t.subject ilike ${words} or o.name ilike ${words} or c.name ilike ${words}
    or exists (select from contact_addresses ca where ca.contact_id = c.id and ca.address like ${startingWith(search.toLowerCase())}))`;
}

const many = 1000;

async function isFrequent(desk: Desk, search: string): Promise<boolean> {
  const words = containing(search);
  const [row] = await desk.$queryRaw<{ frequent: boolean }[]>`
    select (select count(*) from (select from contacts where name ilike ${words} limit ${many}) c)
      + (select count(*) from (select from organizations where name ilike ${words} limit ${many}) o)
      + (select count(*) from (select from tickets where subject ilike ${words} limit ${many}) t) >= ${many} as frequent`;
  return row?.frequent ?? false;
}
