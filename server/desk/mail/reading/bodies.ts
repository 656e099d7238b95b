import { decodeText } from "./mime/charset.ts";
import type { MimePart } from "./mime/tree.ts";
import { htmlToText } from "./safe-html.ts";

/** What a mail says, and the parts that go with it. */
export type Bodies = {
  /** Text as written; null where the mail has none of its own. */
  text: string | null;
  html: string | null;
  attached: AttachedPart[];
  warnings: string[];
  /** Bytes of words that may still be read; negative when some were left out. */
  room: number;
};

/** More is no reading matter, and shown in a pane of 320 px it is none at all. */
const MOST_WORDS = 2_000_000;

/** `inside`: stands in a multipart/related or is marked inline. */
export type AttachedPart = { part: MimePart; inline: boolean };

const TNEF_TYPES = new Set(["application/ms-tnef", "application/vnd.ms-tnef"]);

/** Outlook's winmail.dat, by type or by name: some gateways make an octet-stream of it. */
export const isTnef = ({ type, disposition, contentType }: MimePart) =>
  TNEF_TYPES.has(type) ||
  /^winmail\.dat$/i.test(disposition.parameters.get("filename") ?? contentType.parameters.get("name") ?? "");

/** One stretch of words; alternatives say the same twice. */
type Segment = { text: string | null; html: string | null };

/** Walks the parts and tells words from attachments. */
export function collectBodies(root: MimePart): Bodies {
  const bodies: Bodies = { text: null, html: null, attached: [], warnings: [], room: MOST_WORDS };
  const segments = collect(root, bodies, false);
  if (segments.every(({ text, html }) => !text?.trim() && !html?.trim())) segments.push(...wordsOfFiles(bodies));
  const hasHtml = segments.some(({ html }) => html !== null);
  const texts = segments.map(({ text }) => text).filter((text) => text !== null);
  if (texts.length > 0) bodies.text = joinTexts(segments);
  if (hasHtml) bodies.html = segments.map(({ text, html }) => html ?? asHtmlParagraphs(text ?? "")).join("\n");
  return bodies;
}

/** A mail without words of its own shows those of a text that it carries inline, or of a report. */
function wordsOfFiles(bodies: Bodies): Segment[] {
  const shown = bodies.attached.find(
    ({ part, inline }) => (inline && TEXT_TYPES.has(part.type)) || part.type === "message/delivery-status",
  );
  return shown
    ? [segment({ ...shown.part, type: TEXT_TYPES.has(shown.part.type) ? shown.part.type : "text/plain" }, bodies)]
    : [];
}

function collect(part: MimePart, bodies: Bodies, related: boolean): Segment[] {
  if (part.type === "multipart/alternative") return [alternative(part, bodies)];
  if (part.parts.length > 0) {
    const inRelated = related || part.type === "multipart/related";
    return part.parts.flatMap((child) => collect(child, bodies, inRelated));
  }
  if (isWords(part)) return [segment(part, bodies)];
  bodies.attached.push({ part, inline: isInline(part, related) });
  return [];
}

/**
 * RFC 2046, 5.1.4: all say the same, the last is the richest. Some senders put different texts there, and what is only in
 * one of them must not be lost; a text of a richer type than plain is another rendering.
 */
function alternative(part: MimePart, bodies: Bodies): Segment {
  const segments = part.parts.map((child) => ({
    rich: child.type.startsWith("text/") && child.type !== "text/plain",
    found: collect(child, bodies, false),
  }));
  const texts = [segments.filter(({ rich }) => !rich), segments].map((some) =>
    some.flatMap(({ found }) => found.flatMap(({ text }) => (text === null ? [] : [text]))),
  );
  const plain = texts.find((some) => some.some((text) => text.trim() !== "")) ?? texts[1] ?? [];
  const html = segments.flatMap(({ found }) => found).findLast((one) => one.html?.trim())?.html ?? null;
  return { text: plain.length > 0 ? withoutRepeats(plain).join("\n") : null, html };
}

/** Nobody writes more alternatives; comparing each with each has its price. */
const MAX_COMPARED = 20;

