import type { Asking } from "./context.ts";
import { atTheEnd, type DeskTransaction } from "./database.ts";

type Act = {
  act: string;
  ticketId?: string;
  subject?: string;
  details?: Record<string, string | number | boolean | null>;
};

/** Who did it: an agent at a client, or a written rule. */
export type Actor = Asking | { rule: string };

/** Written in the transaction that does it. `details` names ids and states, never words of a customer. */
export async function audit(tx: DeskTransaction, actor: Actor, { act, ticketId, subject, details = {} }: Act) {
  const who =
    "rule" in actor
      ? { rule: actor.rule, agentId: null, client: null, ip: null }
      : { rule: null, agentId: actor.agent.id, client: actor.client, ip: actor.ip };
  await record(tx, { at: new Date(), ...who, act, ticketId, subject, details });
}

type AuditRow = Act & {
  at: Date;
  rule: string | null;
  agentId: string | null;
  client: string | null;
  ip: string | null;
};

/** Everything that happens is recorded: one statement for all of a transaction. */
const record = atTheEnd(
  (tx: DeskTransaction, rows: AuditRow[]) => tx.$executeRaw`
    insert into audit_records (at, rule, agent_id, client, ip, act, ticket_id, subject, details)
    select at, rule, "agentId", client, ip, act, "ticketId", subject, details
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(at timestamptz, rule text, "agentId" uuid, client text, ip text,
      act text, "ticketId" uuid, subject text, details jsonb)`,
);
