import { z } from "zod";
import { composeMime } from "../exchange/compose.ts";
import { contentSize, streamContent } from "../exchange/content.ts";
import { copyMessage } from "../exchange/copy.ts";
import {
  deleteMessage,
  etagOf,
  type MessageRow,
  messageColumns,
  moveMessage,
  readRow,
  removeMessage,
} from "../exchange/messages.ts";
import { folderNamed, type GraphCall, type GraphReply, messageIn, metadata, ok, readJson } from "./call.ts";
import { readExpand, readMessageQuery, readSelect } from "./query.ts";
import { appliedPreference, showMessage } from "./wire.ts";

export const listMessages = (call: GraphCall): Promise<GraphReply> => list(call, "m.mailbox_id = ?", [call.mailbox.id]);

export const listMessagesInFolder = (call: GraphCall): Promise<GraphReply> =>
  list(call, "m.mailbox_id = ? and m.folder_id = ?", [call.mailbox.id, folderNamed(call, call.param("folder")).id]);

async function list(call: GraphCall, place: string, placeIds: number[]): Promise<GraphReply> {
  const { where, values, orderBy, top, skip, count } = readMessageQuery(call.query);
  const view = { select: readSelect(call.query), expand: readExpand(call.query) };
  const rows = call.store.all<MessageRow>(
    `select ${messageColumns} from message m where ${place} and ${where} order by ${orderBy} limit ? offset ?`,
    ...placeIds,
    ...values,
    top + 1,
    skip,
  );
  const value: unknown[] = [];
  for (const row of rows.slice(0, top)) value.push(await showMessage(call, readRow(row), view));

  const total = () =>
    call.store.one<{ n: number }>(
      `select count(*) as n from message m where ${place} and ${where}`,
      ...placeIds,
      ...values,
    )?.n;
  const next = new URLSearchParams(call.query);
  next.set("$skip", String(skip + top));
  return ok(
    {
      "@odata.context": metadata(call, call.path),
      ...(count ? { "@odata.count": total() } : {}),
      value,
      ...(rows.length > top ? { "@odata.nextLink": `${call.origin}/v1.0/${call.path}?${next}` } : {}),
    },
    appliedPreference(call),
  );
}

export async function getMessage(call: GraphCall): Promise<GraphReply> {
  const message = messageIn(call);
  const view = { select: readSelect(call.query), expand: readExpand(call.query) };
  const shown = await showMessage(call, message, view);
  return ok(
    { "@odata.context": metadata(call, `users('${call.mailbox.objectId}')/messages/$entity`), ...shown },
    { ETag: etagOf(message), ...appliedPreference(call) },
  );
}

/** The mail's own bytes. A draft has none yet: it is composed as it would be sent. */
export async function getMime(call: GraphCall): Promise<GraphReply> {
  const message = messageIn(call);
  const headers = { "Content-Type": "text/plain" };
  if (message.contentId === null) return { status: 200, headers, bytes: [await composeMime(call.store, message)] };
  const length = String(contentSize(call.store, message.contentId));
  return {
    status: 200,
    headers: { ...headers, "Content-Length": length },
    bytes: streamContent(call.store, message.contentId),
  };
}

const Destination = z.object({ destinationId: z.string() });

export async function move(call: GraphCall): Promise<GraphReply> {
  const to = folderNamed(call, readJson(call, Destination).destinationId);
  const moved = call.store.transact(() => moveMessage(call.store, messageIn(call), to));
  return created(call, moved);
}

export async function copy(call: GraphCall): Promise<GraphReply> {
  const to = folderNamed(call, readJson(call, Destination).destinationId);
  return created(call, copyMessage(call.store, messageIn(call), to));
}

export function remove(call: GraphCall): GraphReply {
  call.store.transact(() => deleteMessage(call.store, messageIn(call)));
  return { status: 204 };
}

export function permanentDelete(call: GraphCall): GraphReply {
  call.store.transact(() => removeMessage(call.store, messageIn(call)));
  return { status: 204 };
}

/** The answer to what made a mail: all of it, as Graph shows it. */
export async function created(
  call: GraphCall,
  message: Parameters<typeof showMessage>[1],
  status = 201,
): Promise<GraphReply> {
  const shown = await showMessage(call, message, { select: null, expand: { attachments: null, properties: [] } });
  return {
    status,
    headers: { ETag: etagOf(message), ...appliedPreference(call) },
    body: { "@odata.context": metadata(call, `users('${call.mailbox.objectId}')/messages/$entity`), ...shown },
  };
}
