import { isBlank, type Line } from "./lines.ts";
import { newLines } from "./split.ts";

/** The new words of plain text, and the rest in its order. */
export function splitText(lines: readonly Line[]): { visible: string; quoted: string } {
  const fresh = newLines(lines);
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
