import { z } from "zod";
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { AgentView, Id } from "../contract/people.ts";
import { Priority, Status, type TicketSummary, turnOf } from "../contract/tickets.ts";
import type { Desk, DeskTransaction } from "../database.ts";

/** Statuses in which something is still to be done. */
export const openStatuses = Status.options.filter((status) => turnOf[status] !== "nobody");

/** A TicketSummary's columns, from the aliases `t` (tickets), `c` (its requester), `o` (organization), `a` (assignee). */
export const summaryColumns = Prisma.sql`
  t.id, t.number, t.subject, t.status, t.priority, t.updated_at, t.undelivered_at is not null as undelivered,
  jsonb_build_object('id', c.id, 'name', c.name, 'organization', o.name) as requester,
  case when a.id is not null then jsonb_build_object('id', a.id, 'name', a.name, 'role', a.role) end as assignee`;

export const summaryTables = Prisma.sql`
  tickets t
  join contacts c on c.id = t.requester_id
  join organizations o on o.id = t.organization_id
  left join agents a on a.id = t.assignee_id`;

export const SummaryRow = z.object({
  id: Id,
  number: z.number(),
  subject: z.string(),
  status: Status,
  priority: Priority,
  updated_at: z.date(),
  undelivered: z.boolean(),
  requester: z.object({ id: Id, name: z.string(), organization: z.string() }),
  assignee: AgentView.nullable(),
});

export const summaryOf = ({ updated_at, ...row }: z.infer<typeof SummaryRow>): TicketSummary => ({
  id: row.id,
  number: row.number,
  subject: row.subject,
  status: row.status,
  turn: turnOf[row.status],
  priority: row.priority,
  requester: row.requester,
  assignee: row.assignee,
  updatedAt: updated_at.toISOString(),
  undelivered: row.undelivered,
});

/** The tickets for which `where` holds, newest first, in one query. */
export async function summariesWhere(
  desk: Desk | DeskTransaction,
  where: Prisma.Sql,
  limit: number,
): Promise<TicketSummary[]> {
  const rows = await desk.$queryRaw`
    select ${summaryColumns} from ${summaryTables} where ${where} order by t.updated_at desc, t.id desc limit ${limit}`;
  return z.array(SummaryRow).parse(rows).map(summaryOf);
}
