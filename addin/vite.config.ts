import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The pane reads answers with zod and describes none: what zod brings for JSON Schema (6 kB) is replaced by nothing. */
const withoutJsonSchema: Plugin = {
  name: "without-json-schema",
  load(id) {
    if (!/\/zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/.test(id)) return;
    const names = readFileSync(id, "utf8").matchAll(/^export (?:const|function|class) (\w+)/gm);
    return Array.from(names, ([, name]) => `export const ${name} = () => undefined;`).join("\n");
  },
};

/** One build for each mode, so that the pane does not carry what only the sign-in's windows need. */
const pagesOf: Record<string, string[]> = { pane: ["pane"], windows: ["redirect", "relay"] };

export default defineConfig(({ mode }) => ({
  root: folder("."),
  base: "/addin/",
  publicDir: folder("public"),
  logLevel: "warn",
  plugins: [withoutJsonSchema],
  build: {
    outDir: folder("../.data/build/addin"),
    emptyOutDir: false,
    // Outlook on the web and new Outlook run an evergreen Chromium, Mac's WebKit follows the system.
    target: ["chrome120", "safari17", "firefox121"],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Fluent marks its files "use client" for servers that render; nothing renders on a server here.
      onLog: (level, log, defaultHandler) =>
        log.code === "MODULE_LEVEL_DIRECTIVE" ? undefined : defaultHandler(level, log),
      // What the first paint needs is one file: it compresses better (by 14 kB) and comes in one go. The windows of the sign-in
      // are two entries, which must not run each other's code.
      ...(mode === "pane" && { output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } } }),
      input: (pagesOf[mode] ?? []).map((name) => folder(`${name}.html`)),
    },
    // React and Fluent's basics are most of it; test/pane/served.test.ts keeps the promise of 220 kB compressed.
    chunkSizeWarningLimit: 900,
  },
}));
