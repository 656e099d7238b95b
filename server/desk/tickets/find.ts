import type { z } from "zod";
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { endpoint } from "../../platform/endpoint.ts";
import type { AgentContext } from "../context.ts";
import { FindTickets, TicketList } from "../contract/tickets.ts";
import { containing, startingWith } from "../like.ts";
import { cursorOf, placeOf } from "./cursor.ts";
import { openStatuses, summariesWhere } from "./summaries.ts";

const pageSize = 30;

export const findTickets = endpoint({
  summary: "Tickets, the latest change first: all, mine, a contact's, open ones, or those that a search finds.",
  input: FindTickets,
  output: TicketList,
  run: async (wish, { desk, agent }: AgentContext) => {
    const where = Prisma.join(conditions(wish, agent.id), " and ");
    const found = await summariesWhere(desk, where, pageSize + 1);
    const tickets = found.slice(0, pageSize);
    const last = tickets.at(-1);
    const more = found.length > pageSize && last;
    return { tickets, nextCursor: more ? cursorOf({ at: new Date(last.updatedAt), id: last.id }) : null };
  },
});

function conditions({ search, contactId, mine, open, cursor }: z.output<typeof FindTickets>, agentId: string) {
  const place = cursor ? placeOf(cursor) : null;
  return [
    // What was merged is found by those who look for it; lists show where it is continued.
    search ? found(search) : Prisma.sql`t.merged_into_id is null`,
    ...(contactId ? [ofContact(contactId)] : []),
    ...(mine ? [Prisma.sql`t.assignee_id = ${agentId}::uuid`] : []),
    ...(open === undefined ? [] : [Prisma.sql`(t.status = any(${openStatuses}::"TicketStatus"[])) = ${open}`]),
    ...(place ? [Prisma.sql`(t.updated_at, t.id) < (${place.at}::timestamptz, ${place.id}::uuid)`] : []),
  ];
}

const ofContact = (contactId: string) => Prisma.sql`(
  t.requester_id = ${contactId}::uuid
  or exists (select from participants p where p.ticket_id = t.id and p.contact_id = ${contactId}::uuid))`;

/**
 * "#1042" or "1042" is a number; other words are in the subject, or name the requester, their address or company.
 * Each is looked up where it is written; only what was found is joined.
 */
function found(search: string) {
  const [, digits] = /^#?(\d{1,9})$/.exec(search) ?? [];
  const words = containing(search);
  return Prisma.sql`t.id in (
    select id from tickets where number = ${digits ? Number(digits) : -1}
    union select id from tickets where subject ilike ${words}
    union select id from tickets where organization_id in (select id from organizations where name ilike ${words})
    union select id from tickets where requester_id in (
      select id from contacts where name ilike ${words}
      union select contact_id from contact_addresses where address like ${startingWith(search.toLowerCase())}))`;
}
