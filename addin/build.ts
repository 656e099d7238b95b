import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { buildPages } from "../server/platform/build-pages.ts";

/** Where the built pane is. */
export const addinBuild = fileURLToPath(new URL("../.data/build/addin", import.meta.url));

/** Builds the pane, if what it is made of changed since it was built. Says whether it had to. */
export const buildAddin = () =>
  buildPages({
    output: addinBuild,
    config: "addin/vite.config.ts",
    modes: ["pane", "windows"],
    // The preview shows the portal's own component, and answers are read with the desk's contract: both are inputs too.
    sources: ["addin", "portal", "server/desk/contract"].map(
      (folder) => `${folder}/**/*.{ts,tsx,js,css,html,json,png,svg}`,
    ),
    finish: compressAssets,
  });

/** Each asset also compressed once, so that no request pays for it. */
async function compressAssets(folder: string) {
  const names = await Array.fromAsync(glob("assets/*.{js,css}", { cwd: folder }));
  await Promise.all(
    names.map(async (name) => {
      const content = await readFile(join(folder, name));
      const [small, smaller] = await Promise.all([
        promisify(gzip)(content, { level: 9 }),
        promisify(brotliCompress)(content),
      ]);
      await Promise.all([writeFile(join(folder, `${name}.gz`), small), writeFile(join(folder, `${name}.br`), smaller)]);
    }),
  );
}

if (import.meta.main) {
  const built = await buildAddin();
  process.stdout.write(built ? "The pane was built.\n" : "The pane is up to date.\n");
}
