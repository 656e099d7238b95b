import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { validateXML } from "xmllint-wasm";

/** Microsoft's schemas are not ours to ship; where they lie beside the repository, or where the setting says, they are asked too. */
export const schemaFolder =
  process.env.DESKHATCH_MANIFEST_XSD ?? fileURLToPath(new URL("../../../shared/data/manifest-xsd", import.meta.url));

/** What Microsoft's own schemas say; null where they are not to be had. */
export async function schemaMistakes(xml: string): Promise<string[] | null> {
  if (!existsSync(join(schemaFolder, "all.xsd"))) return null;
  const read = async (path: string) => ({ fileName: basename(path), contents: await readFile(path, "utf8") });
  const files = await Promise.all(globSync(join(schemaFolder, "*.xsd")).map(read));
  const { errors } = await validateXML({
    xml: { fileName: "manifest.xml", contents: xml },
    schema: files.filter(({ fileName }) => fileName === "all.xsd"),
    preload: files.filter(({ fileName }) => fileName !== "all.xsd"),
  });
  return errors.map(({ message, loc }) => (loc ? `Line ${loc.lineNumber}: ${message}` : message));
}
