import { z } from "zod";
import type { Folder } from "../exchange/mailboxes.ts";
import { type MessageRow, messageColumns, readRow } from "../exchange/messages.ts";
import type { Value } from "../store.ts";
import { folderIn, type GraphCall, type GraphReply, idFor, metadata, ok, preference } from "./call.ts";
import { parseFilter } from "./filter.ts";
import { badRequest, GraphProblem } from "./problem.ts";
import { readExpand, readNumber, readSelect } from "./query.ts";
import { appliedPreference, showMessage } from "./wire.ts";

const defaultPage = 10;

/**
 * Where a reader is in a folder's changes. The caller's first options travel in it (concepts/delta-query-overview:
 * do not repeat them), so a token alone continues its round.
 */
const Place = z.object({
  folder: z.number(),
  epoch: z.number(),
  /** Everything up to this change is known. */
  since: z.number(),
  /** In the first round: removals up to here happened before the reader began, so they say nothing to it. */
  began: z.number(),
  /** The change after which the round that is being read began: it tells created from updated. */
  round: z.number(),
  options: z.string(),
  /** In a first round that was asked for newest first: the last mail that was told. Null before the first. */
  below: z.object({ receivedAt: z.string(), id: z.number() }).nullable(),
  newestFirst: z.boolean(),
});
type Place = z.infer<typeof Place>;

/** What changed in a folder, a page at a time, in the order of the changes: any paging ends at the folder's truth. */
export async function messageDelta(call: GraphCall): Promise<GraphReply> {
  const folder = folderIn(call);
  const token = call.query.get("$skiptoken") ?? call.query.get("$deltatoken");
  const place = token ? readToken(call, token, folder) : start(call, folder);
  const options = new URLSearchParams(place.options);
  const size = readNumber(options, "$top", pageSize(call), 1000);
  const page = (place.newestFirst ? readNewestFirst : readPage)(call, place, options, size);

  const view = { select: readSelect(options), expand: readExpand(options) };
  const value: unknown[] = [];
  for (const item of page.items) {
    value.push(
      item.removed
        ? { "@odata.type": "#microsoft.graph.message", id: idFor(call, item), "@removed": { reason: "deleted" } }
        : { "@odata.type": "#microsoft.graph.message", ...(await showMessage(call, item, view)) },
    );
  }
  return ok(
    { "@odata.context": metadata(call, call.path), ...link(call, place, page), value },
    appliedPreference(call),
  );
}

const pageSize = (call: GraphCall) =>
  Math.min(Math.max(Number(preference(call, "odata.maxpagesize")) || defaultPage, 1), 1000);

function start(call: GraphCall, folder: Folder): Place {
  checkOptions(call.query);
  const began = call.store.lastSequence();
  const newestFirst = call.query.has("$orderby");
  const options = call.query.toString();
  return { folder: folder.id, epoch: folder.deltaEpoch, since: 0, began, round: 0, options, below: null, newestFirst };
}

/** concepts/delta-query-messages: what may be asked of a delta, and nothing else. */
function checkOptions(query: URLSearchParams) {
  if (query.has("$search"))
    throw badRequest("The query parameter '$search' is not supported on this resource.", "ErrorInvalidUrlQuery");
  const order = query.get("$orderby");
  if (order && !/^receivedDateTime\s+desc$/i.test(order.trim())) {
    throw badRequest("The query parameter '$orderby' is not supported on this resource.", "ErrorInvalidUrlQuery");
  }
  const filter = query.get("$filter");
  if (filter && !/^\s*receivedDateTime\s+(ge|gt)\s+\S+\s*$/i.test(filter)) {
    throw badRequest("The filter is not supported: only receivedDateTime ge or gt.", "ErrorInvalidUrlQueryFilter");
  }
  const type = query.get("changeType");
  if (type && !/^(created|updated|deleted)$/.test(type)) throw badRequest(`Invalid changeType '${type}'.`);
}

type Page = {
  items: ((
    | { removed: true; immutableId: string; mutableId: string }
    | ({ removed: false } & ReturnType<typeof readRow>)
  ) & {
    seq: number;
  })[];
  full: boolean;
  /** The newest change of all when the page was read. */
  newest: number;
};

