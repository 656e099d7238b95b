import { endpoint } from "../../platform/endpoint.ts";
import { notFound, problem } from "../../platform/problems.ts";
import { takeUploads } from "../attachments/take.ts";
import { audit } from "../audit.ts";
import type { AgentContext, Asking } from "../context.ts";
import { EntryView, WriteNote } from "../contract/tickets.ts";
import { type DeskTransaction, transact } from "../database.ts";
import { htmlToText, safeHtml } from "../mail/reading/safe-html.ts";
import { lockToWrite } from "./lock.ts";
import { entryView } from "./timeline.ts";

export const note = endpoint({
  summary: "Writes a note for colleagues. The customer never sees it unless somebody releases it.",
  status: 201,
  input: WriteNote,
  output: EntryView,
  run: async ({ number, html, attachmentIds }, { desk, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      const ticket = await lockToWrite(tx, number);
      const { id } = await writeNote(tx, asking, { ticketId: ticket.id, html, attachmentIds });
      const entry = await entryView(tx, ticket.id, id);
      if (!entry) throw notFound("The note");
      return entry;
    }),
});

async function writeNote(
  tx: DeskTransaction,
  asking: Asking,
  { ticketId, html, attachmentIds }: { ticketId: string; html: string; attachmentIds: string[] },
) {
  const at = new Date();
  const entry = await tx.entry.create({
    data: { ticketId, kind: "note", agentId: asking.agent.id, html: wordsOf(html, attachmentIds), at },
    select: { id: true },
  });
  await takeUploads(tx, { agentId: asking.agent.id, entryId: entry.id, attachmentIds });
  // A note changes no field of the ticket, so it makes nobody's version stale.
  await tx.ticket.update({ where: { id: ticketId }, data: { updatedAt: at }, select: { id: true } });
  await audit(tx, asking, { act: "note_written", ticketId, subject: entry.id });
  return entry;
}

/** What an agent wrote, made safe. Nothing left of it and no file beside it is no note. */
function wordsOf(html: string, attachmentIds: string[]): string {
  const safe = safeHtml(html);
  if (!htmlToText(safe).trim() && !/<img\b/i.test(safe) && attachmentIds.length === 0)
    throw problem(400, "empty", "Write something first.");
  return safe;
}
