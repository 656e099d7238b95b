import { z } from "zod";
import { longestAddress } from "../../platform/mail-address.ts";
import type { Ask } from "./ask.ts";
import { messagesOf } from "./paths.ts";

/** A changed mail comes with at least what changed: the rest may be missing. */
export type Arrived = {
  immutableId: string;
  receivedAt: Date | null;
  conversationId: string | null;
  sender: string | null;
  /** Its version, where it wears no category yet: who gives it one need not look first. */
  bareEtag: string | null;
};

export type Changes = {
  arrived: Arrived[];
  /** Continue from here: at once when `more`, otherwise next time. */
  link: string;
  more: boolean;
};

/** The only filter that a delta of messages takes is one by time. */
function beginning(mailbox: string, watched: WatchedFolder) {
  const filter = "since" in watched ? `&$filter=receivedDateTime+ge+${watched.since.toISOString()}` : "";
  return `${messagesOf(mailbox, watched.folder)}/delta?$select=id,receivedDateTime,conversationId,from,categories${filter}`;
}

const Page = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      receivedDateTime: z.iso.datetime({ offset: true }).optional(),
      conversationId: z.string().optional(),
      categories: z.array(z.string()).nullish(),
      "@odata.etag": z.string().optional(),
      from: z.object({ emailAddress: z.object({ address: z.string().optional() }) }).nullish(),
      "@removed": z.unknown().optional(),
    }),
  ),
  "@odata.nextLink": z.string().optional(),
  "@odata.deltaLink": z.string().optional(),
});

export type WatchedFolder = { folder: "inbox" } | { folder: "sentitems"; since: Date };

/** Delta (https://learn.microsoft.com/graph/delta-query-messages): ids only; each mail is fetched by itself. */
export async function readChanges(
  ask: Ask,
  mailbox: string,
  link: string | null,
  watched: WatchedFolder,
): Promise<Changes> {
  const page = await ask.json(Page, {
    mailbox,
    // It is asked every minute, and nothing works without it.
    looks: watched.folder === "inbox",
    method: "get",
    path: link ?? beginning(mailbox, watched),
    headers: { Prefer: 'IdType="ImmutableId", odata.maxpagesize=200' },
  });
  const { "@odata.nextLink": next, "@odata.deltaLink": delta, value } = page;
  return {
    arrived: value
      .filter((item) => item["@removed"] === undefined)
      .map(({ id, receivedDateTime, conversationId, from, categories, "@odata.etag": etag }) => ({
        immutableId: id,
        receivedAt: receivedDateTime ? new Date(receivedDateTime) : null,
        conversationId: conversationId ?? null,
        sender: senderOf(from?.emailAddress.address ?? ""),
        bareEtag: categories?.length === 0 ? (etag ?? null) : null,
      })),
    link: next ?? delta ?? link ?? "",
    more: next !== undefined,
  };
}

/** Null where Graph names none, or one that is nobody's: a single such mail must not stop its mailbox. */
function senderOf(address: string): string | null {
  return address === "" || Buffer.byteLength(address) > longestAddress ? null : address.toLowerCase();
}
