import { attachmentContent, attachmentsOf, type StoredAttachment } from "../exchange/compose.ts";
import { normalProperty } from "../exchange/drafts.ts";
import { folderById } from "../exchange/mailboxes.ts";
import { bodyOf, changeKeyOf, etagOf, type Message, type MessageBody } from "../exchange/messages.ts";
import { parseMail } from "../exchange/parse.ts";
import { htmlOf, previewOf, textOf } from "../exchange/text.ts";
import { type GraphCall, idFor, preference } from "./call.ts";
import type { Expansion } from "./query.ts";

/** The properties of microsoft.graph.message in v1.0 that a caller may select. */
const shown = [
  "createdDateTime",
  "lastModifiedDateTime",
  "changeKey",
  "categories",
  "receivedDateTime",
  "sentDateTime",
  "hasAttachments",
  "internetMessageId",
  "subject",
  "bodyPreview",
  "importance",
  "parentFolderId",
  "conversationId",
  "conversationIndex",
  "isDeliveryReceiptRequested",
  "isReadReceiptRequested",
  "isRead",
  "isDraft",
  "webLink",
  "inferenceClassification",
  "body",
  "sender",
  "from",
  "toRecipients",
  "ccRecipients",
  "bccRecipients",
  "replyTo",
  "flag",
] as const;

type Shown = (typeof shown)[number];

/** Only when selected. */
const onDemand = ["uniqueBody", "internetMessageHeaders"] as const;

export const messageProperties: ReadonlySet<string> = new Set(["id", ...shown, ...onDemand]);

export type View = { select: Set<string> | null; expand: Expansion };

/** A mail as Graph shows it. */
export async function showMessage(call: GraphCall, message: Message, view: View): Promise<Record<string, unknown>> {
  const wants = (name: string) => view.select === null || view.select.has(name);
  const asksFor = (name: string) => view.select?.has(name) ?? false;
  const body =
    wants("body") || asksFor("uniqueBody") || asksFor("internetMessageHeaders") ? bodyOf(call.store, message.id) : null;
  const all = properties(call, message, body);

  const wire: Record<string, unknown> = { "@odata.etag": etagOf(message), id: idFor(call, message) };
  for (const name of shown) if (wants(name)) wire[name] = all[name];
  if (asksFor("uniqueBody")) wire.uniqueBody = showBody(call, body);
  if (asksFor("internetMessageHeaders") && body) wire.internetMessageHeaders = message.isDraft ? [] : body.headers;
  if (view.expand.attachments)
    wire.attachments = await expandAttachments(call, message, view.expand.attachments.content);
  if (view.expand.properties.length > 0) {
    const found = expandProperties(call, message, view.expand.properties);
    if (found.length > 0) wire.singleValueExtendedProperties = found;
  }
  return wire;
}

function properties(call: GraphCall, message: Message, body: MessageBody | null): Record<Shown, unknown> {
  return {
    ...message.fields,
    createdDateTime: message.createdAt,
    lastModifiedDateTime: message.modifiedAt,
    changeKey: changeKeyOf(message),
    receivedDateTime: message.receivedAt,
    sentDateTime: message.sentAt,
    hasAttachments: message.hasAttachments,
    internetMessageId: message.internetMessageId,
    subject: message.subject,
    bodyPreview: message.bodyPreview,
    parentFolderId: folderById(call.store, message.folderId)?.publicId ?? null,
    conversationId: message.conversationId,
    conversationIndex: message.conversationIndex,
    isRead: message.isRead,
    isDraft: message.isDraft,
    webLink: `${call.origin}/owa/?ItemID=${encodeURIComponent(message.mutableId)}&exvsurl=1&viewmodel=ReadMessageItem`,
    body: showBody(call, body),
  };
}

/** HTML unless `Prefer: outlook.body-content-type="text"`. */
function showBody(call: GraphCall, body: MessageBody | null) {
  if (!body) return null;
  if (preference(call, "outlook.body-content-type")?.toLowerCase() === "text") {
    return { contentType: "text", content: body.plain ?? textOf(body.html ?? "") };
  }
  return { contentType: "html", content: body.html ?? htmlOf(body.plain ?? "") };
}

/** What was asked for and granted; Graph says so in every answer that has a body to choose. */
export function appliedPreference(call: GraphCall): Record<string, string> {
  const type = preference(call, "outlook.body-content-type");
  return type ? { "Preference-Applied": `outlook.body-content-type="${type}"` } : {};
}

function expandProperties(call: GraphCall, message: Message, ids: string[]) {
  return ids.flatMap((id) => {
    const row = call.store.one<{ value: string }>(
      "select value from extended_property where message_id = ? and property = ?",
      message.id,
      normalProperty(id),
    );
    return row ? [{ id: normalProperty(id), value: row.value }] : [];
  });
}

async function expandAttachments(call: GraphCall, message: Message, content: boolean) {
  const wire: Record<string, unknown>[] = [];
  for (const attachment of attachmentsOf(call.store, message.id)) {
    wire.push(await showAttachment(call, message, attachment, { content, item: false }));
  }
  return wire;
}

export async function showAttachment(
  call: GraphCall,
  message: Message,
  attachment: StoredAttachment,
  { content, item }: { content: boolean; item: boolean },
): Promise<Record<string, unknown>> {
  const wire: Record<string, unknown> = {
    "@odata.type": attachment.kind === "item" ? "#microsoft.graph.itemAttachment" : "#microsoft.graph.fileAttachment",
    "@odata.mediaContentType": attachment.contentType,
    id: attachment.publicId,
    lastModifiedDateTime: attachment.modifiedAt,
    name: attachment.name,
    contentType: attachment.kind === "item" ? null : attachment.contentType,
    size: attachment.size,
    isInline: attachment.isInline === 1,
  };
  if (attachment.kind === "item") {
    if (item) wire.item = await showNested(await attachmentContent(call.store, message, attachment));
    return wire;
  }
  wire.contentId = attachment.cid;
  wire.contentLocation = null;
  if (content) wire.contentBytes = (await attachmentContent(call.store, message, attachment)).toString("base64");
  return wire;
}

async function showNested(raw: Buffer) {
  const mail = await parseMail(raw);
  const people = (all: { name: string; address: string }[]) => all.map((emailAddress) => ({ emailAddress }));
  return {
    "@odata.type": "#microsoft.graph.message",
    id: "",
    subject: mail.subject,
    bodyPreview: previewOf({ html: mail.html, plain: mail.text }),
    internetMessageId: mail.messageId,
    body: { contentType: "html", content: mail.html ?? htmlOf(mail.text ?? "") },
    from: mail.from && { emailAddress: mail.from },
    toRecipients: people(mail.to),
    ccRecipients: people(mail.cc),
    hasAttachments: mail.attachments.some(({ isInline }) => !isInline),
  };
}
