import { appendLedger } from "../ledger.ts";
import type { MailChange, Store } from "../store.ts";
import { dropUnusedContent } from "./content.ts";
import { newImmutableId, newMutableId } from "./ids.ts";
import { type Folder, folderById, wellKnown } from "./mailboxes.ts";
import type { Recipient } from "./parse.ts";

export type GraphRecipient = { emailAddress: { name?: string | undefined; address: string } };

/** What a mail says that no query asks about; kept as Graph words it. */
export type MessageFields = {
  from: GraphRecipient | null;
  sender: GraphRecipient | null;
  toRecipients: GraphRecipient[];
  ccRecipients: GraphRecipient[];
  bccRecipients: GraphRecipient[];
  replyTo: GraphRecipient[];
  categories: string[];
  importance: "low" | "normal" | "high";
  inferenceClassification: "focused" | "other";
  flag: Record<string, unknown>;
  isDeliveryReceiptRequested: boolean | null;
  isReadReceiptRequested: boolean;
};

/** The words of a draft that its sender may still change, and the queried facts of every mail. */
export type MessageFacts = {
  subject: string;
  bodyPreview: string;
  internetMessageId: string;
  inReplyTo: string | null;
  references: string;
  conversationId: string;
  conversationIndex: string;
  hasAttachments: boolean;
  isRead: boolean;
  isDraft: boolean;
  receivedAt: string;
  sentAt: string;
  contentId: number | null;
  size: number;
  fields: MessageFields;
};

export type Message = MessageFacts & {
  id: number;
  mailboxId: number;
  folderId: number;
  immutableId: string;
  mutableId: string;
  seq: number;
  arrivedSeq: number;
  createdAt: string;
  modifiedAt: string;
};

/** Changes with every change of the mail. */
export const changeKeyOf = ({ id, seq }: { id: number; seq: number }) =>
  `CQAAABYAAAB${Buffer.from(`${id}.${seq}`).toString("base64url")}`;

export const etagOf = (message: { id: number; seq: number }) => `W/"${changeKeyOf(message)}"`;

export type MessageBody = { html: string | null; plain: string | null; headers: { name: string; value: string }[] };

export const recipient = ({ name, address }: Recipient): GraphRecipient => ({ emailAddress: { name, address } });

export const emptyFields: MessageFields = {
  from: null,
  sender: null,
  toRecipients: [],
  ccRecipients: [],
  bccRecipients: [],
  replyTo: [],
  categories: [],
  importance: "normal",
  inferenceClassification: "focused",
  flag: { flagStatus: "notFlagged" },
  isDeliveryReceiptRequested: null,
  isReadReceiptRequested: false,
};

/** Graph writes times in whole seconds of UTC. */
export const graphTime = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;

/** The columns of a mail, under the names of `MessageRow`. For queries that add their own `where`. */
export const messageColumns = `m.id, m.mailbox_id as mailboxId, m.folder_id as folderId, m.immutable_id as immutableId,
  m.mutable_id as mutableId, m.seq, m.arrived_seq as arrivedSeq, m.created_at as createdAt, m.modified_at as modifiedAt,
  m.received_at as receivedAt, m.sent_at as sentAt, m.subject, m.body_preview as bodyPreview,
  m.internet_message_id as internetMessageId, m.in_reply_to as inReplyTo, m.reference_ids as "references",
  m.conversation_id as conversationId, m.conversation_index as conversationIndex,
  m.has_attachments as hasAttachments, m.is_read as isRead, m.is_draft as isDraft, m.fields,
  m.content_id as contentId, m.size`;

export type MessageRow = Omit<Message, "hasAttachments" | "isRead" | "isDraft" | "fields"> & {
  hasAttachments: number;
  isRead: number;
  isDraft: number;
  fields: string;
};

export const readRow = (row: MessageRow): Message => ({
  ...row,
  hasAttachments: row.hasAttachments === 1,
  isRead: row.isRead === 1,
  isDraft: row.isDraft === 1,
  // Our own words, written by `insert` and `update` below.
  fields: JSON.parse(row.fields),
});

/** By its immutable id or the id it has in its present folder. */
export function messageOf(store: Store, mailboxId: number, id: string): Message | undefined {
  const row = store.one<MessageRow>(
    `select ${messageColumns} from message m where m.immutable_id = ?1 and m.mailbox_id = ?2
     union all
     select ${messageColumns} from message m where m.mutable_id = ?1 and m.mailbox_id = ?2`,
    id,
    mailboxId,
  );
  return row && readRow(row);
}

export function messageById(store: Store, id: number): Message {
  const row = store.one<MessageRow>(`select ${messageColumns} from message m where m.id = ?`, id);
  if (!row) throw new Error(`The sandbox has no mail ${id}.`);
  return readRow(row);
}

export function bodyOf(store: Store, messageId: number): MessageBody {
  const row = store.one<{ html: string | null; plain: string | null; headers: string }>(
    "select html, plain, headers from message_body where message_id = ?",
    messageId,
  );
  return row
    ? { html: row.html, plain: row.plain, headers: JSON.parse(row.headers) }
    : { html: null, plain: null, headers: [] };
}

