import type { Line } from "./lines.ts";
import { newLines } from "./split.ts";

/** The new words of plain text, and the rest in its order. */
export function splitText(lines: readonly Line[]): { visible: string; quoted: string } {
  const fresh = newLines(lines);
  const pick = (wanted: boolean) =>
    lines
      .filter((_, i) => fresh[i] === wanted)
      .map((line) => line.text)
      .join("\n")
      .replace(/^(?:[ \t]*\n)+|\s+$/g, "");
  return { visible: pick(true), quoted: pick(false) };
}
