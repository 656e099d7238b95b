import type { EntryView, TicketView } from "../../portal/contract.ts";
import { statusView } from "../../portal/status.ts";
import type { ShownEntry, ShownTicket } from "./shown.ts";

/**
 * The portal's own view of what is shown: the pane renders the customer's page from it.
 * Files are named by the desk's attachment ids, so that the agent's program can fetch them from the desk.
 */
export function viewOf(
  {
    ticket,
    open,
    entries,
    continuedIn,
  }: Pick<ShownTicket, "ticket" | "open" | "entries"> & { continuedIn: number | null },
  statusLabels: Readonly<Record<string, string | null>> = {},
): TicketView {
  return {
    number: ticket.number,
    subject: ticket.subject,
    status: statusView(ticket.status, statusLabels),
    open,
    requesterName: ticket.requesterName,
    createdAt: ticket.createdAt.toISOString(),
    updatedAt: ticket.updatedAt.toISOString(),
    closedAt: ticket.closedAt?.toISOString() ?? null,
    entries: [...entries].sort(byTime).map(entryView),
    continuedIn,
    sent: [],
  };
}

const byTime = (a: ShownEntry, b: ShownEntry) =>
  a.at.getTime() - b.at.getTime() || (a.releaseId < b.releaseId ? -1 : Number(a.releaseId > b.releaseId));

const entryView = ({ releaseId, kind, side, authorName, html, at, files }: ShownEntry): EntryView => ({
  id: releaseId,
  kind,
  side,
  authorName,
  html,
  at: at.toISOString(),
  files: files.map(({ attachmentId, name, type, size, contentId }) => ({
    id: attachmentId,
    name,
    type,
    size,
    contentId,
  })),
});
