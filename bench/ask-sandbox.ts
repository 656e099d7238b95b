import { readFileSync } from "node:fs";
import tls from "node:tls";
import type { Product } from "../test/product.ts";

/** Asks the sandbox's control (`/sandbox/…`), whose certificate nobody else trusts. */
export function askSandbox({ outlookUrl, caFile }: Product, path: string, init: RequestInit = {}) {
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), readFileSync(caFile, "utf8")]);
  return fetch(`${outlookUrl}/sandbox${path}`, init);
}
