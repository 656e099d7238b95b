import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: folder("."),
  base: "/addin/",
  configFile: false,
  publicDir: folder("public"),
  logLevel: "warn",
  oxc: { jsx: { runtime: "automatic" } },
  build: {
    outDir: folder("../.data/build/addin"),
    emptyOutDir: true,
    // Outlook on the web and new Outlook run an evergreen Chromium, Mac's WebKit follows the system.
    target: ["chrome120", "safari17", "firefox121"],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Fluent marks its files "use client" for servers that render; nothing renders on a server here.
      onLog: (level, log, defaultHandler) =>
        log.code === "MODULE_LEVEL_DIRECTIVE" ? undefined : defaultHandler(level, log),
      input: { pane: folder("pane.html"), redirect: folder("redirect.html"), relay: folder("relay.html") },
    },
    // Fluent's basics are most of it; the promise is 220 kB compressed, which test/pane/size.test.ts keeps.
    chunkSizeWarningLimit: 900,
  },
});
