import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startPostgres } from "../../server/platform/database/embedded.ts";
import { Addresses, openRooms } from "../../server/platform/database/rooms.ts";

/** The three addresses of the environment, or the embedded PostgreSQL when none is set. */
export async function openDatabases(data: string): Promise<{ addresses: Addresses; stop: () => Promise<void> }> {
  const { DATABASE_URL_DESK: desk, DATABASE_URL_PUBLISHER: publisher, DATABASE_URL_PORTAL: portal } = process.env;
  const given = Addresses.safeParse({ desk, publisher, portal });
  if (given.success) return kept(data, given.data, async () => {});
  if (desk || publisher || portal)
    throw new Error(
      "Set all three of DATABASE_URL_DESK, DATABASE_URL_PUBLISHER and DATABASE_URL_PORTAL, or none for the embedded PostgreSQL.",
    );

  const folder = join(data, "postgres");
  const postgres = await startPostgres(folder);
  return kept(data, await openRooms(postgres, folder), postgres.stop);
}

/** Written down for `npm run deskhatch -- database-url`. */
function kept(data: string, addresses: Addresses, stop: () => Promise<void>) {
  writeFileSync(join(data, "addresses.json"), JSON.stringify(addresses), { mode: 0o600 });
  return { addresses, stop };
}
