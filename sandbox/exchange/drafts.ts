import { appendLedger } from "../ledger.ts";
import type { Store } from "../store.ts";
import { attachmentContent, attachmentsOf } from "./compose.ts";
import { dropUnusedContent, writeContent } from "./content.ts";
import { conversationIdFor, conversationIndexAfter, newAttachmentId, newMessageId } from "./ids.ts";
import type { Folder, Mailbox } from "./mailboxes.ts";
import {
  bodyOf,
  emptyFields,
  type GraphRecipient,
  graphTime,
  insertMessage,
  type Message,
  type MessageBody,
  type MessageFields,
  messageById,
  recipient,
  updateMessage,
} from "./messages.ts";
import { escapeHtml, htmlOf, previewOf } from "./text.ts";

export type DraftWords = {
  subject: string;
  fields: Partial<MessageFields>;
  body: MessageBody;
  isRead?: boolean;
  internetMessageId?: string;
  /** The mail that the draft answers or forwards. */
  parent?: Message;
  properties: { id: string; value: string }[];
};

/** A new draft. Like Exchange, it has its Message-ID from the start: whoever sends it can find it by that. */
export function createDraft(store: Store, mailbox: Mailbox, folder: Folder, words: DraftWords): Message {
  return store.transact(() => {
    const now = graphTime(new Date());
    const messageId = words.internetMessageId ?? newMessageId();
    const me = recipient(mailbox);
    const draft = insertMessage(
      store,
      folder,
      {
        subject: words.subject,
        bodyPreview: previewOf(words.body),
        internetMessageId: messageId,
        inReplyTo: words.parent?.internetMessageId ?? null,
        references: words.parent ? referencesAfter(words.parent) : "",
        conversationId: words.parent?.conversationId ?? conversationIdFor(mailbox.id, messageId),
        conversationIndex: conversationIndexAfter(words.parent?.conversationIndex ?? null),
        hasAttachments: false,
        isRead: words.isRead ?? true,
        isDraft: true,
        receivedAt: now,
        sentAt: now,
        contentId: null,
        size: 0,
        fields: { ...emptyFields, from: me, sender: me, ...words.fields },
      },
      words.body,
    );
    writeProperties(store, draft.id, words.properties);
    appendLedger(store, "draft_created", { message: draft });
    return draft;
  });
}

/** RFC 5322 3.6.4: the parent's references and then the parent. */
const referencesAfter = (parent: Message) =>
  [parent.references || parent.inReplyTo, parent.internetMessageId].filter(Boolean).join(" ");

export function writeProperties(store: Store, messageId: number, properties: { id: string; value: string }[]) {
  for (const { id, value } of properties) {
    store.run(
      `insert into extended_property (message_id, property, value) values (?, ?, ?)
       on conflict do update set value = excluded.value`,
      messageId,
      normalProperty(id),
      value,
    );
  }
}

export const propertiesOf = (store: Store, messageId: number) =>
  store.all<{ id: string; value: string }>(
    "select property as id, value from extended_property where message_id = ? order by property",
    messageId,
  );

/** The GUID and the keywords of a property id are case-insensitive, its Name is not. */
export const normalProperty = (id: string) =>
  id
    .trim()
    .replace(/^(\w+)\s+\{?([0-9a-fA-F-]{36})\}?\s+(name|id)\s+/i, (_, type: string, guid: string, kind: string) => {
      const word = (text: string) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
      return `${word(type)} {${guid.toLowerCase()}} ${word(kind)} `;
    });

export type NewAttachment = {
  kind: "file" | "item";
  name: string;
  contentType: string;
  isInline: boolean;
  cid: string | null;
};

export function addAttachment(store: Store, draft: Message, attachment: NewAttachment, content: Buffer): string {
  return store.transact(() =>
    addStoredAttachment(store, draft, attachment, writeContent(store, content), content.length),
  );
}

