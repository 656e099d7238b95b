/** The desk's sentences: said in English, and recognised again where they leave for a reader of another language. */
import { type Said, type SentenceCode, sentences } from "./contract/sentences.ts";

export const say = (code: SentenceCode, ...parts: (string | number)[]) =>
  sentences[code].replace(/\{(\d)\}/g, (_, at) => String(parts[at]));

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Up to the end, or to where the next begins. */
const patterns = Object.entries(sentences).map(([code, text]) => ({
  code,
  pattern: new RegExp(
    `^${text
      .split(/\{\d\}/)
      .map(escaped)
      .join("(.+?)")}(?: (?=\\S)|$)`,
    "s",
  ),
}));

/** What is none of ours, because an older desk wrote it or because it comes from elsewhere, stays as it is. */
export function saidOf(text: string): Said {
  if (text === "") return [];
  const found = patterns.flatMap(({ code, pattern }) => {
    const [whole, ...parts] = pattern.exec(text) ?? [];
    return whole ? [{ code, whole, parts }] : [];
  });
  // A longer one has another sentence in its gap.
  const [first] = found.toSorted((one, other) => one.whole.length - other.whole.length);
  if (!first) return [{ code: "other", parts: [], detail: text }];
  const { code, whole, parts } = first;
  return [{ code, parts, detail: whole.trimEnd() }, ...saidOf(text.slice(whole.length))];
}
