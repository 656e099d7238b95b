import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where the built page is. */
export const outlookBuild = join(root, ".data/build/outlook");

/** Builds Outlook's page, if its sources changed since it was built. Says whether it had to. */
export async function buildOutlook(): Promise<boolean> {
  const stamp = join(outlookBuild, ".built-from");
  const fingerprint = await fingerprintOfSources();
  if ((await readFile(stamp, "utf8").catch(() => "")) === fingerprint) return false;

  // Beside the place and then into it: a page that is being served, or built by a second process, stays whole.
  const fresh = `${outlookBuild}.${process.pid}`;
  const vite = createRequire(import.meta.url)
    .resolve("vite/package.json")
    .replace(/package\.json$/, "bin/vite.js");
  const args = ["build", here, "--config", join(here, "vite.config.ts"), "--outDir", fresh];
  // In a process of its own: the bundler is native code that does not bear being loaded into a test's realm.
  // Tests set NODE_ENV to "test", for which React would be built with all its warnings, and slower.
  await promisify(execFile)(process.execPath, [vite, ...args], { env: { ...process.env, NODE_ENV: "production" } });
  await writeFile(join(fresh, ".built-from"), fingerprint);
  await rm(outlookBuild, { recursive: true, force: true });
  await rename(fresh, outlookBuild);
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