export function addStoredAttachment(
  store: Store,
  draft: Message,
  attachment: NewAttachment,
  contentId: number,
  size: number,
) {
  const publicId = newAttachmentId();
  store.run(
    `insert into attachment (message_id, public_id, kind, name, content_type, size, is_inline, cid, content_id, modified_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    draft.id,
    publicId,
    attachment.kind,
    attachment.name,
    attachment.contentType,
    size,
    Number(attachment.isInline),
    attachment.cid,
    contentId,
    graphTime(new Date()),
  );
  noteAttachments(store, draft);
  return publicId;
}

export function removeAttachment(store: Store, draft: Message, attachmentId: number, contentId: number | null) {
  store.transact(() => {
    store.run("delete from attachment where id = ?", attachmentId);
    dropUnusedContent(store, contentId);
    noteAttachments(store, draft);
  });
}

function noteAttachments(store: Store, draft: Message) {
  const attached = attachmentsOf(store, draft.id);
  updateMessage(store, messageById(store, draft.id), {
    hasAttachments: attached.some(({ isInline }) => !isInline),
    size: attached.reduce((sum, { size }) => sum + size, 0),
  });
}

export type AnswerKind = "reply" | "replyAll" | "forward";

/** What Outlook puts into a fresh answer: addressees, subject, the quoted mail, and the files that go along. */
export function answerWords(
  store: Store,
  mailbox: Mailbox,
  original: Message,
  kind: AnswerKind,
  comment: string,
): DraftWords {
  const body = bodyOf(store, original.id);
  const quoted = body.html ?? htmlOf(body.plain ?? "");
  const prefix = kind === "forward" ? "FW: " : "RE: ";
  return {
    subject: new RegExp(`^${prefix.trim()}`, "i").test(original.subject) ? original.subject : prefix + original.subject,
    fields: kind === "forward" ? {} : answerTo(mailbox, original, kind),
    body: { html: quote(original, comment, quoted), plain: null, headers: [] },
    parent: original,
    properties: [],
  };
}

/** RFC 5322 3.6.3: Reply-To when it is given. An answer to one's own mail goes where that mail went. */
function answerTo(mailbox: Mailbox, original: Message, kind: AnswerKind): Partial<MessageFields> {
  const { from, replyTo, toRecipients, ccRecipients } = original.fields;
  const mine = ({ emailAddress }: GraphRecipient) =>
    emailAddress.address.toLowerCase() === mailbox.address.toLowerCase();
  const isOwn = from !== null && mine(from);
  const to = isOwn ? toRecipients : replyTo.length > 0 ? replyTo : from ? [from] : [];
  if (kind === "reply") return { toRecipients: to };
  return {
    toRecipients: distinct([...to, ...toRecipients]).filter((one) => !mine(one)),
    ccRecipients: distinct(ccRecipients).filter((one) => !mine(one)),
  };
}

const distinct = (recipients: GraphRecipient[]) => [
  ...new Map(recipients.map((one) => [one.emailAddress.address.toLowerCase(), one])).values(),
];

const names = (recipients: GraphRecipient[]) =>
  recipients
    .map(({ emailAddress: { name, address } }) => (name && name !== address ? `${name} <${address}>` : address))
    .join("; ");

/** The block that Outlook on the web puts between an answer and what it answers. */
function quote(original: Message, comment: string, html: string): string {
  const { from, toRecipients, ccRecipients } = original.fields;
  const line = (label: string, value: string) => (value ? `<b>${label}:</b> ${escapeHtml(value)}<br>` : "");
  const sent = new Date(original.sentAt).toLocaleString("en-US", {
    dateStyle: "full",
    timeStyle: "short",
    timeZone: "UTC",
  });
  const head = [
    line("From", from ? names([from]) : ""),
    line("Sent", sent),
    line("To", names(toRecipients)),
    line("Cc", names(ccRecipients)),
    line("Subject", original.subject),
  ].join("");
  const said = comment ? escapeHtml(comment).replace(/\r?\n/g, "<br>") : "";
  return (
    `<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>${said}` +
    `<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">` +
    `<font face="Calibri, sans-serif" color="#000000" style="font-size:11pt">${head}</font><div>&nbsp;</div></div>` +
    `${insideBody(html)}</body></html>`
  );
}

const insideBody = (html: string) => /<body[^>]*>([\s\S]*?)(?:<\/body>|$)/i.exec(html)?.[1] ?? html;

/** Inline pictures go with an answer; a forward takes everything. */
export async function carryAttachments(store: Store, original: Message, draft: Message, kind: AnswerKind) {
  for (const attachment of attachmentsOf(store, original.id)) {
    if (kind !== "forward" && !attachment.isInline) continue;
    const content = await attachmentContent(store, original, attachment);
    addAttachment(store, draft, { ...attachment, isInline: attachment.isInline === 1 }, content);
  }
}
