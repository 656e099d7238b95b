/**
 * Files by the hash of their content: written once, never changed, the same content kept once.
 * Each room has a store of its own; a folder here, a container of an object store behind the same type.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { access, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export type FileStore = {
  /** Keeps the content durably and says its hash (sha256, hex). */
  keep: (content: Uint8Array) => Promise<{ sha256: string; size: number }>;
  /** The same for content that does not fit in memory. */
  keepStream: (content: Readable) => Promise<{ sha256: string; size: number }>;
  read: (sha256: string) => Readable;
  readAll: (sha256: string) => Promise<Buffer>;
  has: (sha256: string) => Promise<boolean>;
  remove: (sha256: string) => Promise<void>;
};

export function folderStore(folder: string): FileStore {
  const pathOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error("A file is named by the 64 hex digits of its sha256.");
    return join(folder, sha256.slice(0, 2), sha256);
  };
  const has = (sha256: string) => access(pathOf(sha256)).then(...yesOrNo);

  return {
    has,
    keep: async (content) => {
      const sha256 = createHash("sha256").update(content).digest("hex");
      if (!(await has(sha256))) await writeDurably(pathOf(sha256), content);
      return { sha256, size: content.byteLength };
    },
    keepStream: async (content) => {
      const part = join(folder, "parts", randomUUID());
      await mkdir(dirname(part), { recursive: true, mode: 0o700 });
      try {
        const hash = createHash("sha256");
        content.on("data", (chunk) => hash.update(chunk));
        await pipeline(content, createWriteStream(part, { mode: 0o600, flush: true }));
        const sha256 = hash.digest("hex");
        const { size } = await stat(part);
        await mkdir(dirname(pathOf(sha256)), { recursive: true, mode: 0o700 });
        await rename(part, pathOf(sha256));
        return { sha256, size };
      } finally {
        await rm(part, { force: true });
      }
    },
    read: (sha256) => createReadStream(pathOf(sha256)),
    readAll: async (sha256) => Buffer.concat(await createReadStream(pathOf(sha256)).toArray()),
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
  };
}

const yesOrNo = [() => true, () => false] as const;

/** Written beside, flushed, then renamed: after a crash a file is there whole or not at all. */
async function writeDurably(path: string, content: Uint8Array) {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.${randomUUID()}`;
  const file = await open(part, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}
