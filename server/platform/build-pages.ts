/** Makes a folder of pages with Vite, when what they are made of has changed. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const vite = createRequire(import.meta.url)
  .resolve("vite/package.json")
  .replace(/package\.json$/, "bin/vite.js");

type Pages = {
  /** The folder that is served. */
  output: string;
  /** Globs below the repository's root of everything the pages are made of. */
  sources: string[];
  config: string;
  /** Vite's modes, one build for each. */
  modes?: string[];
  finish?: (folder: string) => Promise<void>;
};

/** Says whether it had to build. */
export async function buildPages({ output, sources, config, modes = ["production"], finish }: Pages): Promise<boolean> {
  const fingerprint = await fingerprintOf([...sources, "package-lock.json"]);
  if ((await readFile(join(output, ".built-from"), "utf8").catch(() => "")) === fingerprint) return false;

  // Beside the place and then into it: a page that is being served, or built by a second process, stays whole.
  const fresh = `${output}.${process.pid}`;
  for (const mode of modes) await runVite(["build", "--config", config, "--mode", mode, "--outDir", fresh]);
  await finish?.(fresh);
  await writeFile(join(fresh, ".built-from"), fingerprint);
  await rm(output, { recursive: true, force: true });
  await rename(fresh, output);
  return true;
}

/** In a process of its own: the bundler is native code that does not bear being loaded into a test's realm. */
async function runVite(args: string[]) {
  // Tests set NODE_ENV to "test", for which React would be built with all its warnings, and slower.
  const env = { ...process.env, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, [vite, ...args], { cwd: root, env });
}

async function fingerprintOf(globs: string[]) {
  const hash = createHash("sha256");
  for (const name of globSync(globs, { cwd: root }).sort()) hash.update(name).update(await readFile(join(root, name)));
  return hash.digest("hex");
}
