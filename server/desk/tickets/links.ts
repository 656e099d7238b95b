/** Tickets that another one has to do with: merged, split off, followed. */
import { z } from "zod";
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import type { TicketView } from "../contract/tickets.ts";

/** Every ticket that was merged into `t`, and what had been merged into those before. */
export const mergedIdsJson = Prisma.sql`array(
  with recursive merged(id) as (
    select m.id from tickets m where m.merged_into_id = t.id
    union all select m.id from tickets m join merged on m.merged_into_id = merged.id
  ) select id from merged)`;

/** Of the alias `l` (a ticket) and `lc` (its requester): what is told of it. */
const linked = Prisma.sql`'number', l.number, 'subject', l.subject, 'requester', lc.name, 'version', l.version`;

const origin = Prisma.sql`json_build_object(${linked}, 'kind', tor.kind, 'by', lb.name, 'at', tor.at)`;

/** From the alias `t`. */
export const linkColumns = Prisma.sql`
  ${mergedIdsJson} as merged_ids,
  (select json_build_object(${linked}, 'by', lb.name, 'at', t.merged_at)
     from tickets l join contacts lc on lc.id = l.requester_id left join agents lb on lb.id = t.merged_by_id
    where l.id = t.merged_into_id) as merged_into,
  (select coalesce(json_agg(json_build_object(${linked}, 'by', lb.name, 'at', l.merged_at) order by l.merged_at desc), '[]')
     from tickets l join contacts lc on lc.id = l.requester_id left join agents lb on lb.id = l.merged_by_id
    where l.merged_into_id = t.id) as merged,
  (select ${origin} from ticket_origins tor join tickets l on l.id = tor.from_id join contacts lc on lc.id = l.requester_id
     left join agents lb on lb.id = tor.agent_id where tor.ticket_id = t.id and tor.undone_at is null) as origin,
  (select coalesce(json_agg(${origin} order by tor.at desc), '[]') from ticket_origins tor
     join tickets l on l.id = tor.ticket_id join contacts lc on lc.id = l.requester_id
     left join agents lb on lb.id = tor.agent_id where tor.from_id = t.id and tor.undone_at is null) as offspring`;

const Linked = z.object({
  number: z.number(),
  subject: z.string(),
  requester: z.string(),
  version: z.number(),
  by: z.string().nullable(),
  at: z.coerce.date().transform((at) => at.toISOString()),
});
const Origin = Linked.extend({ kind: z.enum(["follows", "split"]) });

export const linkFields = {
  merged_ids: z.array(z.string()),
  merged_into: Linked.nullable(),
  merged: z.array(Linked),
  origin: Origin.nullable(),
  offspring: z.array(Origin),
};
type Links = z.infer<z.ZodObject<typeof linkFields>>;

export const linksOf = ({
  merged_into,
  merged,
  origin,
  offspring,
}: Links): Pick<TicketView, "mergedInto" | "merged" | "origin" | "offspring"> => ({
  mergedInto: merged_into,
  merged,
  origin,
  offspring,
});
