import type { Store } from "../store.ts";

/** Small enough to stream a large mail, large enough to keep an ordinary one in a single row. */
const chunkBytes = 512 * 1024;

export function writeContent(store: Store, bytes: Buffer): number {
  const { id } = store.run("insert into content (size) values (?)", bytes.length);
  appendContent(store, id, 0, bytes);
  return id;
}

export function newContent(store: Store, size: number): number {
  return store.run("insert into content (size) values (?)", size).id;
}

export function appendContent(store: Store, contentId: number, offset: number, bytes: Buffer) {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    store.run(
      "insert into content_chunk (content_id, position, bytes) values (?, ?, ?)",
      contentId,
      offset + at,
      bytes.subarray(at, at + chunkBytes),
    );
  }
}

export function readContent(store: Store, contentId: number): Buffer {
  return Buffer.concat([...streamContent(store, contentId)]);
}

/** The bytes, a chunk at a time, so that a 35 MB mail never has to be in memory whole. */
export function* streamContent(store: Store, contentId: number): Generator<Uint8Array> {
  const positions = store.all<{ id: number }>(
    "select rowid as id from content_chunk where content_id = ? order by position",
    contentId,
  );
  for (const { id } of positions) {
    const chunk = store.one<{ bytes: Uint8Array }>("select bytes from content_chunk where rowid = ?", id);
    if (!chunk) return;
    yield chunk.bytes;
  }
}

export function contentSize(store: Store, contentId: number): number {
  return store.one<{ size: number }>("select size from content where id = ?", contentId)?.size ?? 0;
}

/** Several mailboxes share one copy of a mail's bytes: only the last to go takes them along. */
export function dropUnusedContent(store: Store, contentId: number | null) {
  if (contentId === null) return;
  store.run(
    `delete from content where id = ?
       and not exists (select 1 from message where content_id = content.id)
       and not exists (select 1 from attachment where content_id = content.id)
       and not exists (select 1 from outside where content_id = content.id)
       and not exists (select 1 from late_copy where content_id = content.id)
       and not exists (select 1 from upload_session where content_id = content.id)`,
    contentId,
  );
}
