import { createHash } from "node:crypto";
import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Where the built pane is. */
export const addinBuild = join(root, ".data/build/addin");

/** Builds the pane, if what it is made of changed since it was built. Says whether it had to. */
export async function buildAddin(): Promise<boolean> {
  const stamp = join(addinBuild, ".built-from");
  const fingerprint = await fingerprintOfSources();
  if ((await readFile(stamp, "utf8").catch(() => "")) === fingerprint) return false;

  // Loaded only when there is something to build: vite takes longer to load than the rest of the desk.
  const [{ build }, { builds }] = await Promise.all([import("vite"), import("./vite.config.ts")]);
  for (const each of builds) await build(each);
  await compressAssets();
  await writeFile(stamp, fingerprint);
  return true;
}

/** The preview shows the portal's own component, and answers are read with the desk's contract: both are inputs too. */
async function fingerprintOfSources(): Promise<string> {
  const hash = createHash("sha256");
  const sources = ["addin", "portal", "server/desk/contract"].map(
    (folder) => `${folder}/**/*.{ts,tsx,css,html,json,png,svg}`,
  );
  const names = await Array.fromAsync(glob([...sources, "package-lock.json"], { cwd: root }));
  for (const name of names.sort()) hash.update(name).update(await readFile(join(root, name)));
  return hash.digest("hex");
}

/** Each asset also compressed once, so that no request pays for it. */
async function compressAssets() {
  const names = await Array.fromAsync(glob("assets/*.{js,css}", { cwd: addinBuild }));
  await Promise.all(
    names.map(async (name) => {
      const content = await readFile(join(addinBuild, name));
      const [small, smaller] = await Promise.all([
        promisify(gzip)(content, { level: 9 }),
        promisify(brotliCompress)(content),
      ]);
      await Promise.all([
        writeFile(join(addinBuild, `${name}.gz`), small),
        writeFile(join(addinBuild, `${name}.br`), smaller),
      ]);
    }),
  );
}

if (import.meta.main) {
  const built = await buildAddin();
  process.stdout.write(built ? "The pane was built.\n" : "The pane is up to date.\n");
}
