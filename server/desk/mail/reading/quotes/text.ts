import { wordsBefore } from "./attribution.ts";
import { isBlank, type Line } from "./lines.ts";
import { newLines, type Occasion } from "./split.ts";

/** Plain text in lines. A line that holds a person's words and then the line above a quote is two. */
export const textLines = (text: string): Line[] =>
  text
    .split("\n")
    .flatMap(apart)
    .map((line) => ({ text: line, inQuote: false, mark: null, signed: false }));

function apart(line: string): string[] {
  const own = wordsBefore(line);
  return own === 0 ? [line] : [line.slice(0, own), line.slice(own)];
}

/** The new words of plain text, and the rest in its order. */
export function splitText(lines: readonly Line[], occasion: Occasion): { visible: string; quoted: string } {
  const fresh = newLines(lines, occasion);
  const pick = (wanted: boolean) => withoutBlankEnds(lines.filter((_, i) => fresh[i] === wanted));
  return { visible: pick(true), quoted: pick(false) };
}

/** Without blank lines above and below; the first line keeps its indent. */
function withoutBlankEnds(lines: readonly Line[]): string {
  const first = lines.findIndex((line) => !isBlank(line));
  if (first < 0) return "";
  return lines
    .slice(first)
    .map((line) => line.text)
    .join("\n")
    .trimEnd();
}
