import { createHash } from "node:crypto";
import { readMessageIds } from "./message-ids.ts";
import { field, readable } from "./mime/headers.ts";
import type { MimePart } from "./mime/tree.ts";
import type { MailAttachment } from "./read-mail.ts";

export function readAttachment(part: MimePart, inline: boolean): MailAttachment {
  return asAttachment({
    name: nameOf(part),
    type: part.type,
    content: part.content(),
    contentId: contentIdOf(part),
    inline,
  });
}

export function asAttachment(
  file: Pick<MailAttachment, "name" | "type" | "content" | "contentId" | "inline">,
): MailAttachment {
  return { ...file, size: file.content.byteLength, sha256: createHash("sha256").update(file.content).digest("hex") };
}

function nameOf({ disposition, contentType, fields }: MimePart): string | null {
  const [filename, name] = [disposition.parameters.get("filename"), contentType.parameters.get("name")];
  const given = filename?.includes("?") && name && !name.includes("?") ? name : (filename ?? name); // "?" is what a poor charset left
  if (given !== undefined) return safeFileName(given);
  const location = readable(field(fields, "content-location") ?? "");
  return /^[^/:?]{1,200}\.\w{1,5}$/.test(location) ? safeFileName(location) : null;
}

/** A name for a file, never a path (RFC 2183, 5) and without signs that no file system takes. */
export function safeFileName(name: string): string | null {
  const last = name
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "")
    .split(/[/\\]/)
    .findLast((piece) => piece.trim() !== "");
  return last?.trim().slice(0, 255) || null;
}

function contentIdOf({ fields }: MimePart): string | null {
  const value = readable(field(fields, "content-id") ?? "");
  return readMessageIds(value)[0] ?? (value.replace(/[<>]/g, "") || null);
}
