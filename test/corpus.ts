/** Real mails with expected results, when they lie beside the repository. Their licences stay with them: nothing is copied. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const folder = fileURLToPath(new URL("../../shared/data/mail", import.meta.url));

const Manifest = z.array(z.object({ file: z.string(), format: z.string(), category: z.array(z.string()) }));

/** The whole mails of the corpus, or null when it is not there (the test that asks then says that it skipped). */
export function wholeMails() {
  const manifest = join(folder, "manifest.json");
  if (!existsSync(manifest)) return null;
  return Manifest.parse(JSON.parse(readFileSync(manifest, "utf8")))
    .filter(({ format }) => format === "rfc822")
    .map(({ file, category }) => ({ file, category, raw: readFileSync(join(folder, file)) }));
}
