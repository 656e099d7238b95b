import { MOBILE_SIGNATURE } from "../words/mobile-signatures.ts";
import { FORWARD_SEPARATOR, ORIGINAL_SEPARATOR } from "../words/separators.ts";
import { attributionAt } from "./attribution.ts";
import { headerBlockAt } from "./header-block.ts";
import { isBlank, isMarked, isQuoted, type Line } from "./lines.ts";

/** A letter has fewer lines; what follows in a longer text is as new as the last line that was looked at. */
const MAX_LINES = 50_000;

/**
 * Which lines are new words (true) and which are history or signature (false). One reading for text and HTML.
 * Where nothing would be new, everything is: a mail is never shown empty.
 */
export function newLines(all: readonly Line[]): boolean[] {
  const lines = all.slice(0, MAX_LINES);
  const fresh = lines.map(() => true);
  const history = historyStart(lines);
  fresh.fill(false, history);
  foldSignatures(lines, fresh, history);
  foldOrnaments(lines, fresh, history);
  foldQuotes(lines, fresh, history);
  const anyNew = lines.some((line, i) => fresh[i] && !isBlank(line));
  return all.map((_, i) => !anyNew || (fresh[i] ?? fresh.at(-1) ?? true));
}

/** Where history begins that goes on to the end: a separator, a header block, or a line above words that are not marked. */
function historyStart(lines: readonly Line[]): number {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line?.mark === "history") return withRuleAbove(lines, i);
    if (!line || isQuoted(line) || isBlank(line)) continue;
    if (startsHistory(lines, i)) return withRuleAbove(lines, i);
  }
  return lines.length;
}

function startsHistory(lines: readonly Line[], i: number): boolean {
  const text = lines[i]?.text ?? "";
  const next = nextFilled(lines, i + 1);
  if (ORIGINAL_SEPARATOR.test(text) || FORWARD_SEPARATOR.test(text)) return !isAnsweredBelow(lines, next);
  if (headerBlockAt(lines, i)) return true;
  const attribution = attributionAt(lines, i);
  if (!attribution?.strong) return false;
  const below = lines[nextFilled(lines, attribution.end)];
  return below === undefined || !isQuoted(below);
}

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
function foldQuotes(lines: readonly Line[], fresh: boolean[], history: number): void {
  const blocks = quoteBlocks(lines, history);
  const inBlock = lines.map(() => false);
  for (const { start, end } of blocks) inBlock.fill(true, start, end);
  const last = lines.findLastIndex((line, i) => i < history && fresh[i] === true && !inBlock[i] && !isBlank(line));
  const answered = blocks.filter(({ start }) => start < last);
  for (const { start, quote, end } of blocks) {
    const attributed = start < quote;
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
  for (let start = last; start >= Math.max(floor, last - 4) && !isBlankAt(lines, start); start--) {
    const end = attributionAt(lines, start)?.end ?? -1;
    if (end > last) found = start; // the last one found begins where it opens
  }
  if (found < quote) return found;
  const text = lines[last]?.text ?? "";
  return last >= floor && (ORIGINAL_SEPARATOR.test(text) || FORWARD_SEPARATOR.test(text)) ? last : quote;
}

/** `-- ` (RFC 3676, 4.3), what gateways make of it, and the lines that phones add. */
const SIGNATURE_MARK = /^\s{0,2}(--|—|––|_{2,40})[ \u00a0]*$/;

/** A signature goes on to the next quote or to the end; a phone's line ends with its paragraph. */
function foldSignatures(lines: readonly Line[], fresh: boolean[], history: number): void {
  const tail = tailStart(lines, fresh, history);
  let above = false;
  for (let i = 0; i < history; i++) {
    if (!fresh[i] || isBlankAt(lines, i) || isQuotedAt(lines, i)) continue;
    const text = lines[i]?.text ?? "";
    if (lines[i]?.mark === "signature" || (above && SIGNATURE_MARK.test(text))) {
      while (i < history && fresh[i] && !isQuotedAt(lines, i)) fresh[i++] = false;
    } else if (above && i >= tail && MOBILE_SIGNATURE.test(text)) {
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
    if (!fresh[i] || isBlankAt(lines, i) || MOBILE_SIGNATURE.test(lines[i]?.text ?? "")) continue;
    if (++following === 4) return i;
  }
  return 0;
}

const isBlankAt = (lines: readonly Line[], i: number) => (lines[i]?.text ?? "").trim() === "";
function isQuotedAt(lines: readonly Line[], i: number): boolean {
  const line = lines[i];
  return line !== undefined && !isBlank(line) && (isQuoted(line) || isWrappedTail(lines, i));
}

/** Programs that wrap what they quote leave the end of a long line without its mark, in the middle of a sentence. */
function isWrappedTail(lines: readonly Line[], i: number): boolean {
  const [above, line, below] = [lines[i - 1], lines[i], lines[i + 1]];
  if (!above || !line || !below || !isMarked(above) || !isMarked(below)) return false;
  return above.text.length >= 60 && /[\p{L}\d,]\s*$/u.test(above.text.slice(-10)) && /^\p{Ll}/u.test(line.text);
}
function nextFilled(lines: readonly Line[], start: number): number {
  let i = start;
  while (i < lines.length && isBlankAt(lines, i)) i++;
  return i;
}
