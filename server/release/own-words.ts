/** What a customer wrote is visible to that customer once the ticket is (rule of visibility 2). */
import type { Prisma } from "../../prisma/generated/desk/client.ts";
import { audit } from "../desk/audit.ts";
import { type Desk, type DeskTransaction, transact } from "../desk/database.ts";
import { htmlToText } from "../desk/mail/reading/safe-html.ts";
import type { DoorContext } from "./context.ts";
import { fileFields, type ShownEntry, shownFile } from "./shown.ts";
import { contentIdsIn, hashOf, releasedWords } from "./words.ts";

const ownWordsRule = "the customer's own words";

/** Releases, by the rule, what contacts on a ticket in the portal wrote themselves and nobody has decided about yet. */
export async function releaseOwnWords({ desk }: DoorContext, ticketId: string) {
  await transact(desk, async (tx) => {
    // One at a time for a ticket, or two would release the same words twice.
    await tx.$queryRaw`select 1 from tickets where id = ${ticketId}::uuid for update`;
    const entries = await tx.entry.findMany({
      where: { ...ownWords(ticketId, await contactsOn(tx, ticketId)), ticket: { portalTicket: { isNot: null } } },
      select: entryFields,
      orderBy: [{ at: "asc" }, { id: "asc" }],
    });
    for (const entry of entries) await releaseByRule(tx, ticketId, entry);
  });
}

/**
 * A portal message; or a mail that a person wrote and Exchange vouched for. A release that was retracted stays
 * retracted: the agent's decision stands above the rule.
 */
const ownWords = (ticketId: string, contactIds: string[]): Prisma.EntryWhereInput => ({
  ticketId,
  contactId: { in: contactIds },
  releases: { none: {} },
  OR: [
    { kind: "portal_message" },
    {
      kind: "mail_received",
      message: {
        kind: "message",
        outgoing: false,
        heldBecause: null,
        authentication: { path: ["verdict"], equals: "pass" },
      },
    },
  ],
});

const entryFields = {
  id: true,
  kind: true,
  at: true,
  html: true,
  contact: { select: { name: true } },
  attachments: { select: fileFields, orderBy: { position: "asc" } },
  message: { select: { attachments: { where: { inline: true }, select: fileFields } } },
} satisfies Prisma.EntrySelect;

type OwnEntry = Prisma.EntryGetPayload<{ select: typeof entryFields }>;

/** The customer's own words: all of them, the files he sent, and the images that stand in the words. */
function wordsAndFiles({ html, attachments, message }: OwnEntry) {
  const named = contentIdsIn(html);
  const inside = [...attachments, ...(message?.attachments ?? [])].filter(
    ({ inline, contentId }) => inline && contentId && named.has(contentId),
  );
  const below = attachments.filter(({ inline }) => !inline);
  const files = [...new Map([...inside, ...below].map((file) => [file.id, file])).values()];
  return { html: releasedWords({ html }, { contentIds: named, embedded: true }), files };
}

async function releaseByRule(tx: DeskTransaction, ticketId: string, entry: OwnEntry) {
  const { html, files } = wordsAndFiles(entry);
  const release = await tx.release.create({
    data: {
      ticketId,
      entryId: entry.id,
      rule: ownWordsRule,
      client: "intake",
      html,
      htmlSha256: hashOf(html),
      files: { createMany: { data: files.map(({ id }) => ({ attachmentId: id })) } },
    },
    select: { id: true },
  });
  await audit(tx, { rule: ownWordsRule }, { act: "released", ticketId, subject: release.id });
}

/** What the rule will release as soon as the ticket is in the portal; for the preview. */
export async function ownWordsToCome(desk: Desk, ticketId: string): Promise<ShownEntry[]> {
  const entries = await desk.entry.findMany({
    where: ownWords(ticketId, await contactsOn(desk, ticketId)),
    select: entryFields,
  });
  return entries.map((entry) => {
    const { html, files } = wordsAndFiles(entry);
    const { id, kind, at, contact } = entry;
    return {
      ...{ releaseId: id, kind, at, side: "customer", authorName: contact?.name ?? "" },
      ...{ html, text: htmlToText(html), files: files.map(shownFile) },
    };
  });
}

async function contactsOn(tx: DeskTransaction | Desk, ticketId: string): Promise<string[]> {
  const ticket = await tx.ticket.findUniqueOrThrow({
    where: { id: ticketId },
    select: { requesterId: true, participants: { select: { contactId: true } } },
  });
  return [ticket.requesterId, ...ticket.participants.map(({ contactId }) => contactId)];
}
