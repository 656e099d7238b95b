/** What a browser has to fetch before the first paint, gzip. */
import { gzipSync } from "node:zlib";
import { openBrowser } from "../test/browser.ts";
import type { Product } from "../test/product.ts";
import { print } from "./measure.ts";

/** Everything that is fetched from `url`'s own origin until the page is quiet, compressed as a server would. */
export async function measureSizes(product: Product) {
  const browser = await openBrowser();
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    print("pane_gzip_kb", await weigh(context, `${product.addinUrl}/addin/pane.html`), "kB", 1);
    print("portal_gzip_kb", await weigh(context, `${product.portalUrl}/sign-in`), "kB", 1);
  } finally {
    await browser.close();
  }
}

async function weigh(context: Awaited<ReturnType<Awaited<ReturnType<typeof openBrowser>>["newContext"]>>, url: string) {
  const page = await context.newPage();
  const bodies: Promise<number>[] = [];
  page.on("response", (response) => {
    if (
      !response.url().startsWith(new URL(url).origin) ||
      !/\.(js|css|html)$|\/sign-in$/.test(new URL(response.url()).pathname)
    )
      return;
    bodies.push(
      response.body().then(
        (body) => gzipSync(body).byteLength,
        () => 0,
      ),
    );
  });
  await page.goto(url, { waitUntil: "networkidle" });
  const bytes = (await Promise.all(bodies)).reduce((sum, each) => sum + each, 0);
  await page.close();
  return bytes / 1000;
}
