/** Copies of released files in the portal's own store. Content is shared by its hash, so a hash is locked before it goes or comes. */
import type { FileStore } from "../platform/storage.ts";
import type { DoorContext } from "./context.ts";
import { lockAll, type PortalTransaction } from "./publisher.ts";

type WithHash = { sha256: string };

const hashesOf = (files: readonly WithHash[]) => [...new Set(files.map(({ sha256 }) => sha256))].sort();

/** In one order, so that two tickets with the same files cannot wait for each other. */
export async function lockFiles(tx: PortalTransaction, files: readonly WithHash[]) {
  if (files.length)
    await lockAll(
      tx,
      hashesOf(files).map((sha256) => `file:${sha256}`),
    );
}

/** Released files: from the desk's store into the portal's. */
export async function keepCopies({ files: deskFiles, portalFiles }: DoorContext, files: readonly WithHash[]) {
  for (const sha256 of hashesOf(files)) await copy(deskFiles, portalFiles, sha256);
}

/** Copies a content unless it is there, and believes nothing but its hash. */
export async function copy(from: FileStore, to: FileStore, sha256: string) {
  if (await to.has(sha256)) return;
  const kept = await to.keepStream(from.read(sha256));
  if (kept.sha256 !== sha256) {
    await to.remove(kept.sha256);
    throw new Error(`The stored file ${sha256} has other content than its name says. Restore it from the backup.`);
  }
}

/** A content that no row names any more leaves the store before the rows' removal is committed. */
export async function removeUnnamedCopies(
  { portalFiles }: DoorContext,
  tx: PortalTransaction,
  hashes: readonly string[],
) {
  for (const sha256 of new Set(hashes)) {
    const named =
      (await tx.publishedFile.count({ where: { sha256 } })) + (await tx.uploadedFile.count({ where: { sha256 } }));
    if (named === 0) await portalFiles.remove(sha256);
  }
}
