import { readFile } from "node:fs/promises";
import { basename } from "node:path";

const folder = new URL("../public/icons/", import.meta.url);

/** Says which icons that the manifest names are not there, or are not as large as their name says. */
export async function iconMistakes(xml: string): Promise<string[]> {
  const names = new Set([...xml.matchAll(/https:\/\/[^"]+\/(icon-\d+\.png)"/g)].map(([, name]) => name ?? ""));
  const found = await Promise.all([...names].map(async (name) => ({ name, size: await widthOf(name) })));
  return found.flatMap(({ name, size }) => {
    if (size === null) return [`addin/public/icons/${name} is not there. Run \`node test/draw-icons.ts\`.`];
    return name === `icon-${size}.png`
      ? []
      : [`addin/public/icons/${name} is ${size} pixels wide. Run \`node test/draw-icons.ts\`.`];
  });
}

async function widthOf(name: string): Promise<number | null> {
  const png = await readFile(new URL(basename(name), folder)).catch(() => null);
  // A PNG begins with 8 bytes of signature and its IHDR chunk, whose width is at byte 16 (RFC 2083, 4.1.1).
  return png && png.length > 24 ? png.readUInt32BE(16) : null;
}
