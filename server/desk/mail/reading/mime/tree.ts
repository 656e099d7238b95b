import { field, type HeaderField, readable, readHeaders } from "./headers.ts";
import { readStructured, type Structured } from "./parameters.ts";
import { decodeTransfer } from "./transfer.ts";

/** One part of a mail, still in its bytes. Content is decoded when somebody asks. */
export type MimePart = {
  fields: HeaderField[];
  type: string;
  contentType: Structured;
  disposition: Structured;
  parts: MimePart[];
  /** Decoded from its Content-Transfer-Encoding, in its own charset. */
  content(): Buffer;
};

/** `incomplete`: parts of it were left out. */
export type MimeMail = { root: MimePart; warnings: string[]; incomplete: boolean };

/** Deeper nesting is hostile: the deepest real mail seen has eleven levels. */
const MAX_DEPTH = 20;
const MAX_PARTS = 1_000;

type Reading = { bytes: Buffer; dashLines: number[]; warnings: Set<string>; parts: number; leftOut: boolean };

/** Reads the structure of a mail. Never throws: what makes no sense becomes text. */
export function readMime(raw: Uint8Array): MimeMail {
  const bytes = withLineFeeds(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
  const dashLines = linesWithDashes(bytes);
  const reading: Reading = { bytes, dashLines, warnings: new Set(), parts: 0, leftOut: false };
  const root = readPart(reading, skipBlankLines(bytes), bytes.length, "text/plain", 0);
  return { root, warnings: [...reading.warnings], incomplete: reading.leftOut };
}

/** A part and everything in it, in order. */
export function* walk(part: MimePart): Generator<MimePart> {
  yield part;
  for (const child of part.parts) yield* walk(child);
}

function readPart(reading: Reading, start: number, end: number, defaultType: string, depth: number): MimePart {
  const { bytes } = reading;
  reading.parts++;
  const { fields, bodyStart, strayLines } = readHeaders(bytes, start, end, depth > 0);
  if (strayLines > 0) reading.warnings.add("The header holds lines that are no header fields; they were left out.");

  const contentType = readStructured(field(fields, "content-type"));
  const type = mediaType(contentType, fields, defaultType);
  const parts = type.startsWith("multipart/") ? readChildren(reading, contentType, type, bodyStart, end, depth) : [];
  const encoding = readable(field(fields, "content-transfer-encoding") ?? "");
  let decoded: Buffer | null = null;
  const content = () => {
    decoded ??= decodeTransfer(bytes.subarray(bodyStart, end), encoding);
    return decoded;
  };
  return {
    fields,
    type: type.startsWith("multipart/") && parts.length === 0 ? "text/plain" : type,
    contentType,
    disposition: readStructured(field(fields, "content-disposition")),
    parts,
    content,
  };
}

function mediaType({ value }: Structured, fields: HeaderField[], defaultType: string): string {
  if (/^[\w.+-]+\/[\w.+-]+/.test(value)) return /^[\w.+-]+\/[\w.+-]+/.exec(value)?.[0] ?? value;
  if (value === "text") return "text/plain"; // RFC 1049
  if (value === "" || value.includes("=")) return defaultType;
  return field(fields, "content-disposition") === null ? "text/plain" : "application/octet-stream";
}

function readChildren(
  reading: Reading,
  contentType: Structured,
  type: string,
  start: number,
  end: number,
  depth: number,
): MimePart[] {
  if (depth >= MAX_DEPTH) {
    reading.warnings.add(`The mail nests parts deeper than ${MAX_DEPTH} levels; the inner ones were left as they are.`);
    return [];
  }
  const declared = contentType.parameters.get("boundary")?.trimEnd();
  const ranges =
    splitAt(reading, declared, start, end) ?? splitAt(reading, guessBoundary(reading, start, end), start, end) ?? [];
  if (declared && ranges.length === 0)
    reading.warnings.add("The boundary that the mail announces does not occur in it.");
  const childType = type === "multipart/digest" ? "message/rfc822" : "text/plain";
  const children: MimePart[] = [];
  for (const [from, to] of ranges) {
    if (reading.parts >= MAX_PARTS) {
      reading.leftOut = true;
      reading.warnings.add(`The mail has more than ${MAX_PARTS} parts; the rest is in the attached mail as it came.`);
      break;
    }
    children.push(readPart(reading, from, to, childType, depth + 1));
  }
  return children;
}

/** The ranges between delimiter lines (RFC 2046, 5.1.1), or null when there is none. A missing end is the end. */
function splitAt(
  { bytes, dashLines, warnings }: Reading,
  boundary: string | undefined,
  start: number,
  end: number,
): [number, number][] | null {
  if (!boundary) return null;
  const delimiter = Buffer.from(`--${boundary}`, "latin1");
  const ranges: [number, number][] = [];
  let open = -1;
  for (let i = firstAtOrAfter(dashLines, start); i < dashLines.length; i++) {
    const at = dashLines[i] ?? end;
    if (at >= end) break;
    const after = at + delimiter.length;
    if (bytes.compare(delimiter, 0, delimiter.length, at, Math.min(after, bytes.length)) !== 0) continue;
    const { closes, next } = endOfDelimiter(bytes, after, end);
    if (next < 0) continue;
    if (open >= 0) ranges.push([open, withoutLineEnd(bytes, open, at)]);
    open = closes ? -1 : next;
    if (closes) return ranges;
  }
  if (open >= 0) {
    warnings.add("The mail ends before its last part is closed; it may have been cut off.");
    ranges.push([open, end]);
  }
  return ranges.length > 0 ? ranges : null;
}

/** After the boundary come blanks, or `--` and anything; other signs make it another boundary. */
function endOfDelimiter(bytes: Buffer, after: number, end: number): { closes: boolean; next: number } {
  const newline = bytes.indexOf(10, after);
  const next = newline < 0 || newline >= end ? end : newline + 1;
  const tail = bytes.toString("latin1", after, Math.min(next, after + 200)).trimEnd();
  if (tail === "") return { closes: false, next };
  return { closes: tail === "--", next: tail === "--" ? next : -1 };
}

/** A multipart without (or with a wrong) boundary: its first line `--x` above a Content-… field tells. */
function guessBoundary({ bytes, dashLines }: Reading, start: number, end: number): string | undefined {
  for (let i = firstAtOrAfter(dashLines, start); i < dashLines.length; i++) {
    const at = dashLines[i] ?? end;
    if (at >= end) return undefined;
    const [, boundary] =
      /^--(\S[^\r\n]{0,200})\r?\ncontent-/i.exec(bytes.toString("latin1", at, Math.min(at + 240, end))) ?? [];
    if (boundary) return boundary.trimEnd();
  }
  return undefined;
}

/** Where each line that begins with `--` begins: found once for all levels. */
function linesWithDashes(bytes: Buffer): number[] {
  const lines: number[] = bytes[0] === 0x2d && bytes[1] === 0x2d ? [0] : [];
  for (let at = bytes.indexOf("\n--"); at >= 0; at = bytes.indexOf("\n--", at + 1)) lines.push(at + 1);
  return lines;
}

function firstAtOrAfter(lines: number[], start: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The line end before a delimiter belongs to the delimiter. */
function withoutLineEnd(bytes: Buffer, start: number, end: number): number {
  let at = end;
  if (at > start && bytes[at - 1] === 10) at--;
  if (at > start && bytes[at - 1] === 13) at--;
  return at;
}

function skipBlankLines(bytes: Buffer): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (bytes[at] === 10 || bytes[at] === 13) at++;
  return at;
}

/** Some old programs end lines with CR alone. */
function withLineFeeds(bytes: Buffer): Buffer {
  if (bytes.includes(10) || !bytes.includes(13)) return bytes;
  return Buffer.from(bytes.toString("latin1").replaceAll("\r", "\n"), "latin1");
}