function withoutRepeats(texts: string[]): string[] {
  if (texts.length > MAX_COMPARED) return texts;
  const words = texts.map(squeeze);
  return texts.filter((_, i) => {
    const mine = words[i] ?? "";
    return !words.some((other, j) => (j > i || (j < i && other.length > mine.length)) && other.includes(mine));
  });
}

const squeeze = (text: string) => text.replace(/\s+/g, "");

const TEXT_TYPES = new Set([
  "text/plain",
  "text/html",
  "text/enriched",
  "text/richtext",
  "text/x-amp-html",
  "text/watch-html",
]);

/** A text part is words unless it says that it is a file. */
function isWords(part: MimePart): boolean {
  if (!TEXT_TYPES.has(part.type)) return false;
  if (part.disposition.value === "attachment") return false;
  return (
    part.disposition.parameters.get("filename") === undefined && part.contentType.parameters.get("name") === undefined
  );
}

function isInline(part: MimePart, related: boolean): boolean {
  if (part.disposition.value === "attachment") return false;
  const hasId = part.fields.some(({ name }) => name === "content-id" || name === "content-location");
  return part.disposition.value === "inline" || (related && hasId);
}

function segment(part: MimePart, bodies: Bodies): Segment {
  const content = roomFor(part.content(), bodies);
  const { text, charset, guessed } = decodeText(content, part.contentType.parameters.get("charset") ?? null);
  if (guessed) bodies.warnings.push(`The mail does not say its charset rightly; it was read as ${charset}.`);
  const words = text.replace(/\r\n?/g, "\n").replaceAll("\0", "");
  if (part.type === "text/html") return { text: null, html: words };
  if (part.type === "text/enriched" || part.type === "text/richtext") return { text: fromEnriched(words), html: null };
  if (part.type !== "text/plain") return { text: null, html: null };
  return {
    text: isFlowed(part) ? unflow(words, part.contentType.parameters.get("delsp")?.toLowerCase() === "yes") : words,
    html: null,
  };
}

/** As much of it as there is room for, in whole lines where it has any. */
function roomFor(content: Buffer, bodies: Bodies): Buffer {
  const room = Math.max(0, bodies.room);
  if (bodies.room >= 0 && content.length > room)
    bodies.warnings.push(
      "The words of this mail are too many to show; all of them are in the attached mail as it came.",
    );
  bodies.room -= content.length;
  return content.length <= room ? content : content.subarray(0, content.lastIndexOf(10, room - 1) + 1 || room);
}

const isFlowed = (part: MimePart) => part.contentType.parameters.get("format")?.toLowerCase() === "flowed";

/** RFC 3676: a line that ends in a blank goes on in the next of the same quote depth. */
function unflow(text: string, deleteSpace: boolean): string {
  const out: string[] = [];
  let open = false;
  let openDepth = "";
  for (const line of text.split("\n")) {
    const depth = /^>*/.exec(line)?.[0] ?? "";
    const rest = line.slice(depth.length).replace(/^ /, "");
    const flows = rest.endsWith(" ") && rest !== "-- ";
    const content = flows && deleteSpace ? rest.slice(0, -1) : rest;
    if (open && depth === openDepth && rest !== "-- ") out[out.length - 1] += content;
    else out.push(depth ? `${depth} ${content}` : content);
    open = flows;
    openDepth = depth;
  }
  return out.join("\n");
}

/** RFC 1896: `<bold>`, `<<` for a `<`, and one line end is none. */
const fromEnriched = (text: string) =>
  text.replace(/<param>[^<]*<\/param>/gi, "").replace(/<<|<\/?[a-z][\w-]*>/gi, (tag) => (tag === "<<" ? "<" : ""));

function joinTexts(segments: Segment[]): string {
  return segments
    .map(({ text, html }) => text ?? htmlToText(html ?? ""))
    .filter((text) => text.trim() !== "")
    .join("\n");
}

const asHtmlParagraphs = (text: string) =>
  text.trim() === ""
    ? ""
    : `<div>${text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replaceAll("\n", "<br>\n")}</div>`;
