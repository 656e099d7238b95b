import type { Asking } from "../desk/context.ts";
import type { DeskTransaction } from "../desk/database.ts";
import { ago } from "../desk/tickets/whose-mail.ts";
import { conflict } from "../platform/problems.ts";

/**
 * A colleague's reply went out after the last one that the writer saw: it is told instead of answering twice. Once it
 * is on the writer's screen, the same words may follow it. Their ids tell the order in which replies were written (UUIDv7).
 */
export async function refuseCrossed(
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
