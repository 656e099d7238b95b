/** The human act: "the customer may see these words and these files". */
import type { z } from "zod";
import { audit } from "../desk/audit.ts";
import type { AgentContext, Asking } from "../desk/context.ts";
import { EntryView, ReleaseEntry } from "../desk/contract/tickets.ts";
import { type Desk, type DeskTransaction, transact } from "../desk/database.ts";
import { lockTicket } from "../desk/tickets/lock.ts";
import { entryView } from "../desk/tickets/timeline.ts";
import { endpoint } from "../platform/endpoint.ts";
import { conflict, notFound, problem } from "../platform/problems.ts";
import { publishAtOnce, publishInAnyCase } from "./at-once.ts";
import type { DoorContext } from "./context.ts";
import { showTicket } from "./settle.ts";
import { contentIdsIn, hashOf, isEmpty, noImages, releasedWords } from "./words.ts";

export const releaseEntry = (door: DoorContext) =>
  endpoint({
    summary: "Shows an entry to the customer: its new words, and of the rest only what is named.",
    status: 201,
    input: ReleaseEntry,
    output: EntryView,
    run: async (wish, asking: AgentContext) => {
      const ticketId = await transact(door.desk, async (tx) => {
        const ticket = await lockTicket(tx, wish.number);
        await refuseSecondRelease(tx, ticket.id, wish.entryId);
        const { html, files } = await whatIsReleased(tx, ticket.id, wish);
        if (isEmpty(html) && files.length === 0)
          throw problem(
            422,
            "nothing_to_release",
            "This entry has no words to show. Choose a file of it, or write a reply.",
          );
        await showTicket(tx, asking, ticket.id, "first release to the customer");
        await record(tx, asking, { ticketId: ticket.id, entryId: wish.entryId, html, attachmentIds: files });
        await publishInAnyCase(door, tx, ticket.id);
        return ticket.id;
      });
      await publishAtOnce(door, ticketId);
      return readEntry(door.desk, ticketId, wish.entryId);
    },
  });

/** The release itself, with the hash of the exact words, and its audit record. */
export async function record(
  tx: DeskTransaction,
  asking: Asking,
  release: { ticketId: string; entryId: string; html: string; attachmentIds: string[]; publishAfter?: Date },
) {
  const { attachmentIds, ...rest } = release;
  const now = new Date();
  const { id } = await tx.release.create({
    data: {
      publishAfter: now,
      ...rest,
      releasedById: asking.agent.id,
      releasedAt: now,
      client: asking.client,
      htmlSha256: hashOf(release.html),
      files: { createMany: { data: attachmentIds.map((attachmentId) => ({ attachmentId })) } },
    },
    select: { id: true },
  });
  await audit(tx, asking, {
    act: "released",
    ticketId: release.ticketId,
    subject: id,
    details: { entryId: release.entryId, htmlSha256: hashOf(release.html), files: attachmentIds.length },
  });
  return id;
}

async function refuseSecondRelease(tx: DeskTransaction, ticketId: string, entryId: string) {
  const entry = await tx.entry.findFirst({
    where: { id: entryId, ticketId },
    select: { releases: { where: { retractedAt: null }, select: { id: true } } },
  });
  if (!entry) throw notFound("This entry");
  if (entry.releases.length)
    throw conflict(
      "already_released",
      "The customer sees this entry already. Retract it first to release it differently.",
    );
}

type Wish = Pick<z.output<typeof ReleaseEntry>, "entryId" | "attachmentIds" | "withQuoted" | "withInlineImages">;

/** The exact words and the files that a release of this entry would cover; the preview asks the same question. */
export async function whatIsReleased(desk: Desk | DeskTransaction, ticketId: string, wish: Wish) {
  const entry = await desk.entry.findFirst({
    where: { id: wish.entryId, ticketId },
    select: {
      html: true,
      quotedHtml: true,
      attachments: { select: fileFields },
      message: { select: { attachments: { where: { inline: true }, select: fileFields } } },
    },
  });
  if (!entry) throw notFound("This entry");
  const parts = { html: entry.html, quotedHtml: wish.withQuoted ? entry.quotedHtml : "" };
  const named = new Set(wish.attachmentIds);
  if (![...named].every((id) => entry.attachments.some((file) => file.id === id)))
    throw problem(422, "unknown_file", "One of the files is not on this entry. Open the entry again and choose anew.");

  const shown = wish.withInlineImages ? contentIdsIn(parts.html + parts.quotedHtml) : new Set<string>();
  const inside = [...entry.attachments, ...(entry.message?.attachments ?? [])].filter(
    ({ inline, contentId }) => inline && contentId && shown.has(contentId),
  );
  const images = wish.withInlineImages
    ? { contentIds: new Set(inside.flatMap(({ contentId }) => contentId ?? [])), embedded: true }
    : noImages;
  return { html: releasedWords(parts, images), files: [...new Set([...named, ...inside.map(({ id }) => id)])] };
}

const fileFields = { id: true, inline: true, contentId: true } as const;

/** The entry as the pane draws it after what was just done to it. */
export async function readEntry(desk: Desk, ticketId: string, entryId: string) {
  const entry = await entryView(desk, ticketId, entryId);
  if (!entry) throw notFound("This entry");
  return entry;
}
