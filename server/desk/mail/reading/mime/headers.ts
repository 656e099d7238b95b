import { isUtf8 } from "node:buffer";
import { decodeText } from "./charset.ts";
import { decodeWords } from "./words.ts";

/** One header field: its name in lower case, its value unfolded, one character per byte. */
export type HeaderField = { name: string; raw: string };

export type HeaderBlock = { fields: HeaderField[]; bodyStart: number; strayLines: number };

const NAME = /^([!-9;-~]{1,200})[ \t]*:/;
/** More than this is no header of a person's mail (Exchange refuses 256 KB). */
const MAX_HEADER_BYTES = 1_048_576;

/**
 * The header at the start of `bytes`. Lines that are no header are stepped over at the top of a mail; at the top of a part
 * they are its body (`strict`), because the blank line above a body is often forgotten there.
 */
export function readHeaders(bytes: Buffer, start: number, end: number, strict: boolean): HeaderBlock {
  const fields: HeaderField[] = [];
  let strayLines = 0;
  let at = start;
  while (at < end && at - start < MAX_HEADER_BYTES) {
    const newline = bytes.indexOf(10, at);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    const line = bytes.toString("latin1", at, withoutLineEnd(bytes, at, next));
    if (line === "") return { fields, bodyStart: next, strayLines };

    const last = fields.at(-1);
    const name = NAME.exec(line);
    if (/^[ \t]/.test(line) && last) last.raw += `\n${line}`;
    else if (name?.[1] && !/^>?From /.test(line))
      fields.push({ name: name[1].toLowerCase(), raw: line.slice(name[0].length) });
    else if (/^>?From /.test(line) && fields.length === 0) strayLines += 0;
    else if (strict) return { fields, bodyStart: at, strayLines };
    else strayLines++;
    at = next;
  }
  return { fields, bodyStart: at, strayLines };
}

function withoutLineEnd(bytes: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && (bytes[at - 1] === 10 || bytes[at - 1] === 13)) at--;
  return at;
}

/** The value on one line, as characters. Bytes beyond ASCII are UTF-8 (RFC 6532) or, in older mail, something to guess. */
export function unfold(raw: string): string {
  const line = raw.replace(/\r?\n(?=[ \t])/g, "").trim();
  if (!hasHighBytes(line)) return line;
  const bytes = Buffer.from(line, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : decodeText(bytes, null).text;
}

/** A header as people read it. */
export const readable = (raw: string) => decodeWords(unfold(raw)).replace(/\s+/g, " ").trim();

export const hasHighBytes = (text: string) => /[\u0080-\u00ff]/.test(text);

/** The first field of a name: the one that shows in mail clients. */
export const field = (fields: HeaderField[], name: string) => fields.find((one) => one.name === name)?.raw ?? null;
