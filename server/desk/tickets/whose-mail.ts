import type { Desk, DeskTransaction } from "../database.ts";
import { rootOf } from "./place.ts";

/** Which ticket a mail belongs to, and a sentence for a colleague who wanted to make one of it. */
export async function whoseMail(
  tx: Desk | DeskTransaction,
  messageId: string,
  ticketId: string,
): Promise<{ number: number; sentence: string }> {
  const { number } = await rootOf(tx, ticketId);
  const [done] = await tx.auditRecord.findMany({
    where: { ticketId, subject: messageId, act: { in: ["ticket_opened", "mail_filed"] } },
    // The ticket's opening, when the mail opened it, is written before the filing.
    orderBy: { id: "asc" },
    select: { act: true, at: true, agentId: true },
    take: 1,
  });
  if (!done) return { number, sentence: `This mail belongs to #${number}.` };

  const agent = done.agentId
    ? await tx.agent.findUnique({ where: { id: done.agentId }, select: { name: true } })
    : null;
  const who = agent?.name ?? "A rule";
  const what = done.act === "ticket_opened" ? `made #${number} of this` : `filed it on #${number}`;
  return { number, sentence: `${who} ${what} ${ago(done.at)}.` };
}

/** "12 s ago", "5 min ago", "3 h ago", "2 days ago". */
export function ago(at: Date, now = new Date()): string {
  const seconds = Math.max(0, Math.round((now.getTime() - at.getTime()) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}
