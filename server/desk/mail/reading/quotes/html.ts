import type { ChildNode } from "domhandler";
import { type Page, wordsOf } from "../html/lay-out.ts";
import { serializeKept } from "../html/serialize.ts";
import { newLines } from "./split.ts";

export type SplitHtml = { visibleHtml: string; quotedHtml: string; visible: string; quoted: string };

/** The new words of a page, and the rest, each as HTML and as text. */
export function splitHtml({ document, lines }: Page): SplitHtml {
  const fresh = newLines(lines);
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