function readPage(call: GraphCall, place: Place, options: URLSearchParams, size: number): Page {
  const type = options.get("changeType");
  const filter = options.get("$filter");
  const condition = filter ? parseFilter(filter) : { sql: "1", values: [] as Value[] };
  const which = { created: "m.arrived_seq > ?", updated: "m.arrived_seq <= ?" }[type ?? ""] ?? "? >= 0";

  const kept = call.store
    .all<MessageRow>(
      `select ${messageColumns} from message m
       where m.folder_id = ? and m.seq > ? and ${which} and ${condition.sql} order by m.seq limit ?`,
      place.folder,
      place.since,
      place.round,
      ...condition.values,
      type === "deleted" ? 0 : size + 1,
    )
    .map((row) => ({ removed: false as const, ...readRow(row) }));
  const gone = call.store
    .all<{ seq: number; immutableId: string; mutableId: string }>(
      `select seq, immutable_id as immutableId, mutable_id as mutableId from removal
       where folder_id = ? and seq > ? order by seq limit ?`,
      place.folder,
      Math.max(place.since, place.began),
      type === "created" || type === "updated" ? 0 : size + 1,
    )
    .map((row) => ({ removed: true as const, ...row }));

  const items = [...kept, ...gone].sort((one, other) => one.seq - other.seq);
  return { items: items.slice(0, size), full: items.length > size, newest: call.store.lastSequence() };
}

/**
 * A first round in the order of the list: what Outlook shows comes first. What changes meanwhile has
 * a number above `began`, so the next round, which starts there, tells it.
 */
function readNewestFirst(call: GraphCall, place: Place, options: URLSearchParams, size: number): Page {
  const filter = options.get("$filter");
  const condition = filter ? parseFilter(filter) : { sql: "1", values: [] as Value[] };
  const { receivedAt, id } = place.below ?? { receivedAt: "~", id: 0 };
  const rows = call.store.all<MessageRow>(
    `select ${messageColumns} from message m
     where m.folder_id = ? and (m.received_at, m.id) < (?, ?) and ${condition.sql}
     order by m.received_at desc, m.id desc limit ?`,
    place.folder,
    receivedAt,
    id,
    ...condition.values,
    options.get("changeType") === "deleted" ? 0 : size + 1,
  );
  const items = rows.slice(0, size).map((row) => ({ removed: false as const, ...readRow(row) }));
  return { items, full: rows.length > size, newest: place.began };
}

/** A page that is not the last has a nextLink, the last a deltaLink; never both. */
function link(call: GraphCall, place: Place, page: Page) {
  const address = `${call.origin}/v1.0/${call.path}`;
  if (page.full) {
    return { "@odata.nextLink": `${address}?$skiptoken=${writeToken(after(place, page))}` };
  }
  // The page held everything up to the newest change: the next round begins behind it.
  const next = { ...place, since: page.newest, round: page.newest, began: 0, below: null, newestFirst: false };
  return { "@odata.deltaLink": `${address}?$deltatoken=${writeToken(next)}` };
}

function after(place: Place, page: Page): Place {
  const last = page.items.at(-1);
  if (!last) return place;
  if (!place.newestFirst) return { ...place, since: last.seq };
  return last.removed ? place : { ...place, below: { receivedAt: last.receivedAt, id: last.id } };
}

const writeToken = (place: Place) => Buffer.from(JSON.stringify(place)).toString("base64url");

function readToken(call: GraphCall, token: string, folder: Folder): Place {
  const read = Place.safeParse(parse(token));
  if (!read.success || read.data.folder !== folder.id) {
    throw new GraphProblem(
      400,
      "SyncStateInvalid",
      "The sync state is not valid for this folder. Start again without a token.",
    );
  }
  // Graph points at the same address with an empty token: the reader starts again and reads everything.
  if (read.data.epoch !== folder.deltaEpoch) {
    throw new GraphProblem(
      410,
      "SyncStateNotFound",
      "The sync state generation is not found. Start again without a token.",
      {
        Location: `${call.origin}/v1.0/${call.path}?$deltatoken=`,
      },
    );
  }
  return read.data;
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
