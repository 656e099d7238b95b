import { isMobileSignature } from "../words/mobile-signatures.ts";
import { isReplyMarker } from "../words/reply-markers.ts";
import { ANY_SEPARATOR, FORWARD_SEPARATOR, ORIGINAL_SEPARATOR } from "../words/separators.ts";
import { attributionAt } from "./attribution.ts";
import { headerBelowSeparator } from "./below-separator.ts";
import { headerBlockAt } from "./header-block.ts";
import { isBlank, isMarked, isQuoted, type Line } from "./lines.ts";
import { readsAsRunOn } from "./run-on-block.ts";
import { isSignatureMark, signatureEnd } from "./signature.ts";

/**
 * Why a mail was written. A `letter` answers and hands on nothing: what looks like history in it are its writer's own words
 * (a form, a log, "From: hall B"), unless a mail program marked it.
 */
export type Occasion = "letter" | "answer";

/** A letter has fewer lines; what follows in a longer text is as new as the last line that was looked at. */
const MAX_LINES = 50_000;

/**
 * Which lines are new words (true) and which are history or signature (false). One reading for text and HTML.
 * Where nothing would be new, everything is: a mail is never shown empty.
 */
export function newLines(all: readonly Line[], occasion: Occasion): boolean[] {
  const lines = all.slice(0, MAX_LINES);
  const fresh = lines.map(() => true);
  const history = historyStart(lines, occasion);
  fresh.fill(false, history);
  foldSignatures(lines, fresh, history, occasion);
  foldOrnaments(lines, fresh, history);
  foldQuotes(lines, fresh, history, occasion);
  const anyNew = lines.some((line, i) => fresh[i] && !isBlank(line));
  return all.map((_, i) => !anyNew || (fresh[i] ?? fresh.at(-1) ?? true));
}

/** Where history begins that goes on to the end: a separator, a header block, or a line above words that are not marked. */
function historyStart(lines: readonly Line[], occasion: Occasion): number {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line?.mark === "history" && (occasion === "answer" || isMadeByProgram(lines, i)))
      return withRuleAbove(lines, i);
    if (!line || isQuoted(line) || isBlank(line)) continue;
    if (occasion === "answer" ? startsHistory(lines, i) : startsForward(lines, i)) return withRuleAbove(lines, i);
  }
  return lines.length;
}

/** Whether a mail program marked where history begins, and it does: then the words of the plain text go on to the same place. */
export const marksHistory = (lines: readonly Line[]) =>
  lines.some((line, i) => line.mark === "history" && isMadeByProgram(lines, i));

/** Another mail's header, or the line above it, stands within the first lines. */
function isMadeByProgram(lines: readonly Line[], start: number, end = lines.length): boolean {
  let filled = 0;
  for (let i = start; i < end && filled < 3; i++) {
    const line = lines[i];
    if (!line || isBlank(line)) continue;
    const bare = [
      { ...line, text: line.text.replace(/^(?:\s{0,3}>){1,20}\s?/, ""), inQuote: false },
      ...lines.slice(i + 1, i + 9),
    ];
    if (headerBlockAt(lines, i) || attributionAt(bare, 0)?.strong || isSeparator(line.text)) return true;
    filled++;
  }
  return false;
}

const isSeparator = (text: string) => ORIGINAL_SEPARATOR.test(text) || FORWARD_SEPARATOR.test(text);

function startsHistory(lines: readonly Line[], i: number): boolean {
  const text = lines[i]?.text ?? "";
  const next = nextFilled(lines, i + 1);
  if (isSeparator(text)) return !isAnsweredBelow(lines, next);
  if (isReplyMarker(text) || readsAsRunOn(text)) return true;
  if (headerBlockAt(lines, i)) return true;
  if (ANY_SEPARATOR.test(text) && headerBelowSeparator(lines, next)) return true;
  const attribution = attributionAt(lines, i);
  if (!attribution?.strong) return false;
  const below = lines[nextFilled(lines, attribution.end)];
  return below === undefined || !isQuoted(below);
}

/** In a letter, too, a program's "Forwarded message" above another mail's header hands that on. */
const startsForward = (lines: readonly Line[], i: number) =>
  FORWARD_SEPARATOR.test(lines[i]?.text ?? "") && headerBelowSeparator(lines, nextFilled(lines, i + 1)) !== null;

/** Marked lines below a separator, and unmarked ones below these: the answer stands at the bottom. */
function isAnsweredBelow(lines: readonly Line[], start: number): boolean {
  let i = start;
  while (i < lines.length && (isQuotedAt(lines, i) || isBlankAt(lines, i))) i++;
  return i > start && i < lines.length && isQuotedAt(lines, start);
}

/** Outlook draws a line of underscores above its block. */
function withRuleAbove(lines: readonly Line[], start: number): number {
  let above = start - 1;
  while (above >= 0 && isBlankAt(lines, above)) above--;
  return /^\s*[-_=*]{4,}\s*$/.test(lines[above]?.text ?? "") ? above : start;
}

type Block = { start: number; quote: number; end: number };

/**
 * Marked quotes at the bottom are history, and so is one whole quote with the answer around or below it. Several quotes
 * with answers between them stay, for what they answer; the lines that say who wrote them go.
 */
