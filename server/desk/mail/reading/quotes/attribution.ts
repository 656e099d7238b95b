import { ATTRIBUTION_OPENING, QUOTING, WROTE_VERB } from "../words/attributions.ts";
import { isBlank, isMarked, type Line } from "./lines.ts";

/** The line above a quote. A weak one ("Ann wrote:") needs a quoted line below it to be believed. */
export type Attribution = { end: number; strong: boolean };

const MAX_LINES = 5;
/** …and where blank lines stand between them. */
const MAX_SPREAD = 9;
const MAX_LENGTH = 600;
const ADDRESS = /[^\s<>@"]{1,64}@[^\s<>@"]{2,255}/;
const CLOCK = /(?<!\p{Nd})\p{Nd}{1,2}[:.٫]\p{Nd}{2}(?!\p{Nd})/u;
const DATE =
  /(?<!\p{Nd})\p{Nd}{1,4}[./年-]\s?\p{Nd}{1,2}[./月-]\s?\p{Nd}{1,4}|(?<!\p{Nd})\p{Nd}{1,2}[:.]\p{Nd}{2}(?!\p{Nd})|(?<!\d)(19|20)\d{2}(?!\d)|(?<!\p{Nd})\p{Nd}{1,2}(st|nd|rd|th|\.)?\s\p{L}{3,}|\p{L}{3,}\.?\s\p{Nd}{1,2}(?!\p{Nd})/u;
const DATE_FIRST = /^([\p{L}\p{M}]{2,12}\.?,?\s)?\p{Nd}{1,4}(\.?\s|[./年-]|\s\p{L}{3,})/u;
const ADDRESS_FIRST = /^[^<>@:]{0,80}<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?/;

/** Reads "On Friday, Ann <ann@example.com> wrote:" and its kin in other languages at a line; mail programs wrap it. */
export function attributionAt(lines: readonly Line[], start: number): Attribution | null {
  const first = lines[start];
  if (!first || isBlank(first) || isMarked(first)) return null;
  let joined = "";
  let filled = 0;
  for (let end = start; end < Math.min(lines.length, start + MAX_SPREAD); end++) {
    const line = lines[end];
    if (!line || line.text.length > MAX_LENGTH) return null;
    if (isBlank(line)) {
      if (isOpen(joined) || /^\s*<\s*(?:mailto:)?/.test(nextFilled(lines, end)?.text ?? "")) continue;
      return null;
    }
    if (isMarked(line) && !isOpen(joined)) return null; // a ">" may close the address of the line above
    joined = `${joined} ${line.text.replace(BIDI, "").trim()}`.trim();
    if (++filled > MAX_LINES || joined.length > MAX_LENGTH) return null;
    if (end > start && !opens(first.text) && !isName(first.text, nextFilled(lines, start + 1)) && !isDated(first.text))
      return null;
    const found = isOpen(joined) ? null : judge(joined, end > start);
    if (found) return { end: end + 1, strong: found === "strong" };
  }
  return null;
}

/** Programs that write from right to left say where each direction begins and ends. */
const BIDI = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A date with a time, and hardly a word beside it. */
const isDated = (text: string) =>
  CLOCK.test(text) &&
  DATE.test(text) &&
  (text.replace(/[<(]{1,2}[^<>()]{0,320}[>)]{1,2}/g, " ").match(/[\p{L}\p{M}]+/gu)?.length ?? 0) <= 8;

/** An address begins that does not end. */
const isOpen = (joined: string) => /<[^<>]*$/.test(joined);

function nextFilled(lines: readonly Line[], start: number): Line | undefined {
  for (let i = start; i < Math.min(lines.length, start + 4); i++) {
    const line = lines[i];
    if (line && !isBlank(line)) return line;
  }
  return undefined;
}

const withoutRule = (text: string) => text.replace(BIDI, "").replace(/^[\s_=*–—-]{1,40}/, "");

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
  if (wordsBefore(text) > 0) return null;
  if (CLOSES.test(words)) {
    const [address, date, clock] = [ADDRESS.test(words), DATE.test(words), CLOCK.test(words)];
    const verb = WROTE_VERB.test(words);
    if ((verb && (address || (date && clock))) || (address && QUOTING.test(words))) return "strong";
    // Gmail in languages without a verb, or with one that nobody lists: "2020年3月12日(木) 10:00 Ann <ann@example.com>:"
    if (address && date && clock && (ADDRESS_LAST.test(words) || isBare(words))) return "strong";
    if (verb && !wrapped && words.length < 120) return "weak";
    if (verb && date && opens(text)) return "weak";
  }
  // Gmail of old: "2013/7/20 Ann <ann@example.com>", "2016-03-03 17:21 GMT+01:00 Ann"
  if (GMAIL_DATE.test(words)) return /<[^\s<>@]+@[^\s<>@]+>:?$/.test(words) ? "strong" : "weak";
  return null;
}

/** Hardly a word beside the date, the name and the address, which stands in brackets: no sentence. */
const isBare = (words: string) =>
  /[<(](?:mailto:)?[^\s<>()@]{1,64}@[^\s<>()@]{1,255}[>)]/.test(words) &&
  (words.replace(/[<(][^<>()]{0,320}[>)]/g, " ").match(/[\p{L}\p{M}]+/gu)?.length ?? 0) <= 12;

/** A person's words, then a rule or the end of a sentence, then the line: some programs lose the line end between. */
const RUN_ON = /(?:(?<=[^\s_–—-])\s{0,3}[-–—_]{2,20}\s{0,3}|(?<=[\p{Ll}\p{L}][.!?…]["”»)]?)\s{1,3})(?=\p{Lu})/gu;

/** How many characters of a line are a person's own, before the line above a quote begins in it; 0 where none are. */
export function wordsBefore(text: string): number {
  if (text.length > MAX_LENGTH || !CLOSES.test(text) || !ADDRESS.test(text)) return 0;
  for (const { index, 0: gap } of text.matchAll(RUN_ON)) {
    const rest = text.slice(index + gap.length);
    if (index > 0 && ATTRIBUTION_OPENING.test(rest) && WROTE_VERB.test(rest) && ADDRESS.test(rest) && DATE.test(rest))
      return index;
  }
  return 0;
}

const ADDRESS_LAST = /[<(][^<>()]{3,320}[>)]?\s{0,3}[>)]?\s{0,3}[:：]\s{0,3}$/;
const GMAIL_DATE = /^\d{4}[-/]\d{1,2}[-/]\d{1,2}(,? \d{1,2}:\d{2})?( GMT[+-]\d{1,2}:\d{2})? \p{L}[^:]{1,200}:?$/u;
