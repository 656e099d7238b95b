import type { HeaderLabel } from "../words/header-labels.ts";
import { colonlessBlockAt, headerBlockAt } from "./header-block.ts";
import { readRunOnBlock } from "./run-on-block.ts";

/** Another mail's header below a separator, in every shape that programs write there; it names who wrote that mail. */
export function headerBelowSeparator(
  lines: readonly { text: string }[],
  start: number,
): Partial<Record<HeaderLabel, string>> | null {
  const fields =
    headerBlockAt(lines, start)?.fields ??
    colonlessBlockAt(lines, start)?.fields ??
    readRunOnBlock(lines[start]?.text ?? "");
  return fields?.from === undefined ? null : fields;
}
