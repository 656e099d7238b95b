import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where the built page is. */
export const outlookBuild = join(root, ".data/build/outlook");

/** Builds Outlook's page, if its sources changed since it was built. Says whether it had to. */
export async function buildOutlook(): Promise<boolean> {
  const stamp = join(outlookBuild, ".built-from");
  const fingerprint = await fingerprintOfSources();
  if ((await readFile(stamp, "utf8").catch(() => "")) === fingerprint) return false;

  // Loaded only when there is something to build: vite takes longer to load than the rest of the sandbox.
  const [{ build }, { default: config }] = await Promise.all([import("vite"), import("./vite.config.ts")]);
  await build({ ...config, configFile: false });
  await writeFile(stamp, fingerprint);
  return true;
}

async function fingerprintOfSources(): Promise<string> {
  const hash = createHash("sha256");
  const sources = globSync("{index.html,vite.config.ts,tsconfig.bundle.json,{host,page,graph}/**/*.{ts,tsx}}", {
    cwd: here,
  });
  const inputs = [...sources.sort().map((name) => join(here, name)), join(root, "package-lock.json")];
  for (const input of inputs) hash.update(input.slice(root.length)).update(await readFile(input));
  return hash.digest("hex");
}
