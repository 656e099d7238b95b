import type { Store } from "../store.ts";
import { propertiesOf, writeProperties } from "./drafts.ts";
import { newAttachmentId } from "./ids.ts";
import type { Folder } from "./mailboxes.ts";
import { bodyOf, insertMessage, type Message } from "./messages.ts";

/** A second mail with the same words, bytes and files; nothing else is shared. */
export function copyMessage(store: Store, message: Message, to: Folder): Message {
  return store.transact(() => {
    const copy = insertMessage(store, to, message, bodyOf(store, message.id));
    const attachments = store.all<{ id: number }>(
      "select id from attachment where message_id = ? order by id",
      message.id,
    );
    for (const { id } of attachments) {
      store.run(
        `insert into attachment (message_id, public_id, kind, name, content_type, size, is_inline, cid, part, content_id, modified_at)
         select ?, ?, kind, name, content_type, size, is_inline, cid, part, content_id, modified_at from attachment where id = ?`,
        copy.id,
        newAttachmentId(),
        id,
      );
    }
    writeProperties(store, copy.id, propertiesOf(store, message.id));
    return copy;
  });
}
