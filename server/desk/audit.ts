import type { Asking } from "./context.ts";
import type { DeskTransaction } from "./database.ts";

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
  // Written for everything that happens; a statement of our own costs a third of a model's.
  await tx.$executeRaw`
    insert into audit_records (at, rule, agent_id, client, ip, act, ticket_id, subject, details)
    values (${new Date()}, ${who.rule}, ${who.agentId}::uuid, ${who.client}, ${who.ip}, ${act}, ${ticketId}::uuid, ${subject},
      ${JSON.stringify(details)}::jsonb)`;
}
