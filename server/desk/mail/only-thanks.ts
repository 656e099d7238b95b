/**
 * Whether new words of a mail only thank. Judged the careful way round: every word must belong to a phrase that is known
 * to carry nothing else, so whatever is not understood brings the ticket back.
 */
import { thanksIn } from "./reading/words/thanks.ts";

/** A longer text says something, whatever it says. */
const longest = 300;

export function onlyThanks(words: string, names: readonly string[] = []): boolean {
  const text = plain(words);
  if (text.length === 0 || text.length > longest) return false;
  let thanks = false;
  for (let at = 0; at < text.length; ) {
    const phrase = longestAt(text, at, wordsOf(names));
    if (!phrase) return false;
    thanks ||= phrase.thanks;
    at += phrase.length;
  }
  return thanks;
}

/** The signs that people put around thanks. A question mark, a digit, a sad face are not among them. */
const decoration =
  /[\s!.,;·•…~*_"'’“”„«»()\-–—。、，！．·]|:-?\)|;-?\)|[👍🙏😊🙂😀😃😄😁☺❤🎉💐👏💯]|[\u{1f3fb}-\u{1f3ff}\ufe0f]/gu;

/** Lower-case words with one blank between them. */
const plain = (words: string) =>
  words.normalize("NFKC").toLowerCase().replace(decoration, " ").replace(/ +/g, " ").trim();

const wordsOf = (names: readonly string[]) => new Set(names.flatMap((name) => plain(name).split(" ")));

type Phrase = { length: number; thanks: boolean };

/** The longest known phrase that begins here, with the blank behind it. */
function longestAt(text: string, at: number, names: ReadonlySet<string>): Phrase | null {
  const name = text.slice(at).split(" ", 1)[0] ?? "";
  const found: Phrase[] = names.has(name) ? [{ length: name.length, thanks: false }] : [];
  for (const { pattern, thanks } of phrases) {
    pattern.lastIndex = at;
    const length = pattern.exec(text)?.[0].length ?? 0;
    if (length > 0) found.push({ length, thanks });
  }
  const [best] = found.sort((one, other) => other.length - one.length || Number(other.thanks) - Number(one.thanks));
  return best ? { ...best, length: best.length + Number(text[at + best.length] === " ") } : null;
}

/** Where words are written without blanks between them, a phrase may end anywhere. */
const unspaced = ["ja", "zh"];

const phrases = Object.entries(thanksIn).flatMap(([language, { thanks, around }]) => {
  const end = unspaced.includes(language) ? "" : "(?= |$)";
  const pattern = (source: string) => new RegExp(`(?:${source})${end}`, "uy");
  return [
    ...thanks.map((source) => ({ pattern: pattern(source), thanks: true })),
    ...around.map((source) => ({ pattern: pattern(source), thanks: false })),
  ];
});
