import { ATTRIBUTION_OPENING, WROTE_VERB } from "../words/attributions.ts";
import { isBlank, isMarked, type Line } from "./lines.ts";

/** How sure it is that what follows is history. A weak one needs a quoted line below it. */
export type Attribution = { end: number; strong: boolean };

const MAX_LINES = 5;
const MAX_LENGTH = 600;
const ADDRESS = /[^\s<>@"]{1,64}@[^\s<>@"]{2,255}/;
const DATE =
  /\b\d{1,4}[./年-]\s?\d{1,2}[./月-]\s?\d{1,4}|\b\d{1,2}[:.]\d{2}\b|\b(19|20)\d{2}\b|\b\d{1,2}(st|nd|rd|th)?\s\p{L}{3,}|\p{L}{3,}\.?\s\d{1,2}\b/u;
const CLOCK = /\b\d{1,2}[:.]\d{2}\b/;

/** Reads "On Friday, Ann <ann@example.com> wrote:" and its kin in other languages at a line; mail programs wrap it. */
export function attributionAt(lines: readonly Line[], start: number): Attribution | null {
  const first = lines[start];
  if (!first || isBlank(first) || isMarked(first) || first.inQuote) return null;
  let joined = "";
  for (let end = start; end < Math.min(lines.length, start + MAX_LINES); end++) {
    const line = lines[end];
    if (!line || isBlank(line) || isMarked(line)) return null;
    joined = `${joined} ${line.text.trim()}`.trim();
    if (joined.length > MAX_LENGTH) return null;
    const found = judge(joined, end > start);
    if (found) return { end: end + 1, strong: found === "strong" };
  }
  return null;
}

/** In these the colon may be missing or followed by a word. */
const CLOSES = /[:：]\s*[*_]{0,2}\s*$|(?:wrote|escribió|écrit|schrieb|写道|寫道)\s*[-–—.]{0,2}\s*$/i;

function judge(text: string, wrapped: boolean): "strong" | "weak" | null {
  if (!CLOSES.test(text)) return null;
  const [address, date, verb, opening] = [
    ADDRESS.test(text),
    DATE.test(text),
    WROTE_VERB.test(text),
    ATTRIBUTION_OPENING.test(text),
  ];
  if (verb && date && (address || opening || CLOCK.test(text))) return "strong";
  if (verb && address) return "strong";
  // Gmail in languages without a verb: "2020年3月12日(木) 10:00 Ann <ann@example.com>:"
  if (address && date && CLOCK.test(text) && /<[^<>]{3,320}>\s*[):：]{1,2}\s*$/.test(text)) return "strong";
  if (address && date && /^[\s*]*\d{4}-\d{2}-\d{2}/.test(text)) return "strong";
  return verb && !wrapped && text.length < 120 ? "weak" : null;
}
