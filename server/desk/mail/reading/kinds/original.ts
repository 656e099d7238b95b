import { readMessageIds } from "../message-ids.ts";
import { field, type HeaderField, readable, readHeaders } from "../mime/headers.ts";
import { type MimePart, walk } from "../mime/tree.ts";

const ORIGINALS = new Set([
  "message/rfc822",
  "message/global",
  "text/rfc822-headers",
  "message/rfc822-headers",
  "message/global-headers",
  "message/partial",
]);

/** The header of the mail that a report is about, from the part that carries it back. */
export function originalHeader(root: MimePart): HeaderField[] | null {
  for (const part of walk(root)) {
    if (part === root || !ORIGINALS.has(part.type)) continue;
    const content = part.content();
    return readHeaders(content, 0, content.length, false).fields;
  }
  return null;
}

/** Its Message-ID; systems older than MIME copy the header into the text. */
export function originalMessageId(root: MimePart, text: string): string | null {
  const header = originalHeader(root);
  const raw = header && field(header, "message-id");
  const written = raw ? readable(raw) : (/^[> \t]{0,4}message-id:\s{0,4}(<[^<>\s]{1,300}>)/im.exec(text)?.[1] ?? "");
  return readMessageIds(written)[0] ?? null;
}
