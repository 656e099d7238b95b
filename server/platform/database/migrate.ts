/**
 * Applies migrations in Prisma's own format with Prisma's own engine, which npm brings as WebAssembly.
 * `prisma migrate deploy` does the same to the same tables; either may be used.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import pg from "pg";

export type Room = "desk" | "portal";

const prisma = fileURLToPath(new URL("../../../prisma", import.meta.url));

/** Any number nobody else locks; ten processes that start together migrate once. */
const migrationLock = 20261122;

/** Brings a room's database up to date. `url`: `desk` for the desk, `publisher` for the portal (they own the tables). */
export async function migrate(room: Room, url: string) {
  const client = new pg.Client({ connectionString: url });
  // A connection that is lost fails the query that waits for it; said by nobody else, it would end the process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    if (await isCurrent(client, room)) return;
    const engine = await openEngine(room, url);
    await engine.applyMigrations({ migrationsList: migrationsOf(room), filters });
    for (const file of afterwards(room)) await client.query(readFileSync(file, "utf8"));
  } finally {
    await client.end();
  }
}

/** The SQL that leads from one schema.prisma (its text; empty for none) to another. The engine wants any live database. */
export async function sqlBetween(room: Room, url: string, from: string, to: string): Promise<string> {
  const engine = await openEngine(room, url);
  const target = (content: string) =>
    content
      ? { tag: "schemaDatamodel" as const, files: [{ path: schemaOf(room).path, content }] }
      : { tag: "empty" as const };
  const { stdout } = await engine.diff({ from: target(from), to: target(to), script: true, exitCode: null, filters });
  return (stdout ?? "").replace("-- This is an empty migration.", "").trim();
}

/** What no migration can say; each may be run again. */
const afterwards = (room: Room) =>
  ["search", "grants"].map((name) => `${prisma}/${room}/${name}.sql`).filter(existsSync);

const filters = { externalTables: [], externalEnums: [] };

/** A room's schema.prisma. */
export function schemaOf(room: Room) {
  const path = `${prisma}/${room}/schema.prisma`;
  return { path, content: readFileSync(path, "utf8") };
}

function migrationsOf(room: Room) {
  const baseDir = `${prisma}/${room}/migrations`;
  const lock = `${baseDir}/migration_lock.toml`;
  return {
    baseDir,
    lockfile: { path: "migration_lock.toml", content: readFileSync(lock, "utf8") },
    shadowDbInitScript: "",
    migrationDirectories: namesOf(room).map((name) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: sqlOf(room, name) } },
    })),
  };
}

const namesOf = (room: Room) =>
  readdirSync(`${prisma}/${room}/migrations`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

const sqlOf = (room: Room, name: string) => readFileSync(`${prisma}/${room}/migrations/${name}/migration.sql`, "utf8");

/** Loading the engine takes 180 ms; a database that has everything is recognised without it. */
async function isCurrent(client: pg.Client, room: Room) {
  const known = await client.query("select to_regclass('_prisma_migrations') as there");
  if (!known.rows[0]?.there) return false;
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    "select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null",
  );
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  return namesOf(room).every(
    (name) => applied.get(name) === createHash("sha256").update(sqlOf(room, name)).digest("hex"),
  );
}

async function openEngine(room: Room, url: string): Promise<SchemaEngine> {
  engineModule ??= loadEngine();
  const { SchemaEngine } = await engineModule;
  const { path, content } = schemaOf(room);
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: url }));
  return SchemaEngine.new({ datamodels: [[path, content]] }, () => {}, adapter);
}

/** Once per process: its glue code keeps views into the memory of one instance. */
let engineModule: ReturnType<typeof loadEngine> | undefined;

/** Node cannot import .wasm files yet, so the module is put together by hand as its wrapper would. */
async function loadEngine() {
  const bg = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const wrapper = fileURLToPath(import.meta.resolve("@prisma/schema-engine-wasm"));
  const wasm = readFileSync(wrapper.replace(/schema_engine\.js$/, "schema_engine_bg.wasm"));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), {
    "./schema_engine_bg.js": bg as unknown as WebAssembly.ModuleImports,
  });
  bg.__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)();
  return bg;
}
