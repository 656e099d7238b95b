import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One start at a time in one data folder. Returns what gives the folder back. A claim left by a killed run is taken over. */
export function claimFolder(data: string): () => void {
  const claim = join(data, "running");
  try {
    writeFileSync(claim, String(process.pid), { flag: "wx" });
  } catch {
    const other = Number(readFileSync(claim, "utf8"));
    if (isDeskhatch(other))
      throw new Error(
        `Deskhatch is already running in ${data} (process ${other}). End it with Ctrl-C in its window, or set DESKHATCH_DATA to another folder.`,
      );
    writeFileSync(claim, String(process.pid));
  }
  return () => rmSync(claim, { force: true });
}

/** Process numbers are given again: the one in the claim counts only while it is a start of ours. */
function isDeskhatch(pid: number) {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    return execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).includes("sandbox/start");
  } catch {
    return false;
  }
}
