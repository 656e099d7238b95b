import { z } from "zod";
import { addFolder, type Folder, folderById, foldersUnder, wellKnown } from "../exchange/mailboxes.ts";
import { folderIn, type GraphCall, type GraphReply, metadata, ok, readJson } from "./call.ts";
import { readNumber } from "./query.ts";

export function listFolders(call: GraphCall): GraphReply {
  return showFolders(call, wellKnown(call.store, call.mailbox.id, "msgfolderroot"));
}

export const listChildFolders = (call: GraphCall): GraphReply => showFolders(call, folderIn(call));

export const getFolder = (call: GraphCall): GraphReply =>
  ok({ "@odata.context": metadata(call, `${call.path}/$entity`), ...showFolder(call, folderIn(call)) });

export function createFolder(call: GraphCall): GraphReply {
  const { displayName } = readJson(call, z.object({ displayName: z.string().min(1) }));
  const root = wellKnown(call.store, call.mailbox.id, "msgfolderroot");
  const folder = folderById(call.store, addFolder(call.store, call.mailbox.id, root.id, displayName));
  if (!folder) throw new Error(`The folder ${displayName} was not kept.`);
  return {
    status: 201,
    body: { "@odata.context": metadata(call, "mailFolders/$entity"), ...showFolder(call, folder) },
  };
}

/** Folders change rarely: every round tells all of them, which a delta is allowed to do. */
export function folderDelta(call: GraphCall): GraphReply {
  const { value } = childrenOf(call, wellKnown(call.store, call.mailbox.id, "msgfolderroot"));
  const deltaLink = `${call.origin}/v1.0/${call.path}?$deltatoken=${call.store.lastSequence()}`;
  return ok({ "@odata.context": metadata(call, "mailFolders"), "@odata.deltaLink": deltaLink, value });
}

function showFolders(call: GraphCall, parent: Folder): GraphReply {
  const { value } = childrenOf(call, parent);
  const skip = readNumber(call.query, "$skip", 0, Number.MAX_SAFE_INTEGER);
  const top = readNumber(call.query, "$top", 10, 1000);
  const next = new URLSearchParams(call.query);
  next.set("$skip", String(skip + top));
  return ok({
    "@odata.context": metadata(call, call.path),
    value: value.slice(skip, skip + top),
    ...(value.length > skip + top ? { "@odata.nextLink": `${call.origin}/v1.0/${call.path}?${next}` } : {}),
  });
}

const childrenOf = (call: GraphCall, parent: Folder) => ({
  value: foldersUnder(call.store, call.mailbox.id, parent.id).map((folder) => showFolder(call, folder)),
});

function showFolder(call: GraphCall, folder: Folder) {
  const count = (sql: string) => call.store.one<{ n: number }>(`select count(*) as n from ${sql}`, folder.id)?.n ?? 0;
  return {
    id: folder.publicId,
    displayName: folder.name,
    parentFolderId: folder.parentId === null ? null : (folderById(call.store, folder.parentId)?.publicId ?? null),
    childFolderCount: count("folder where parent_id = ?"),
    unreadItemCount: count("message where is_read = 0 and folder_id = ?"),
    totalItemCount: count("message where folder_id = ?"),
    isHidden: false,
  };
}
