/**
 * Writes the next migration of a room: what leads from the committed schema to the one in the work tree.
 *   npm run migration -- desk add_teams
 * `npm run check` then proves that all migrations together make just what the schema says.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { schemaOf, sqlBetween } from "../server/platform/database/migrate.ts";
import { withRooms } from "./throwaway.ts";

const [room, name] = process.argv.slice(2);
if ((room !== "desk" && room !== "portal") || !/^[a-z0-9_]+$/.test(name ?? "")) {
  process.stderr.write("Say which room and what changes: npm run migration -- desk|portal name_in_snake_case\n");
  process.exit(2);
}

const committed = spawnSync("git", ["show", `HEAD:prisma/${room}/schema.prisma`], { encoding: "utf8" }).stdout;
const before = name === "start" ? "" : committed;
const sql = await withRooms((rooms) => sqlBetween(room, rooms.desk, before, schemaOf(room).content));
if (sql) {
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = fileURLToPath(new URL(`./${room}/migrations/${stamp}_${name}`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/migration.sql`, `${sql}\n`);
  process.stdout.write(`${folder}/migration.sql\nRead it before you commit it.\n`);
} else process.stdout.write(`The schema of ${room} has not changed since the last commit.\n`);
