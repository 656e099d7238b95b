import { type ChildNode, isTag } from "domhandler";
import { type LaidLine, type Page, wordsOf } from "../html/lay-out.ts";
import { serializeKept } from "../html/serialize.ts";
import { isBlank } from "./lines.ts";
import { newLines, type Occasion } from "./split.ts";

export type SplitHtml = { visibleHtml: string; quotedHtml: string; visible: string; quoted: string };

/** The new words of a page, and the rest, each as HTML and as text. */
export function splitHtml({ document, lines }: Page, occasion: Occasion): SplitHtml {
  const fresh = withoutSeparators(lines, newLines(lines, occasion));
  const kept = new Set<ChildNode>();
  for (const [i, line] of lines.entries()) if (fresh[i]) for (const leaf of line.leaves) kept.add(leaf);
  const pick = (wanted: boolean) => wordsOf(lines.filter((_, i) => fresh[i] === wanted));
  const anyQuoted = lines.some((line, i) => !fresh[i] && line.leaves.length > 0);
  return {
    visibleHtml: serializeKept(document.children, (leaf) => kept.has(leaf)),
    quotedHtml: anyQuoted ? serializeKept(document.children, (leaf) => !kept.has(leaf)) : "",
    visible: pick(true),
    quoted: pick(false),
  };
}

/** The rule and the empty lines between the last new words and the history go with the history; a picture is no separator. */
function withoutSeparators(lines: readonly LaidLine[], fresh: boolean[]): boolean[] {
  const says = (line: LaidLine) => !isBlank(line) || line.leaves.some((leaf) => isTag(leaf) && leaf.name === "img");
  const last = lines.findLastIndex((line, i) => fresh[i] === true && says(line));
  const historyFollows = fresh.includes(false, last + 1);
  return historyFollows ? fresh.map((isNew, i) => isNew && i <= last) : fresh;
}
