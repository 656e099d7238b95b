/** What a customer wrote is visible to that customer once the ticket is (rule of visibility 2). */
import { z } from "zod";
import { Prisma } from "../../prisma/generated/desk/client.ts";
import { audit } from "../desk/audit.ts";
import { type Desk, type DeskTransaction, transactOften } from "../desk/database.ts";
import { htmlToText } from "../desk/mail/reading/safe-html.ts";
import { newId } from "../desk/new-id.ts";
import type { DoorContext } from "./context.ts";
import { type ShownEntry, shownFile } from "./shown.ts";
import { contentIdsIn, hashOf, releasedWords } from "./words.ts";

const ownWordsRule = "the customer's own words";

/** Releases, by the rule, what contacts on tickets in the portal wrote themselves and nobody has decided about yet. */
export async function releaseOwnWords({ desk }: DoorContext, ticketIds: string[]) {
  if (ticketIds.length === 0) return;
  await transactOften(desk, async (tx) => {
    // One at a time for a ticket, or two would release the same words twice; in one order, or two would wait for each other.
    await tx.$queryRaw`select 1 from tickets where id = any(${ticketIds}::uuid[]) order by id for update`;
    const inPortal = Prisma.sql`exists (select from portal_tickets where ticket_id = t.id)`;
    await releaseByRule(tx, await readOwnWords(tx, ticketIds, inPortal));
  });
}

const File = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  size: z.number(),
  sha256: z.string(),
  contentId: z.string().nullable(),
  inline: z.boolean(),
});
const OwnEntry = z.object({
  id: z.string(),
  ticketId: z.string(),
  kind: z.string(),
  at: z.date(),
  html: z.string(),
  contact: z.string(),
  /** On the entry. */
  attachments: z.array(File),
  /** Of its mail: the pictures that may stand inside the words. */
  pictures: z.array(File),
});
type OwnEntry = z.infer<typeof OwnEntry>;

/**
 * The entries of each ticket of `ids`, as `for_id`, and those of its people on the tickets in which it is continued (a fact
 * that `mail/home.ts` makes). What others wrote to a merged ticket stands there, not here. To stand behind `with recursive`.
 */
export const entriesOf = (ids: string[]) => Prisma.sql`way as (
    select id as for_id, id from unnest(${ids}::uuid[]) asked(id)
    union all select way.for_id, t.merged_into_id from tickets t join way on t.id = way.id where t.merged_into_id is not null
  ), entries_of as materialized (
    select way.for_id, e.* from way join entries e on e.ticket_id = way.id
    where (way.id = way.for_id and e.facts -> 'wroteOn' is null) or e.facts ->> 'wroteOn' = way.for_id::text
  )`;

const fileJson = Prisma.sql`json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size,
  'sha256', f.sha256, 'contentId', f.content_id, 'inline', f.inline)`;

/**
 * A portal message; or a mail that a person wrote and Exchange vouched for. A release that was retracted stays
 * retracted: the agent's decision stands above the rule. Nor does the rule speak of a mail that an agent put here of
 * somebody who was not on the ticket, even if he is later: see `mail/file.ts`.
 */
async function readOwnWords(desk: Desk | DeskTransaction, ticketIds: string[], condition = Prisma.sql`true`) {
  const rows = await desk.$queryRaw`
    with recursive ${entriesOf(ticketIds)}
    select e.id, t.id as "ticketId", e.kind, e.at, e.html, c.name as contact,
      (select coalesce(json_agg(${fileJson} order by f.position), '[]')
         from attachments f where f.entry_id = e.id) as attachments,
      (select coalesce(json_agg(${fileJson} order by f.position), '[]')
         from attachments f where f.message_id = e.message_id and f.inline) as pictures
    from entries_of e join tickets t on t.id = e.for_id join contacts c on c.id = e.contact_id
      left join messages m on m.id = e.message_id
    where ${condition}
      and (e.contact_id = t.requester_id
        or exists (select from participants p where p.ticket_id = t.id and p.contact_id = e.contact_id))
      and not exists (select from releases r where r.entry_id = e.id)
      and e.facts -> 'staysInternal' is null
      and (e.kind = 'portal_message'
        or (e.kind = 'mail_received' and m.kind = 'message' and not m.outgoing and m.held_because is null
          and m.authentication ->> 'verdict' = 'pass'))
    order by e.at, e.id`;
  return z.array(OwnEntry).parse(rows);
}

/** The customer's own words: all of them, the files he sent, and the images that stand in the words. */
function wordsAndFiles({ html, attachments, pictures }: OwnEntry) {
  const named = contentIdsIn(html);
  const inside = [...attachments, ...pictures].filter(
    ({ inline, contentId }) => inline && contentId && named.has(contentId),
  );
  const below = attachments.filter(({ inline }) => !inline);
  const files = [...new Map([...inside, ...below].map((file) => [file.id, file])).values()];
  return { html: releasedWords({ html }, { contentIds: named, embedded: true }), files };
}

async function releaseByRule(tx: DeskTransaction, entries: OwnEntry[]) {
  const releases = entries.map((entry) => ({ id: newId(), entry, ...wordsAndFiles(entry) }));
  if (releases.length === 0) return;
  await tx.release.createMany({
    data: releases.map(({ id, entry, html }) => ({
      ...{ id, ticketId: entry.ticketId, entryId: entry.id, rule: ownWordsRule, client: "intake" },
      ...{ html, htmlSha256: hashOf(html) },
    })),
  });
  const files = releases.flatMap(({ id, files }) => files.map((file) => ({ releaseId: id, attachmentId: file.id })));
  if (files.length) await tx.releaseFile.createMany({ data: files });
  for (const { id, entry } of releases)
    await audit(tx, { rule: ownWordsRule }, { act: "released", ticketId: entry.ticketId, subject: id });
}

/** What the rule will release as soon as the ticket is in the portal; for the preview. */
export async function ownWordsToCome(desk: Desk, ticketId: string): Promise<ShownEntry[]> {
  const entries = await readOwnWords(desk, [ticketId]);
  return entries.map((entry) => {
    const { html, files } = wordsAndFiles(entry);
    const { id, kind, at, contact } = entry;
    return {
      ...{ releaseId: id, kind, at, side: "customer", authorName: contact },
      ...{ html, text: htmlToText(html), files: files.map(shownFile) },
    };
  });
}
