import { decodeAs, decodeText, knownCharset } from "./charset.ts";

/** RFC 2047, and what is written instead of it: blanks in the words, a language (RFC 2231, 5), a missing end at the end. */
const WORD = /=\?([^?*\s]{0,60})(?:\*[^?]{0,20})?\?([bq])\?([^?\r\n]*)(?:\?=|$)/gi;

type Word = { charset: string; bytes: Buffer };

/** A header value as people read it: encoded words decoded, the rest as it is. */
export function decodeWords(value: string): string {
  return replaceRuns(value, (words) => joinWords(words));
}

/** The same words in UTF-8 only, one per run, still encoded: for a parser whose structure must not meet decoded signs. */
export function recodeWords(value: string): string {
  return replaceRuns(value, (words) => `=?utf-8?B?${Buffer.from(joinWords(words)).toString("base64")}?=`);
}

/** Runs of adjacent words are replaced as one: writers cut multi-byte characters in two, and the blanks between words are none (RFC 2047, 6.2). */
function replaceRuns(value: string, replace: (words: Word[]) => string): string {
  if (!value.includes("=?")) return value;
  let result = "";
  let run: Word[] = [];
  let end = 0;
  const flush = () => {
    if (run.length) result += replace(run);
    run = [];
  };
  for (const match of value.matchAll(WORD)) {
    const between = value.slice(end, match.index);
    if (run.length === 0 || between.trim() !== "") {
      flush();
      result += between;
    }
    run.push(asWord(match));
    end = match.index + match[0].length;
  }
  flush();
  return result + value.slice(end);
}

function asWord([, charset = "", encoding = "", encoded = ""]: RegExpMatchArray): Word {
  const bytes = encoding.toLowerCase() === "b" ? Buffer.from(encoded, "base64") : decodeQ(encoded);
  return { charset: charset.toLowerCase(), bytes };
}

const decodeQ = (encoded: string) =>
  Buffer.from(
    encoded
      .replaceAll("_", " ")
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );

function joinWords(words: Word[]): string {
  let text = "";
  for (let i = 0; i < words.length; ) {
    const { charset } = words[i] ?? { charset: "" };
    const same: Buffer[] = [];
    for (; words[i]?.charset === charset; i++) same.push(words[i]?.bytes ?? Buffer.alloc(0));
    text += decodeSame(Buffer.concat(same), charset, same);
  }
  return text;
}

/** Words that shift state (ISO-2022, UTF-7) begin afresh each time; the others may be cut anywhere. */
function decodeSame(joined: Buffer, charset: string, single: Buffer[]): string {
  const known = knownCharset(charset);
  if (known && /^(iso-2022|utf-7)/.test(known)) return single.map((bytes) => decodeAs(bytes, known)).join("");
  return decodeText(joined, charset).text;
}
