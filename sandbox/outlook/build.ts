import { fileURLToPath } from "node:url";
import { buildPages } from "../../server/platform/build-pages.ts";

/** Where the built page is. */
export const outlookBuild = fileURLToPath(new URL("../../.data/build/outlook", import.meta.url));

/** Builds Outlook's page, if its sources changed since it was built. Says whether it had to. */
export const buildOutlook = () =>
  buildPages({
    output: outlookBuild,
    config: "sandbox/outlook/vite.config.ts",
    sources: [
      "sandbox/outlook/{index.html,vite.config.ts,tsconfig.bundle.json}",
      "sandbox/outlook/{host,page,graph}/**/*.{ts,tsx}",
    ],
  });
