import { type ChildNode, type Document, type Element, isTag, isText, Text } from "domhandler";
import { parseDocument } from "htmlparser2";
import type { Line, LineMark } from "../quotes/lines.ts";

/** A line and the leaves of the tree that stand in it. */
export type LaidLine = Line & { leaves: ChildNode[] };

export type Page = { document: Document; lines: LaidLine[] };

const BLOCKS = new Set(
  "address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header li main nav ol p pre section summary table tbody tfoot thead tr ul body html".split(
    " ",
  ),
);
/** A blank line stands before and after these. */
const SPACED = new Set("p ul ol table blockquote h1 h2 h3 h4 h5 h6 pre dl".split(" "));
const SILENT = new Set("script style head title noscript template textarea select xml".split(" "));

/** Deeper than this nobody writes; it keeps the stack safe from hostile mail. */
const MAX_DEPTH = 400;

type Place = { depth: number; inQuote: boolean; signed: boolean; pre: boolean; mark: LineMark | null };

/** The line in the making: its words in pieces, for long ones grow piece by piece. */
type Draft = Omit<LaidLine, "text"> & { pieces: string[]; blank: boolean; endsInSpace: boolean };
type Layout = { lines: LaidLine[]; line: Draft; space: boolean };

/** Parses HTML that was made safe before, once, and lays its words out in lines: text, quotes and pieces are all taken from these. */
export function layOut(html: string): Page {
  const document = parseDocument(html);
  const layout: Layout = { lines: [], line: newDraft(), space: false };
  const place: Place = { depth: 0, inQuote: false, signed: false, pre: false, mark: null };
  for (const node of [...document.children]) place.mark = putNode(layout, node, place);
  endLine(layout);
  return { document, lines: layout.lines };
}

/** The words of a page, with at most one blank line between paragraphs. */
export const wordsOf = (lines: readonly Line[]): string =>
  lines
    .map(({ text }) => text.replaceAll("\u00a0", " ").trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();

const newDraft = (): Draft => ({ pieces: [], blank: true, endsInSpace: true, ...PLAIN, leaves: [] });
const PLAIN = { inQuote: false, mark: null, signed: false };

function add(line: Draft, words: string): void {
  if (words === "") return;
  line.pieces.push(words);
  line.blank &&= words.trim() === "";
  line.endsInSpace = words.endsWith(" ");
}

/** Answers the mark that is still waiting for words to stand on: an empty element may announce what follows it. */
function putNode(layout: Layout, node: ChildNode, place: Place): LineMark | null {
  if (isText(node)) return putWords(layout, node, place);
  if (!isTag(node) || SILENT.has(node.name) || place.depth > MAX_DEPTH) return place.mark;
  if (node.name === "br" || node.name === "hr") return putBreak(layout, node, place);
  if (node.name === "img") {
    layout.line.leaves.push(node);
    return place.mark;
  }
  return putElement(layout, node, place);
}

function putElement(layout: Layout, element: Element, place: Place): LineMark | null {
  const quote = element.attribs["data-quote"];
  const inside: Place = {
    depth: place.depth + 1,
    inQuote: place.inQuote || quote === "quote",
    signed: place.signed || quote === "signature",
    pre: place.pre || element.name === "pre",
    mark: quote === "history" ? quote : place.mark,
  };
  const block = BLOCKS.has(element.name);
  if (block) startLine(layout, SPACED.has(element.name));
  if (element.name === "li") layout.line.pieces = ["- "];
  for (const child of [...element.children]) inside.mark = putNode(layout, child, inside);
  if (element.name === "td" || element.name === "th") layout.space = true;
  if (block) startLine(layout, SPACED.has(element.name));
  return inside.mark;
}

function putBreak(layout: Layout, node: Element, place: Place): LineMark | null {
  const quote = node.attribs["data-quote"];
  if (node.name === "hr") startLine(layout, false);
  layout.line.leaves.push(node);
  endLine(layout, place.inQuote);
  return quote === "history" ? quote : place.mark;
}

function putWords(layout: Layout, node: Text, place: Place): LineMark | null {
  if (place.pre && node.data.includes("\n")) return putPreformatted(layout, node, place);
  const words = place.pre ? node.data : node.data.replace(/[ \t\r\n\f]+/g, " ");
  const { line } = layout;
  if (words === "" || words === " ") {
    layout.space ||= words === " ";
    line.leaves.push(node);
    return place.mark;
  }
  if ((layout.space || words.startsWith(" ")) && !line.endsInSpace) add(line, " ");
  if (line.blank) Object.assign(line, { inQuote: place.inQuote, signed: place.signed });
  add(line, place.pre ? words : words.trim());
  line.leaves.push(node);
  layout.space = words.endsWith(" ");
  if (place.mark && words.trim() !== "") {
    line.mark ??= place.mark;
    return null;
  }
  return place.mark;
}

/** A text node over several lines is cut, so that each line has its own leaf. */
function putPreformatted(layout: Layout, node: Text, place: Place): LineMark | null {
  const pieces = node.data.split(/(?<=\n)/).map((piece) => new Text(piece));
  for (const piece of pieces) piece.parent = node.parent;
  if (node.parent) node.parent.children = node.parent.children.flatMap((child) => (child === node ? pieces : [child]));
  let mark = place.mark;
  for (const piece of pieces) {
    add(layout.line, piece.data.replace(/\r?\n$/, ""));
    Object.assign(layout.line, { inQuote: place.inQuote, signed: place.signed });
    layout.line.leaves.push(piece);
    if (mark && piece.data.trim() !== "") {
      layout.line.mark ??= mark;
      mark = null;
    }
    if (piece.data.endsWith("\n")) endLine(layout);
  }
  return mark;
}

function startLine(layout: Layout, spaced: boolean): void {
  if (!layout.line.blank) endLine(layout);
  layout.space = false;
  const last = layout.lines.at(-1);
  if (spaced && last && last.text !== "") layout.lines.push({ text: "", ...PLAIN, leaves: [] });
}

function endLine(layout: Layout, inQuote = false): void {
  const { pieces, blank, endsInSpace: _, ...line } = layout.line;
  layout.lines.push({ ...line, text: blank ? "" : pieces.join(""), inQuote: line.inQuote || (blank && inQuote) });
  layout.line = newDraft();
  layout.space = false;
}
