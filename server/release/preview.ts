/** The customer's page as it would be: worked out by what publishing copies from, and drawn from the portal's own view. */
import type { z } from "zod";
import { TicketView } from "../../portal/contract.ts";
import type { AgentContext } from "../desk/context.ts";
import { PreviewRelease } from "../desk/contract/tickets.ts";
import type { Desk } from "../desk/database.ts";
import { htmlToText } from "../desk/mail/reading/safe-html.ts";
import { endpoint } from "../platform/endpoint.ts";
import { notFound, problem } from "../platform/problems.ts";
import type { DoorContext } from "./context.ts";
import { ownWordsToCome } from "./own-words.ts";
import { whatIsReleased } from "./release.ts";
import { fileFields, type ShownEntry, shownFile, ticketIfShown } from "./shown.ts";
import { viewOf } from "./view.ts";
import { releasedWords } from "./words.ts";

type Wish = z.output<typeof PreviewRelease>;

export const previewRelease = ({ desk }: DoorContext) =>
  endpoint({
    summary: "The customer's page as it would be if this were released now.",
    input: PreviewRelease,
    output: TicketView,
    run: async (wish, { agent }: AgentContext) => {
      const ticket = await desk.ticket.findUnique({ where: { number: wish.number }, select: { id: true } });
      const shown = ticket && (await ticketIfShown(desk, ticket.id));
      if (!ticket || !shown) throw notFound(`Ticket #${wish.number}`);
      const draft = wish.entryId
        ? await entryDraft(desk, ticket.id, wish.entryId, wish, agent.name)
        : await replyDraft(desk, wish, agent);
      const entries = [...shown.entries, ...(await ownWordsToCome(desk, ticket.id)), draft].filter(isFirstOfItsKind);
      return viewOf({ ...shown, continuedIn: null, ticket: { ...shown.ticket, updatedAt: new Date() }, entries });
    },
  });

/** What the rule would release and what the agent is about to release may be the same entry: it stands there once. */
const isFirstOfItsKind = (entry: ShownEntry, index: number, all: ShownEntry[]) =>
  all.findLastIndex(({ releaseId }) => releaseId === entry.releaseId) === index;

async function replyDraft(desk: Desk, wish: Wish, agent: AgentContext["agent"]): Promise<ShownEntry> {
  const html = releasedWords({ html: wish.html ?? "" }, { contentIds: new Set(), embedded: true });
  return {
    ...{ releaseId: "draft", kind: "reply", side: "team", authorName: agent.name, at: new Date() },
    ...{ html, text: htmlToText(html), files: await filesOf(desk, wish.number, wish.attachmentIds, agent.id) },
  };
}

async function entryDraft(
  desk: Desk,
  ticketId: string,
  entryId: string,
  wish: Wish,
  agentName: string,
): Promise<ShownEntry> {
  const { html, files } = await whatIsReleased(desk, ticketId, { ...wish, entryId });
  const entry = await desk.entry.findUniqueOrThrow({
    where: { id: entryId },
    select: { kind: true, at: true, contact: { select: { name: true } }, agent: { select: { name: true } } },
  });
  const who = entry.contact
    ? { side: "customer" as const, authorName: entry.contact.name, at: entry.at }
    : { side: "team" as const, authorName: entry.agent?.name ?? agentName, at: new Date() };
  const attachments = await desk.attachment.findMany({ where: { id: { in: files } }, select: fileFields });
  return {
    releaseId: entryId,
    kind: entry.kind,
    ...who,
    html,
    text: htmlToText(html),
    files: attachments.map(shownFile),
  };
}

/** The agent's own uploads, and files that are on the ticket: no others. */
async function filesOf(desk: Desk, number: number, ids: string[], agentId: string) {
  const files = await desk.attachment.findMany({
    where: { id: { in: ids }, OR: [{ uploadedById: agentId }, { entry: { ticket: { number } } }] },
    select: fileFields,
  });
  if (files.length < new Set(ids).size)
    throw problem(422, "unknown_file", "One of the files is neither yours nor on this ticket. Upload it again.");
  return files.map(shownFile);
}
