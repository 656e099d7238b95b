import { attachmentContent, attachmentsOf, type StoredAttachment } from "../exchange/compose.ts";
import { addAttachment, removeAttachment } from "../exchange/drafts.ts";
import type { Message } from "../exchange/messages.ts";
import { escapeHtml } from "../exchange/text.ts";
import { type GraphCall, type GraphReply, messageIn, metadata, ok, readJson } from "./call.ts";
import { AttachmentInput } from "./input.ts";
import { badRequest, GraphProblem, itemNotFound } from "./problem.ts";
import { showAttachment } from "./wire.ts";

/** Under 3 MB an attachment comes in one request, from there on in an upload session (concepts/outlook-large-attachments). */
export const smallestUpload = 3 * 1024 * 1024;

export async function listAttachments(call: GraphCall): Promise<GraphReply> {
  const message = messageIn(call);
  const select = call.query.get("$select");
  const content = !select || /\bcontentBytes\b/i.test(select);
  const value: unknown[] = [];
  for (const attachment of attachmentsOf(call.store, message.id)) {
    const shown = await showAttachment(call, message, attachment, { content, item: false });
    value.push(only(shown, select));
  }
  return ok({ "@odata.context": metadata(call, call.path), value });
}

const only = (shown: Record<string, unknown>, select: string | null) => {
  if (!select) return shown;
  const names = new Set([
    ...select.split(",").map((name) => name.trim().replace(/^microsoft\.graph\.\w+\//i, "")),
    "id",
  ]);
  return Object.fromEntries(Object.entries(shown).filter(([name]) => name.startsWith("@odata.") || names.has(name)));
};

export async function getAttachment(call: GraphCall): Promise<GraphReply> {
  const { message, attachment } = attachmentIn(call);
  const item = /microsoft\.graph\.itemattachment\/item/i.test(call.query.get("$expand") ?? "");
  const shown = await showAttachment(call, message, attachment, { content: true, item });
  return ok({ "@odata.context": metadata(call, `${call.path}/$entity`), ...shown });
}

export async function getAttachmentContent(call: GraphCall): Promise<GraphReply> {
  const { message, attachment } = attachmentIn(call);
  const content = await attachmentContent(call.store, message, attachment);
  return {
    status: 200,
    headers: { "Content-Type": attachment.contentType.replace(/[^\x20-\x7e]/g, "") },
    bytes: [content],
  };
}

export async function addAttachmentTo(call: GraphCall): Promise<GraphReply> {
  const message = draftIn(call);
  const [publicId] = attachTo(call, message, [readJson(call, AttachmentInput)]);
  const attachment = attachmentsOf(call.store, message.id).find((one) => one.publicId === publicId);
  if (!attachment) throw itemNotFound();
  const shown = await showAttachment(call, message, attachment, { content: true, item: false });
  return { status: 201, body: { "@odata.context": metadata(call, `${call.path}/$entity`), ...shown } };
}

export function deleteAttachment(call: GraphCall): GraphReply {
  const { message, attachment } = attachmentIn(call);
  removeAttachment(call.store, message, attachment.id, attachment.contentId);
  return { status: 204 };
}

/** Adds what came as JSON; answers with the new ids. */
export function attachTo(call: GraphCall, message: Message, attachments: AttachmentInput[]): string[] {
  return attachments.map((input) => {
    const content = contentOf(input);
    if (content.length > smallestUpload) {
      throw new GraphProblem(413, "ErrorRequestEntityTooLarge", "Attachments of 3 MB and more need an upload session.");
    }
    return addAttachment(
      call.store,
      message,
      {
        kind: input["@odata.type"] === "itemattachment" ? "item" : "file",
        name: input.name,
        contentType:
          input["@odata.type"] === "itemattachment"
            ? "message/rfc822"
            : (input.contentType ?? "application/octet-stream"),
        isInline: input.isInline ?? false,
        cid: input.contentId ?? null,
      },
      content,
    );
  });
}

function contentOf(input: AttachmentInput): Buffer {
  if (input["@odata.type"] === "fileattachment") return Buffer.from(input.contentBytes ?? "", "base64");
  if (input["@odata.type"] === "itemattachment") {
    const subject = (input.item?.subject ?? input.name).replace(/[\r\n]+/g, " ");
    const html = input.item?.body?.contentType === "html";
    const words = input.item?.body?.content ?? "";
    return Buffer.from(
      `Subject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html ? words : escapeHtml(words)}`,
    );
  }
  throw badRequest(
    "The sandbox attaches files and items; send a fileAttachment or an itemAttachment.",
    "ErrorInvalidRequest",
  );
}

function attachmentIn(call: GraphCall): { message: Message; attachment: StoredAttachment } {
  const message = messageIn(call);
  const id = call.param("attachment");
  const attachment = attachmentsOf(call.store, message.id).find((one) => one.publicId === id);
  if (!attachment) throw itemNotFound();
  return { message, attachment };
}

export function draftIn(call: GraphCall): Message {
  const message = messageIn(call);
  if (message.isDraft) return message;
  throw badRequest("The operation can only be performed on a draft message.", "ErrorInvalidOperation");
}
