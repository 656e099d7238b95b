/** What a customer wrote is visible to that customer once the ticket is (rule of visibility 2). */
import { z } from "zod";
import { Prisma } from "../../prisma/generated/desk/client.ts";
import { audit } from "../desk/audit.ts";
import { type Desk, type DeskTransaction, transact } from "../desk/database.ts";
import { htmlToText } from "../desk/mail/reading/safe-html.ts";
import { newId } from "../desk/new-id.ts";
import type { DoorContext } from "./context.ts";
import { type ShownEntry, shownFile } from "./shown.ts";
import { contentIdsIn, hashOf, releasedWords } from "./words.ts";

const ownWordsRule = "the customer's own words";

/** Releases, by the rule, what contacts on a ticket in the portal wrote themselves and nobody has decided about yet. */
export async function releaseOwnWords({ desk }: DoorContext, ticketId: string) {
  await transact(desk, async (tx) => {
    // One at a time for a ticket, or two would release the same words twice.
    await tx.$queryRaw`select 1 from tickets where id = ${ticketId}::uuid for update`;
    const inPortal = Prisma.sql`exists (select from portal_tickets where ticket_id = ${ticketId}::uuid)`;
    const entries = await readOwnWords(tx, ticketId, inPortal);
    for (const entry of entries) await releaseByRule(tx, ticketId, entry);
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
 * From the alias `e`: entries of the ticket, and those of its people on the tickets in which it is continued (a fact that
 * `mail/home.ts` makes). What others wrote to a merged ticket stands there, not here.
 */
export const standsOn = (ticketId: string) => Prisma.sql`(
  e.ticket_id = any(array(
    with recursive way as (
      select ${ticketId}::uuid as id
      union all select t.merged_into_id from tickets t join way on t.id = way.id where t.merged_into_id is not null
    ) select id from way))
  and ((e.ticket_id = ${ticketId}::uuid and e.facts -> 'wroteOn' is null) or e.facts ->> 'wroteOn' = ${ticketId}))`;

const fileJson = Prisma.sql`json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size,
  'sha256', f.sha256, 'contentId', f.content_id, 'inline', f.inline)`;

/**
 * A portal message; or a mail that a person wrote and Exchange vouched for. A release that was retracted stays
 * retracted: the agent's decision stands above the rule. Nor does the rule speak of a mail that an agent put here of
 * somebody who was not on the ticket, even if he is later: see `mail/file.ts`.
 */
async function readOwnWords(desk: Desk | DeskTransaction, ticketId: string, condition = Prisma.sql`true`) {
  const rows = await desk.$queryRaw`
    select e.id, e.kind, e.at, e.html, c.name as contact,
      (select coalesce(json_agg(${fileJson} order by f.position), '[]')
         from attachments f where f.entry_id = e.id) as attachments,
      (select coalesce(json_agg(${fileJson} order by f.position), '[]')
         from attachments f where f.message_id = e.message_id and f.inline) as pictures
    from tickets t join entries e on ${standsOn(ticketId)} join contacts c on c.id = e.contact_id
      left join messages m on m.id = e.message_id
    where t.id = ${ticketId}::uuid and ${condition}
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

async function releaseByRule(tx: DeskTransaction, ticketId: string, entry: OwnEntry) {
  const { html, files } = wordsAndFiles(entry);
  const id = newId();
  await tx.release.createMany({
    data: [{ id, ticketId, entryId: entry.id, rule: ownWordsRule, client: "intake", html, htmlSha256: hashOf(html) }],
  });
  if (files.length)
    await tx.releaseFile.createMany({ data: files.map((file) => ({ releaseId: id, attachmentId: file.id })) });
  await audit(tx, { rule: ownWordsRule }, { act: "released", ticketId, subject: id });
}

/** What the rule will release as soon as the ticket is in the portal; for the preview. */
export async function ownWordsToCome(desk: Desk, ticketId: string): Promise<ShownEntry[]> {
  const entries = await readOwnWords(desk, ticketId);
  return entries.map((entry) => {
    const { html, files } = wordsAndFiles(entry);
    const { id, kind, at, contact } = entry;
    return {
      ...{ releaseId: id, kind, at, side: "customer", authorName: contact },
      ...{ html, text: htmlToText(html), files: files.map(shownFile) },
    };
  });
}
