/**
 * Files by the hash of their content: written once, never changed, the same content kept once.
 * Each room has a store of its own; a folder here, a container of an object store behind the same type.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { access, mkdir, open, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";

export type FileStore = {
  /** Keeps the content durably and says its hash (sha256, hex). */
  keep: (content: Uint8Array) => Promise<{ sha256: string; size: number }>;
  /** The same for content that may not fit in memory. */
  keepStream: (content: AsyncIterable<Uint8Array>) => Promise<{ sha256: string; size: number }>;
  /** The content, or its first `count` bytes. */
  read: (sha256: string, count?: number) => Readable;
  readAll: (sha256: string) => Promise<Buffer>;
  /** From `start` up to, not including, `end`: a large file is never whole in memory. */
  readPart: (sha256: string, start: number, end: number) => Promise<Buffer>;
  size: (sha256: string) => Promise<number>;
  has: (sha256: string) => Promise<boolean>;
  remove: (sha256: string) => Promise<void>;
  /** How full the disk is, in percent as `df` says it; null when nobody can say. */
  usedPercent: () => Promise<number | null>;
};

/** The store takes nothing just now, whatever it is given: it is full, or not to be written. */
export class StoreTrouble extends Error {}

const ofTheStore = /^(ENOSPC|EDQUOT|EFBIG|EROFS|EIO|EACCES|EPERM|ENOTDIR|EEXIST|EMFILE|ENFILE)$/;

const Failure = z.object({ code: z.string().catch("") });

/** What broke off on its way to us stays what it is. */
async function writing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const { code } = Failure.parse(cause);
    if (!ofTheStore.test(code)) throw cause;
    throw new StoreTrouble(`The file store cannot be written (${code}).`, { cause });
  }
}

export function folderStore(folder: string): FileStore {
  const pathOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error("A file is named by the 64 hex digits of its sha256.");
    return join(folder, sha256.slice(0, 2), sha256);
  };
  const has = (sha256: string) => access(pathOf(sha256)).then(...yesOrNo);
  const keep = async (content: Uint8Array) => {
    const sha256 = createHash("sha256").update(content).digest("hex");
    if (!(await has(sha256))) await writing(() => writeDurably(pathOf(sha256), content));
    return { sha256, size: content.byteLength };
  };

  const keepLarge = async (chunks: AsyncIterable<Uint8Array>) => {
    const part = join(folder, "parts", randomUUID());
    await mkdir(dirname(part), { recursive: true, mode: 0o700 });
    try {
      const hash = createHash("sha256");
      const hashed = async function* (whole: AsyncIterable<Uint8Array>) {
        for await (const chunk of whole) {
          hash.update(chunk);
          yield chunk;
        }
      };
      await pipeline(chunks, hashed, createWriteStream(part, { mode: 0o600, flush: true }));
      const sha256 = hash.digest("hex");
      const { size } = await stat(part);
      await mkdir(dirname(pathOf(sha256)), { recursive: true, mode: 0o700 });
      await rename(part, pathOf(sha256));
      return { sha256, size };
    } finally {
      await rm(part, { force: true });
    }
  };

  return {
    has,
    keep,
    keepStream: async (content) => {
      const beginning = await upTo(inMemory, content);
      if (beginning.whole) return keep(beginning.whole);
      return writing(() => keepLarge(beginning.chunks));
    },
    read: (sha256, count = Number.POSITIVE_INFINITY) => createReadStream(pathOf(sha256), { end: count - 1 }),
    readAll: (sha256) => readFile(pathOf(sha256)),
    readPart: async (sha256, start, end) =>
      Buffer.concat(await createReadStream(pathOf(sha256), { start, end: end - 1 }).toArray()),
    size: async (sha256) => (await stat(pathOf(sha256))).size,
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    usedPercent: async () => {
      try {
        // Nothing may have been kept yet.
        await mkdir(folder, { recursive: true, mode: 0o700 });
        return percentOf(await statfs(folder));
      } catch {
        return null;
      }
    },
  };
}

/** What is no larger is kept in one go: most mails and most files. */
const inMemory = 1_048_576;

/** The whole content, when it is small; otherwise all of it still as a stream. */
async function upTo(
  most: number,
  content: AsyncIterable<Uint8Array>,
): Promise<{ whole: Buffer; chunks: null } | { whole: null; chunks: AsyncIterable<Uint8Array> }> {
  const rest = content[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  for (let size = 0; size <= most; size += first.at(-1)?.byteLength ?? 0) {
    const { done, value } = await rest.next();
    if (done) return { whole: Buffer.concat(first), chunks: null };
    first.push(value);
  }
  const chunks = async function* () {
    yield* first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  };
  return { whole: null, chunks: chunks() };
}

/** What only root may still use does not count as free. */
export function percentOf({ blocks, bfree, bavail }: { blocks: number; bfree: number; bavail: number }) {
  const used = blocks - bfree;
  return used + bavail > 0 ? Math.ceil((100 * used) / (used + bavail)) : null;
}

const yesOrNo = [() => true, () => false] as const;

/** Written beside, flushed, then renamed: after a crash a file is there whole or not at all. */
async function writeDurably(path: string, content: Uint8Array) {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.${randomUUID()}`;
  try {
    const file = await open(part, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
