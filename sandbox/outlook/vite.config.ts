import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: folder("."),
  base: "/outlook/",
  // The folder's own tsconfig.json is for checking types and names other projects; the bundler needs none of them.
  tsconfig: folder("tsconfig.bundle.json"),
  publicDir: false,
  logLevel: "error",
  build: {
    outDir: folder("../../.data/build/outlook"),
    emptyOutDir: true,
    // A page for people at a desk with today's browser; no reason to write it for yesterday's.
    target: "es2024",
    chunkSizeWarningLimit: 2000,
  },
});