function foldQuotes(lines: readonly Line[], fresh: boolean[], history: number, occasion: Occasion): void {
  const all = quoteBlocks(lines, history);
  const blocks = occasion === "answer" ? all : all.filter(({ start, end }) => isMadeByProgram(lines, start, end));
  const inBlock = lines.map(() => false);
  for (const { start, end } of blocks) inBlock.fill(true, start, end);
  const last = lines.findLastIndex((line, i) => i < history && fresh[i] === true && !inBlock[i] && !isBlank(line));
  const answered = blocks.filter(({ start }) => start < last);
  for (const { start, quote, end } of blocks) {
    const attributed = start < quote || (lines[quote]?.inQuote === true && isMadeByProgram(lines, quote, end));
    if (start > last || (attributed && answered.length === 1)) fresh.fill(false, start, end);
    else fresh.fill(false, start, quote);
  }
}

/** Runs of quoted lines, each with the line that says who wrote it. */
function quoteBlocks(lines: readonly Line[], history: number): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < history; i++) {
    if (!isQuotedAt(lines, i)) continue;
    const start = withAttributionAbove(lines, i, blocks.at(-1)?.end ?? 0);
    let end = i + 1;
    for (let j = end; j < history && (isQuotedAt(lines, j) || isBlankAt(lines, j)); j++)
      if (isQuotedAt(lines, j)) end = j + 1;
    blocks.push({ start, quote: i, end });
    i = end - 1;
  }
  return blocks;
}

function withAttributionAbove(lines: readonly Line[], quote: number, floor: number): number {
  let last = quote - 1;
  while (last >= floor && isBlankAt(lines, last)) last--;
  let found = quote;
  for (let start = last; start >= Math.max(floor, last - 8); start--) {
    const end = attributionAt(lines, start)?.end ?? -1;
    if (end > last) found = start; // the last one found begins where it opens
  }
  if (found < quote) return found;
  return last >= floor && isSeparator(lines[last]?.text ?? "") ? last : quote;
}

/** A signature's element ends where it ends; one below dashes goes on to the next quote; a phone's line ends with its paragraph. */
function foldSignatures(lines: readonly Line[], fresh: boolean[], history: number, occasion: Occasion): void {
  const tail = tailStart(lines, fresh, history);
  let above = false;
  for (let i = 0; i < history; i++) {
    const line = lines[i];
    if (!line || !fresh[i] || isBlank(line) || isQuotedAt(lines, i)) continue;
    if (line.signed) fresh[i] = false;
    else if (above && isSignatureMark(line)) {
      const end = signatureEnd(lines, i, history, occasion);
      for (let j = i; j < end; j++) fresh[j] &&= isQuotedAt(lines, j);
    } else if (above && i >= tail && isMobileSignature(line.text)) {
      while (i < history && fresh[i] && !isBlankAt(lines, i)) fresh[i++] = false;
    } else above = true;
  }
}

/** Rules and tracking dots below the last words. */
function foldOrnaments(lines: readonly Line[], fresh: boolean[], history: number): void {
  for (let i = history - 1; i >= 0; i--) {
    if (!fresh[i] || isBlankAt(lines, i)) continue;
    if (!/^[\s=*#~+_ᐧ—–-]+$/.test(lines[i]?.text ?? "")) return;
    fresh[i] = false;
  }
}

/** From here on only a few lines follow: "Sent from my desk to yours" within a letter stays. */
function tailStart(lines: readonly Line[], fresh: boolean[], history: number): number {
  let following = 0;
  for (let i = history - 1; i >= 0; i--) {
    if (!fresh[i] || isBlankAt(lines, i) || isMobileSignature(lines[i]?.text ?? "")) continue;
    if (++following === 4) return i;
  }
  return 0;
}

const isBlankAt = (lines: readonly Line[], i: number) => (lines[i]?.text ?? "").trim() === "";
function isQuotedAt(lines: readonly Line[], i: number): boolean {
  const line = lines[i];
  return line !== undefined && !isBlank(line) && (isQuoted(line) || isWrappedTail(lines, i));
}

/**
 * Programs that wrap what they quote leave the end of a long line without its mark: quoted lines stand directly above and
 * below, and it goes on in the middle of a sentence or of an address.
 */
function isWrappedTail(lines: readonly Line[], i: number): boolean {
  const [above, line, below] = [lines[i - 1], lines[i], lines[i + 1]];
  if (!above || !line || !below || !isMarked(above) || !isMarked(below) || above.text.length < 60) return false;
  const end = above.text.trimEnd();
  const inAddress = /\bhttps?:\/\/\S{1,2000}$/.test(end.slice(-2_000)) && /^[^\s\p{Lu}]\S*(?:\s|$)/u.test(line.text);
  return inAddress || (/[\p{L}\p{M}\d,(&/=–-]$/u.test(end) && /^[\p{Ll}\p{Lo}\d=&%#?/_.,)]/u.test(line.text));
}

function nextFilled(lines: readonly Line[], start: number): number {
  let i = start;
  while (i < lines.length && isBlankAt(lines, i)) i++;
  return i;
}
