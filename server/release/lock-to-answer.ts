import type { AgentContext, Asking } from "../desk/context.ts";
import type { DeskTransaction } from "../desk/database.ts";
import { changedSince } from "../desk/tickets/changed-since.ts";
import { lockToWrite } from "../desk/tickets/lock.ts";
import { ago } from "../desk/tickets/whose-mail.ts";
import { conflict } from "../platform/problems.ts";

/**
 * The ticket, locked for a reply or a new mail to the customer.
 * 409 when it is continued in another ticket or a colleague replied meanwhile, 412 when it changed since the version seen.
 */
export async function lockToAnswer(
  tx: DeskTransaction,
  asking: Pick<AgentContext, "agent" | "client" | "ip" | "version">,
  { number, seenReplyId }: { number: number; seenReplyId?: string | null | undefined },
) {
  const ticket = await lockToWrite(tx, number);
  if (asking.version !== null && asking.version !== ticket.version)
    throw await changedSince(tx, ticket, asking.version);
  await refuseCrossed(tx, asking, ticket.id, seenReplyId);
  return ticket;
}

/**
 * A colleague's reply went out after the last one that the writer saw: it is told instead of answering twice. Once it
 * is on the writer's screen, the same words may follow it. Their ids tell the order in which replies were written (UUIDv7).
 */
async function refuseCrossed(
  tx: DeskTransaction,
  { agent }: Asking,
  ticketId: string,
  seenReplyId: string | null | undefined,
) {
  if (seenReplyId === undefined) return; // a program that has no screen
  const [crossed] = await tx.$queryRaw<{ name: string | null; at: Date }[]>`
    select a.name, e.at from entries e left join agents a on a.id = e.agent_id
    where e.ticket_id = ${ticketId}::uuid and e.kind = 'reply' and e.agent_id is distinct from ${agent.id}::uuid
      and (${seenReplyId}::uuid is null or e.id > ${seenReplyId}::uuid)
    order by e.id desc limit 1`;
  if (crossed)
    throw conflict(
      "reply_crossed",
      `${crossed.name ?? "A colleague"} replied ${ago(crossed.at)}. Read that reply; your words are kept. Send them again if they still fit.`,
    );
}
