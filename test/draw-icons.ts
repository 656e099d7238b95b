import { readFile, writeFile } from "node:fs/promises";
import { openBrowser } from "./browser.ts";

/** Draws the icons that the manifest names from their SVG: `node test/draw-icons.ts` after a change of the drawing. */
const icons = new URL("../addin/public/icons/", import.meta.url);
const browser = await openBrowser();

for (const size of [16, 32, 64, 80, 128]) {
  const drawing = await readFile(new URL(size === 16 ? "icon-small.svg" : "icon.svg", icons), "utf8");
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`);
  await writeFile(new URL(`icon-${size}.png`, icons), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