/** Puts a mail into a folder. The caller is in a transaction and adds what hangs on the mail. */
export function insertMessage(store: Store, folder: Folder, facts: MessageFacts, body: MessageBody): Message {
  const now = graphTime(new Date());
  const seq = store.nextSequence();
  const { id } = store.run(
    `insert into message (mailbox_id, folder_id, immutable_id, mutable_id, seq, arrived_seq, created_at, modified_at,
       received_at, sent_at, subject, body_preview, from_address, internet_message_id, in_reply_to, reference_ids,
       conversation_id, conversation_index, has_attachments, is_read, is_draft, fields, content_id, size)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    folder.mailboxId,
    folder.id,
    newImmutableId(),
    newMutableId(),
    seq,
    seq,
    now,
    now,
    facts.receivedAt,
    facts.sentAt,
    facts.subject,
    facts.bodyPreview,
    facts.fields.from?.emailAddress.address.toLowerCase() ?? "",
    facts.internetMessageId,
    facts.inReplyTo,
    facts.references,
    facts.conversationId,
    facts.conversationIndex,
    Number(facts.hasAttachments),
    Number(facts.isRead),
    Number(facts.isDraft),
    JSON.stringify(facts.fields),
    facts.contentId,
    facts.size,
  );
  store.run(
    "insert into message_body (message_id, html, plain, headers) values (?, ?, ?, ?)",
    id,
    body.html,
    body.plain,
    JSON.stringify(body.headers),
  );
  const message = messageById(store, id);
  announce(store, "created", message);
  return message;
}

/** Writes what changed in a mail, gives it a new change key and a place at the end of all changes. */
export function updateMessage(store: Store, message: Message, changed: Partial<MessageFacts>): Message {
  const next = { ...message, ...changed };
  store.run(
    `update message set seq = ?, modified_at = ?, received_at = ?, sent_at = ?, subject = ?, body_preview = ?,
       from_address = ?, internet_message_id = ?, in_reply_to = ?, reference_ids = ?, conversation_id = ?,
       conversation_index = ?, has_attachments = ?, is_read = ?, is_draft = ?, fields = ?, content_id = ?, size = ?
     where id = ?`,
    store.nextSequence(),
    graphTime(new Date()),
    next.receivedAt,
    next.sentAt,
    next.subject,
    next.bodyPreview,
    next.fields.from?.emailAddress.address.toLowerCase() ?? "",
    next.internetMessageId,
    next.inReplyTo,
    next.references,
    next.conversationId,
    next.conversationIndex,
    Number(next.hasAttachments),
    Number(next.isRead),
    Number(next.isDraft),
    JSON.stringify(next.fields),
    next.contentId,
    next.size,
    message.id,
  );
  const updated = messageById(store, message.id);
  announce(store, "updated", updated);
  return updated;
}

export function writeBody(store: Store, messageId: number, body: Partial<MessageBody>) {
  const next = { ...bodyOf(store, messageId), ...body };
  store.run(
    "update message_body set html = ?, plain = ?, headers = ? where message_id = ?",
    next.html,
    next.plain,
    JSON.stringify(next.headers),
    messageId,
  );
}

/** Somebody moves a mail. */
export function moveMessage(store: Store, message: Message, to: Folder): Message {
  const moved = changeFolder(store, message, to);
  appendLedger(store, "moved", { message: moved, detail: { to: to.wellKnown ?? to.name } });
  return moved;
}

/** The mail keeps its immutable id; the one that belonged to the old folder is gone. */
export function changeFolder(store: Store, message: Message, to: Folder): Message {
  if (message.folderId === to.id) return message;
  bury(store, message, true);
  const seq = store.nextSequence();
  store.run(
    "update message set mailbox_id = ?, folder_id = ?, mutable_id = ?, seq = ?, arrived_seq = ?, modified_at = ? where id = ?",
    to.mailboxId,
    to.id,
    newMutableId(),
    seq,
    seq,
    graphTime(new Date()),
    message.id,
  );
  const moved = messageById(store, message.id);
  announce(store, "created", moved, true);
  return moved;
}

/** Delete as Outlook does it: first to Deleted Items, from there to the hidden Deletions folder. */
export function deleteMessage(store: Store, message: Message) {
  const from = folderById(store, message.folderId)?.wellKnown;
  if (from === "recoverableitemsdeletions") return removeMessage(store, message);
  const goesTo = from === "deleteditems" ? "recoverableitemsdeletions" : "deleteditems";
  appendLedger(store, "deleted", { message });
  changeFolder(store, message, wellKnown(store, message.mailboxId, goesTo));
}

/** For ever. */
export function removeMessage(store: Store, message: Message) {
  bury(store, message, false);
  const attached = store.all<{ contentId: number | null }>(
    "select content_id as contentId from attachment where message_id = ? and content_id is not null",
    message.id,
  );
  store.run("delete from message where id = ?", message.id);
  for (const { contentId } of [...attached, message]) dropUnusedContent(store, contentId);
  appendLedger(store, "removed", { message });
}

/** Remembers that a mail left its folder: the next delta says so. */
function bury(store: Store, message: Message, moved: boolean) {
  store.run(
    "insert into removal (seq, folder_id, immutable_id, mutable_id) values (?, ?, ?, ?)",
    store.nextSequence(),
    message.folderId,
    message.immutableId,
    message.mutableId,
  );
  announce(store, "deleted", message, moved);
}

function announce(store: Store, kind: MailChange["kind"], message: Message, moved = false) {
  const { mailboxId, folderId, id, seq, immutableId, mutableId } = message;
  store.announce({ kind, mailboxId, folderId, messageId: id, seq, immutableId, mutableId, moved });
}
