import { isBlank, isQuoted, type Line } from "./lines.ts";
import type { Occasion } from "./split.ts";

/** `-- ` (RFC 3676, 4.3), and what gateways make of it. */
export const isSignatureMark = ({ text }: Line) => /^\s{0,2}(--|—|––|_{2,40})[ \u00a0]*$/.test(text);

/** With the longest disclaimer; more below dashes is a list or a log. */
const MOST_LINES = 120;

/**
 * Where the signature ends that dashes announce at `mark`, or `mark` where what follows is no signature but the writer's
 * words: people write such dashes above lists, tables and SQL, and a letter's signature is its end.
 */
export function signatureEnd(lines: readonly Line[], mark: number, history: number, occasion: Occasion): number {
  const below = lines[nextFilled(lines, mark + 1)];
  if (below?.signed) return mark + 1;
  let end = mark + 1;
  while (end < history && end - mark <= MOST_LINES && !isStop(lines, end)) end++;
  if (end - mark > MOST_LINES || (occasion === "letter" && isQuotedAt(lines, end, history))) return mark;
  const paragraphs = paragraphsOf(lines.slice(mark + 1, end));
  const isRule = !/^\s*--\s*$/.test(lines[mark]?.text ?? "");
  const own = paragraphs.some(isOwn) || isLetterBelow(paragraphs) || (isRule && paragraphs.some(holdsSentence));
  return own || announces(lines, mark) ? mark : end;
}

function isStop(lines: readonly Line[], i: number): boolean {
  const [line, above] = [lines[i], lines[i - 1]];
  if (!line || isQuoted(line)) return true;
  return above !== undefined && isBlank(above) && POSTSCRIPT.test(line.text);
}

const isQuotedAt = (lines: readonly Line[], i: number, history: number) => i < history && isQuoted(lines[i] as Line);

const POSTSCRIPT = /^\s{0,3}(?:p\.?\s?s\.?|p\.?\s?p\.?\s?s\.?|n\.?\s?b\.?)\s{0,2}[:.–-]?\s/i;

/** "This query is slow:" and then the dashes. */
function announces(lines: readonly Line[], mark: number): boolean {
  let above = mark - 1;
  while (above >= 0 && isBlank(lines[above] as Line)) above--;
  return /[:：]\s*$/.test(lines[above]?.text ?? "");
}

function paragraphsOf(lines: readonly Line[]): string[][] {
  const paragraphs: string[][] = [[]];
  for (const line of lines) {
    if (!isBlank(line)) paragraphs.at(-1)?.push(line.text.trim());
    else if (paragraphs.at(-1)?.length !== 0) paragraphs.push([]);
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

const LIST = /^(?:[-*•–+]\s|\d{1,4}\s?[.)x×]?\s|\d{1,3}[.)])/;

/** A question, a list, another pair of dashes. */
const isOwn = (paragraph: string[]) =>
  paragraph.some((line) => /[?？؟]["”»)]?$/.test(line) && !/\bhttps?:\/\/\S{0,2000}$/.test(line)) ||
  paragraph.some((line) => /^(--|—|––|_{2,40})$/.test(line)) ||
  (paragraph.length > 1 && paragraph.filter((line) => LIST.test(line)).length > paragraph.length / 2);

/** Sentences, and then a name or a farewell on a line of its own: so ends a letter, and no signature. */
function isLetterBelow(paragraphs: string[][]): boolean {
  const last = paragraphs.at(-1) ?? [];
  const before = paragraphs.slice(0, -1);
  const signs = last.length <= 2 && last.every((line) => /^[\p{L}\p{M} .,'’!-]{1,40}$/u.test(line));
  return signs && before.some((paragraph) => paragraph.some((line) => /\p{Ll}[.!]$/u.test(line) && isSentence(line)));
}

/** Below another rule than RFC 3676's a sentence is a word of the writer. */
const holdsSentence = (paragraph: string[]) => paragraph.some((line) => /[.!]$/.test(line) && isSentence(line, 5));

const isSentence = (line: string, words = 4) => line.length < 300 && line.split(/\s+/).length >= words;

function nextFilled(lines: readonly Line[], start: number): number {
  let i = start;
  while (i < lines.length && isBlank(lines[i] as Line)) i++;
  return i;
}
