/** A thread that reads one mail at a time. What happens to it happens to nobody else. */
import { parentPort, workerData } from "node:worker_threads";
import { folderStore } from "../../../platform/storage.ts";
import { type KeptRaw, type ReadKeptOptions, readKept } from "./read-kept.ts";
import type { ReadMail } from "./read-mail.ts";

export type ToThread = { raw: KeptRaw; options: ReadKeptOptions };
export type FromThread = { mail: ReadMail } | { error: unknown };

const files = folderStore(workerData.folder);

parentPort?.on("message", async ({ raw, options }: ToThread) => {
  const answer: FromThread = await readKept(files, raw, options).then(
    (mail) => ({ mail }),
    (error: unknown) => ({ error }),
  );
  parentPort?.postMessage(answer);
});
