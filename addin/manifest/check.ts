import { readFile } from "node:fs/promises";
import { iconMistakes } from "./icons.ts";
import { manifestFile } from "./manifest.ts";
import { rules } from "./rules.ts";
import { schemaMistakes } from "./schema.ts";
import { shapeMistakes } from "./shapes.ts";
import { parseTree } from "./tree.ts";

/** Everything that is wrong with a manifest, each as a sentence. */
export function mistakesIn(xml: string): string[] {
  const root = parseTree(xml);
  if (typeof root === "string") return [root];
  return [...shapeMistakes(root), ...rules.flatMap((rule) => rule(root))];
}

/** `node addin/manifest/check.ts [manifest.xml]` */
async function main(file: string) {
  const xml = await readFile(file, "utf8");
  const bySchema = await schemaMistakes(xml);
  const mistakes = [...mistakesIn(xml), ...(bySchema ?? []), ...(await iconMistakes(xml))];
  for (const mistake of mistakes) process.stdout.write(`${mistake}\n`);
  if (mistakes.length > 0) {
    process.exitCode = 1;
    return;
  }
  const schemas = bySchema
    ? "our rules and Microsoft's schemas"
    : "our rules (skipped: Microsoft's schemas are not here)";
  process.stdout.write(`The manifest agrees with ${schemas}.\n`);
}

if (import.meta.main) await main(process.argv[2] ?? manifestFile);
