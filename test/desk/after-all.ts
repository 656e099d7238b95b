import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Ends the databases that this run started, and leaves nothing behind. */
export default async function afterAllTests() {
  const folder = process.env.DESKHATCH_TEST_FOLDER;
  if (!folder) return;
  await Promise.all(readdirSync(folder).map((worker) => end(join(folder, worker, "cluster", "postmaster.pid"))));
  rmSync(folder, { recursive: true, force: true });
}

/** PostgreSQL takes its pid file away as the last thing it does. */
async function end(pidFile: string) {
  if (!existsSync(pidFile)) return;
  process.kill(Number(readFileSync(pidFile, "utf8").split("\n")[0]), "SIGINT");
  while (existsSync(pidFile)) await new Promise((again) => setTimeout(again, 20));
}
