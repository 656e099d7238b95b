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
  const who = "rule" in actor ? { rule: actor.rule } : { agentId: actor.agent.id, client: actor.client, ip: actor.ip };
  await tx.auditRecord.create({
    data: { ...who, act, details, ticketId: ticketId ?? null, subject: subject ?? null },
    select: { id: true },
  });
}
