/** An embedded PostgreSQL that lives for one task. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../server/platform/database/embedded.ts";
import { type Addresses, openRooms } from "../server/platform/database/rooms.ts";

/** Runs `task` with two empty rooms, and leaves nothing behind. `superuser` may make more databases. */
export async function withRooms<Result>(
  task: (rooms: Addresses, superuser: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "deskhatch-rooms-"));
  const postgres = await startPostgres(folder);
  try {
    return await task(await openRooms(postgres, folder), postgres.superuser);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
