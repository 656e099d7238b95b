import { ATTRIBUTION_OPENING, WROTE_VERB } from "../words/attributions.ts";
import { isBlank, isMarked, type Line } from "./lines.ts";

/** The line above a quote. A weak one ("Ann wrote:") needs a quoted line below it to be believed. */
export type Attribution = { end: number; strong: boolean };

const MAX_LINES = 5;
const MAX_LENGTH = 600;
const ADDRESS = /[^\s<>@"]{1,64}@[^\s<>@"]{2,255}/;
const CLOCK = /(?<!\d)\d{1,2}[:.]\d{2}(?!\d)/;
const DATE =
  /(?<!\d)\d{1,4}[./年-]\s?\d{1,2}[./月-]\s?\d{1,4}|(?<!\d)\d{1,2}[:.]\d{2}(?!\d)|(?<!\d)(19|20)\d{2}(?!\d)|(?<!\d)\d{1,2}(st|nd|rd|th|\.)?\s\p{L}{3,}|\p{L}{3,}\.?\s\d{1,2}(?!\d)/u;
const DATE_FIRST = /^(\p{L}{2,12}\.?,?\s)?\d{1,4}(\.\s|[./年-]|\s\p{L}{3,})/u;
const ADDRESS_FIRST = /^[^<>@:]{0,80}<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?/;

/** Reads "On Friday, Ann <ann@example.com> wrote:" and its kin in other languages at a line; mail programs wrap it. */
export function attributionAt(lines: readonly Line[], start: number): Attribution | null {
  const first = lines[start];
  if (!first || isBlank(first) || isMarked(first)) return null;
  let joined = "";
  for (let end = start; end < Math.min(lines.length, start + MAX_LINES); end++) {
    const line = lines[end];
    if (!line || isBlank(line) || line.text.length > MAX_LENGTH) return null;
    if (isMarked(line) && !/<[^<>]*$/.test(joined)) return null; // a ">" may close the address of the line above
    joined = `${joined} ${line.text.trim()}`.trim();
    if (joined.length > MAX_LENGTH) return null;
    if (end > start && !opens(first.text) && !isName(first.text, lines[start + 1])) return null;
    const found = judge(joined, end > start);
    if (found) return { end: end + 1, strong: found === "strong" };
  }
  return null;
}

const withoutRule = (text: string) => text.replace(/^[\s_=*–—-]{1,40}/, "");

/** A name alone, with its address on the next line: it was too long for one. */
const isName = (text: string, below: Line | undefined) =>
  /^[\p{L}\p{M}][\p{L}\p{M} .,'’()-]{1,60}$/u.test(text.trim()) &&
  /^\s*<[^\s<>@]{1,64}@[^\s<>@]{1,255}>/.test(below?.text ?? "");

/** Begins as such lines do: with "On", with a date, or with who wrote. */
function opens(text: string): boolean {
  const words = withoutRule(text);
  return ATTRIBUTION_OPENING.test(words) || DATE_FIRST.test(words) || ADDRESS_FIRST.test(words);
}

/** Ends with a colon, or with the verb; Zoho and others draw dashes around. */
const CLOSES = /[:：]\s{0,3}[*_]{0,2}\s{0,3}$|(?:wrote|escribió|écrit|schrieb|写道|寫道)\s{0,3}[-–—.]{0,40}\s{0,3}$/i;

function judge(text: string, wrapped: boolean): "strong" | "weak" | null {
  const words = withoutRule(text);
  if (CLOSES.test(words)) {
    const [address, date] = [ADDRESS.test(words), DATE.test(words)];
    const verb = WROTE_VERB.test(words);
    if (verb && (address || (date && (opens(text) || CLOCK.test(words))))) return "strong";
    // Gmail in languages without a verb: "2020年3月12日(木) 10:00 Ann <ann@example.com>:"
    if (address && date && CLOCK.test(words) && ADDRESS_LAST.test(words)) return "strong";
    if (verb && !wrapped && words.length < 120) return "weak";
  }
  // Gmail of old: "2013/7/20 Ann <ann@example.com>", "2016-03-03 17:21 GMT+01:00 Ann"
  if (GMAIL_DATE.test(words)) return /<[^\s<>@]+@[^\s<>@]+>:?$/.test(words) ? "strong" : "weak";
  return null;
}

const ADDRESS_LAST = /[<(][^<>()]{3,320}[>)]?\s{0,3}[>)]?\s{0,3}[:：]\s{0,3}$/;
const GMAIL_DATE = /^\d{4}[-/]\d{1,2}[-/]\d{1,2}(,? \d{1,2}:\d{2})?( GMT[+-]\d{1,2}:\d{2})? \p{L}[^:]{1,200}:?$/u;
