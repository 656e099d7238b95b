import { z } from "zod";
import { type ProblemError, problem } from "../../platform/problems.ts";
import type { DeskTransaction } from "../database.ts";
import { ago } from "./whose-mail.ts";

const Details = z.record(z.string(), z.unknown());

/**
 * 412: what happened to the ticket after the version that the caller saw, and by whom.
 * Every version has one audit record of its own, so the newest ones tell.
 */
export async function changedSince(
  tx: DeskTransaction,
  ticket: { id: string; number: number; version: number },
  seen: number,
): Promise<ProblemError> {
  const missed = Math.min(20, Math.max(1, ticket.version - seen));
  const records = await tx.auditRecord.findMany({
    where: { ticketId: ticket.id, act: { not: "note_written" } },
    select: { act: true, at: true, agentId: true, rule: true, details: true },
    orderBy: { id: "desc" },
    take: missed,
  });
  const names = await namesOf(
    tx,
    records.flatMap(({ agentId }) => agentId ?? []),
  );
  const changed = records.map(({ act, at, agentId, rule, details }) => {
    const { version: _, ...what } = Details.parse(details);
    return { act, what, by: (agentId && names.get(agentId)) ?? rule ?? "the customer", at: at.toISOString() };
  });
  const [latest] = changed;
  const who = latest
    ? `${latest.by} changed #${ticket.number} ${ago(new Date(latest.at))}.`
    : `#${ticket.number} was changed.`;
  return problem(412, "changed_meanwhile", `${who} Look at it again, then repeat your change.`, {
    changed,
    version: ticket.version,
  });
}

async function namesOf(tx: DeskTransaction, ids: string[]) {
  const agents = await tx.agent.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(agents.map(({ id, name }) => [id, name]));
}
