import MailComposer from "nodemailer/lib/mail-composer";
import type { Store } from "../store.ts";
import { readContent } from "./content.ts";
import { bodyOf, type GraphRecipient, type Message, type MessageFields } from "./messages.ts";
import { readAttachment } from "./parse.ts";
import { textOf } from "./text.ts";

export type StoredAttachment = {
  id: number;
  publicId: string;
  kind: "file" | "item";
  name: string;
  contentType: string;
  size: number;
  isInline: number;
  cid: string | null;
  part: number | null;
  contentId: number | null;
  modifiedAt: string;
};

export const attachmentsOf = (store: Store, messageId: number) =>
  store.all<StoredAttachment>(
    `select id, public_id as publicId, kind, name, content_type as contentType, size, is_inline as isInline, cid, part,
       content_id as contentId, modified_at as modifiedAt from attachment where message_id = ? order by id`,
    messageId,
  );

/** The content of an attachment, wherever it is kept: by itself, or as a part of its mail. */
export async function attachmentContent(store: Store, message: Message, attachment: StoredAttachment): Promise<Buffer> {
  if (attachment.contentId !== null) return readContent(store, attachment.contentId);
  if (message.contentId === null || attachment.part === null) return Buffer.alloc(0);
  return (await readAttachment(readContent(store, message.contentId), attachment.part)) ?? Buffer.alloc(0);
}

/** The mail that a draft becomes when it is sent. Bcc is not in it: those addresses are only on the envelope. */
export async function composeMime(store: Store, draft: Message): Promise<Buffer> {
  const body = bodyOf(store, draft.id);
  const attachments = await Promise.all(
    attachmentsOf(store, draft.id).map(async (attachment) => ({
      filename: attachment.name,
      contentType: attachment.contentType,
      content: await attachmentContent(store, draft, attachment),
      ...(attachment.cid ? { cid: attachment.cid } : {}),
      contentDisposition: attachment.isInline ? ("inline" as const) : ("attachment" as const),
    })),
  );
  const { fields } = draft;
  return new MailComposer({
    from: addresses(fields.from ? [fields.from] : []),
    ...(isOnBehalf(fields) && { sender: addresses([fields.sender])[0] }),
    to: addresses(fields.toRecipients),
    cc: addresses(fields.ccRecipients),
    replyTo: addresses(fields.replyTo),
    subject: draft.subject,
    date: new Date(draft.sentAt),
    messageId: draft.internetMessageId,
    ...(draft.inReplyTo ? { inReplyTo: draft.inReplyTo } : {}),
    ...(draft.references ? { references: draft.references } : {}),
    ...(body.html === null ? { text: body.plain ?? "" } : { html: body.html, text: textOf(body.html) }),
    ...(fields.importance === "normal" ? {} : { priority: fields.importance }),
    attachments,
    headers: [
      ...body.headers.map(({ name, value }) => ({ key: name, value })),
      ...propertyHeaders(store, draft.id),
      { key: "Thread-Topic", value: draft.subject.replace(/^((re|fw|fwd|aw|wg):\s*)+/i, "") },
      { key: "Thread-Index", value: draft.conversationIndex },
    ],
    // A draft is somebody's data: it must not make this process read files or fetch addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

/** RFC 5322, 3.6.2: Sender only where it is not the author. */
const isOnBehalf = (fields: MessageFields): fields is MessageFields & { sender: GraphRecipient } =>
  fields.sender !== null &&
  fields.from !== null &&
  fields.sender.emailAddress.address.toLowerCase() !== fields.from.emailAddress.address.toLowerCase();

const addresses = (recipients: GraphRecipient[]) =>
  recipients.map(({ emailAddress: { name, address } }) => ({ name: name === address ? "" : (name ?? ""), address }));

/** [MS-OXPROPS] 1.3.2: a property of this set becomes the header of its name. */
const internetHeaders = "String {00020386-0000-0000-c000-000000000046} Name ";

const propertyHeaders = (store: Store, messageId: number) =>
  store
    .all<{ property: string; value: string }>(
      "select property, value from extended_property where message_id = ? and substr(property, 1, ?) = ?",
      messageId,
      internetHeaders.length,
      internetHeaders,
    )
    .map(({ property, value }) => ({ key: property.slice(internetHeaders.length), value }));
