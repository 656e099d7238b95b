import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type CrmSource, CrmTrouble } from "../source.ts";
import { csvSource } from "./source.ts";

/** A file, or the newest one of a folder, that holds everybody: who leaves it is gone. */
export const watchedCsv = (path: string): CrmSource =>
  csvSource({ id: "csv", complete: true, find: () => newestFile(path) });

async function newestFile(path: string): Promise<string> {
  const there = await lookAt(path);
  if (there.isFile()) return path;
  const names = (await readdir(path)).filter((name) => /\.(csv|txt|tsv)$/i.test(name) && !name.startsWith("."));
  const files = await Promise.all(names.map(async (name) => ({ name, at: (await lookAt(join(path, name))).mtimeMs })));
  const [newest] = files.sort((one, other) => other.at - one.at || other.name.localeCompare(one.name));
  if (!newest)
    throw new CrmTrouble("lasting", `${path} holds no CSV file. Put the contacts there, or correct CRM_CSV.`);
  return join(path, newest.name);
}

async function lookAt(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    throw new CrmTrouble("lasting", `${path} is not there. Correct CRM_CSV, or put the file there.`, { cause });
  }
}
