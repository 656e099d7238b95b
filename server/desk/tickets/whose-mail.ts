import type { Desk, DeskTransaction } from "../database.ts";

/** Which ticket a mail belongs to, and a sentence for a colleague who wanted to make one of it. */
export async function whoseMail(
  tx: Desk | DeskTransaction,
  messageId: string,
  ticketId: string,
): Promise<{ number: number; sentence: string }> {
  const { number } = await tx.ticket.findUniqueOrThrow({ where: { id: ticketId }, select: { number: true } });
  const opened = await tx.auditRecord.findFirst({
    where: { ticketId, act: "ticket_opened", subject: messageId },
    select: { at: true, agentId: true },
  });
  if (!opened) return { number, sentence: `This mail belongs to #${number}.` };

  const agent = opened.agentId
    ? await tx.agent.findUnique({ where: { id: opened.agentId }, select: { name: true } })
    : null;
  return { number, sentence: `${agent?.name ?? "A rule"} made #${number} of this ${ago(opened.at)}.` };
}

/** "12 s ago", "5 min ago", "3 h ago", "2 days ago". */
export function ago(at: Date, now = new Date()): string {
  const seconds = Math.max(0, Math.round((now.getTime() - at.getTime()) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}
