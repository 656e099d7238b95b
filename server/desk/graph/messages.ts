import { z } from "zod";
import type { Ask } from "./ask.ts";
import { KnownMail, keyProperty } from "./drafts.ts";
import { inTurn } from "./in-turn.ts";
import { messageOf, messagesOf } from "./paths.ts";
import { GraphTrouble, unreadable } from "./trouble.ts";

/** Text in a filter: a quote is written twice (OData 4.01, 5.1.1.6.1). */
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

const knownFields = "id,isDraft,internetMessageId,conversationId";
const KnownMails = z.object({ value: z.array(KnownMail) });

export const rawMessage = <Kept>(
  ask: Ask,
  mailbox: string,
  immutableId: string,
  keep: (chunks: AsyncIterable<Uint8Array>) => Promise<Kept>,
) => ask.stream({ mailbox, method: "get", path: `${messageOf(mailbox, immutableId)}/$value` }, keep);

export const findMail = (ask: Ask, mailbox: string, immutableId: string) =>
  ask.json(KnownMail, { mailbox, method: "get", path: `${messageOf(mailbox, immutableId)}?$select=${knownFields}` });

export const findByInternetMessageId = (ask: Ask, mailbox: string, internetMessageId: string) =>
  find(ask, mailbox, `internetMessageId eq ${quoted(internetMessageId)}`);

export const findByKey = (ask: Ask, mailbox: string, key: string) =>
  find(
    ask,
    mailbox,
    `singleValueExtendedProperties/Any(ep: ep/id eq ${quoted(keyProperty)} and ep/value eq ${quoted(key)})`,
  );

const WithKey = z.object({
  internetMessageId: z.string().nullish(),
  singleValueExtendedProperties: z.array(z.object({ value: z.string() })).optional(),
});

/** What tells one of our own mails, wherever it lies and whatever its id has become. */
export type OwnMarks = { key: string | null; internetMessageId: string | null };

export async function ownMarks(ask: Ask, mailbox: string, immutableId: string): Promise<OwnMarks> {
  const expand = encodeURIComponent(`singleValueExtendedProperties($filter=id eq ${quoted(keyProperty)})`);
  const path = `${messageOf(mailbox, immutableId)}?$select=internetMessageId&$expand=${expand}`;
  const { internetMessageId, singleValueExtendedProperties } = await ask.json(WithKey, {
    mailbox,
    method: "get",
    path,
  });
  return {
    key: singleValueExtendedProperties?.[0]?.value ?? null,
    internetMessageId: internetMessageId?.replace(/^<|>$/g, "") ?? null,
  };
}

async function find(ask: Ask, mailbox: string, filter: string) {
  const query = `$filter=${encodeURIComponent(filter)}&$select=${knownFields}&$top=20`;
  const { value } = await ask.json(KnownMails, { mailbox, method: "get", path: `${messagesOf(mailbox)}?${query}` });
  return value;
}

const Categorized = z
  .object({ "@odata.etag": z.string(), categories: z.array(z.string()).nullish() })
  .transform((mail) => ({ etag: mail["@odata.etag"], categories: mail.categories ?? [] }));
export type Categorized = z.output<typeof Categorized>;

export async function categories(ask: Ask, mailbox: string, immutableIds: string[]) {
  const paths = immutableIds.map((id) => ({ path: `${messageOf(mailbox, id)}?$select=categories` }));
  const said = await inTurn(ask, mailbox, "GET", paths);
  return said.map((body) => {
    if (body instanceof GraphTrouble) return body;
    const read = Categorized.safeParse(body);
    return read.success ? read.data : unreadable(read.error);
  });
}

export type NewCategories = { immutableId: string; categories: string[]; etag: string };

export async function setCategories(ask: Ask, mailbox: string, mails: NewCategories[]) {
  const said = await inTurn(
    ask,
    mailbox,
    "PATCH",
    mails.map(({ immutableId, categories, etag }) => ({
      path: messageOf(mailbox, immutableId),
      body: { categories },
      headers: { "If-Match": etag },
    })),
  );
  return said.map((body) => (body instanceof GraphTrouble ? body : null));
}
