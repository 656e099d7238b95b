import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The manifest as it lies in the repository, for the sandbox. */
export const manifestFile = fileURLToPath(new URL("../../manifest.xml", import.meta.url));

/** The origin that stands in the file; a deployment has its own. */
export const sandboxOrigin = "https://localhost:5444";

/** The manifest for a desk at another origin, such as `https://desk.example.com`. */
export async function manifestFor(origin: string): Promise<string> {
  return forOrigin(await readFile(manifestFile, "utf8"), origin);
}

export function forOrigin(manifest: string, origin: string): string {
  const parsed = URL.parse(origin);
  if (parsed?.protocol !== "https:" || parsed.pathname !== "/" || parsed.search || parsed.hash || parsed.username) {
    throw new Error(
      `“${origin}” is no https origin. Give scheme, host and perhaps a port, such as https://desk.example.com.`,
    );
  }
  return manifest.replaceAll(sandboxOrigin, parsed.origin);
}
