import { parseArgs } from "node:util";
import { manifestFor } from "../../addin/manifest/manifest.ts";

export async function printManifest(args: string[]) {
  const { origin } = parseArgs({ args, options: { origin: { type: "string" } } }).values;
  if (!origin?.startsWith("https://"))
    throw new Error("Say where your desk is reached, with https: manifest --origin https://desk.example.com");
  process.stdout.write(await manifestFor(new URL(origin).origin));
}
