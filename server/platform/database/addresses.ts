import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Addresses } from "./rooms.ts";

/** The databases' addresses: from the environment, or of the embedded PostgreSQL that `npm start` runs here. */
export function findAddresses(env = process.env): Addresses {
  const { DATABASE_URL_DESK: desk, DATABASE_URL_PUBLISHER: publisher, DATABASE_URL_PORTAL: portal } = env;
  const set = Addresses.safeParse({ desk, publisher, portal });
  if (set.success) return set.data;

  const file = join(env.DESKHATCH_DATA ?? ".data", "addresses.json");
  if (!existsSync(file))
    throw new Error(
      "No database is known. Start Deskhatch with npm start, or set DATABASE_URL_DESK, DATABASE_URL_PUBLISHER and DATABASE_URL_PORTAL.",
    );
  return Addresses.parse(JSON.parse(readFileSync(file, "utf8")));
}
