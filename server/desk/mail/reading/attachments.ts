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
    .normalize("NFC")
    .replace(/[\p{Cc}\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff]/gu, "")
    .split(/[/\\]/)
    .map(tidy)
    .findLast((piece) => piece !== "");
  return last ? shortened(last) : null;
}

/** Windows drops blanks and dots at the end, and with them what a reader thinks the kind of the file is. */
function tidy(name: string): string {
  const trimmed = name.trim();
  let end = trimmed.length;
  while (end > 0 && ". ".includes(trimmed[end - 1] ?? "x")) end--;
  return trimmed.slice(0, end);
}

/** A name keeps its ending, which tells what sort of file it is. */
function shortened(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const ending = /\.[\p{L}\p{N}]{1,12}$/u.exec(name)?.[0] ?? "";
  return tidy(name.slice(0, LONGEST_NAME - ending.length).toWellFormed()) + ending;
}

const LONGEST_NAME = 255;

function contentIdOf({ fields }: MimePart): string | null {
  const value = readable(field(fields, "content-id") ?? "");
  return readMessageIds(value)[0] ?? (value.replace(/[<>]/g, "") || null);
}
