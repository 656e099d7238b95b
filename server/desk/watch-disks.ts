/** A disk that fills is told while there is time to make room: at 80 and at 90 percent, each once. */
import { log } from "../platform/log.ts";
import { type FileStore, folderStore } from "../platform/storage.ts";
import type { DeskContext } from "./context.ts";
import { type Desk, transact } from "./database.ts";

const marks = [90, 80];
/** Below a mark by so much it is over: a disk that goes up and down by a file is not told again and again. */
const wellBelow = 2;

export async function watchDisks(
  { desk, files, settings }: Pick<DeskContext, "desk" | "files" | "settings">,
  portalFiles: Pick<FileStore, "usedPercent"> = folderStore(settings.PORTAL_FILES),
) {
  await watchDisk(desk, "desk", await files.usedPercent());
  await watchDisk(desk, "portal", await portalFiles.usedPercent());
}

async function watchDisk(desk: Desk, store: "desk" | "portal", usedPercent: number | null) {
  if (usedPercent === null) return;
  const reached = marks.find((mark) => usedPercent >= mark) ?? 0;
  const rises = await transact(desk, async (tx) => {
    const before = await tx.disk.findUnique({ where: { store }, select: { told: true } });
    const told = before?.told ?? 0;
    const next = reached > told || usedPercent <= told - wellBelow ? reached : told;
    const data = { usedPercent, told: next };
    await tx.disk.upsert({ where: { store }, create: { store, ...data }, update: data, select: { store: true } });
    return next > told;
  });
  if (rises)
    log.error({ store, usedPercent, alarm: "disk_fills" }, "a disk is filling up: make room before it is full");
}
