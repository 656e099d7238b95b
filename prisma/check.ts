/**
 * Do the migrations make just what the schemas say? Makes both in empty databases and compares PostgreSQL's own catalogue.
 * (Prisma's `diff` from a live database cannot read PostgreSQL 18 through the driver adapter yet.)
 */
import pg from "pg";
import { migrate, type Room, schemaOf, sqlBetween } from "../server/platform/database/migrate.ts";
import { withRooms } from "./throwaway.ts";

const catalogue = `
  select format('column %s.%s %s %s %s', table_name, column_name, udt_name, is_nullable, column_default) as line
    from information_schema.columns where table_schema = 'public'
  union all select 'index ' || indexdef from pg_indexes where schemaname = 'public'
  union all select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where connamespace = 'public'::regnamespace
  union all select format('enum %s %s', enumtypid::regtype, string_agg(enumlabel, ',' order by enumsortorder))
    from pg_enum group by enumtypid
  order by 1`;

const complaints = await withRooms(async (rooms, superuser) => {
  const found = [];
  for (const room of ["desk", "portal"] as const) {
    const url = room === "desk" ? rooms.desk : rooms.publisher;
    await migrate(room, url);
    found.push(...compare(room, await linesOf(url), await linesOf(await madeFromSchema(room, url, superuser))));
  }
  return found;
});

for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
if (complaints.length)
  process.stderr.write("Write the missing migration with: npm run migration -- desk|portal what_changes\n");
process.exitCode = complaints.length ? 1 : 0;

async function madeFromSchema(room: Room, url: string, superuser: string) {
  const database = `${room}_from_schema`;
  await query(superuser, `create database ${database}`);
  const fresh = new URL(superuser);
  fresh.pathname = database;
  await query(fresh.href, await sqlBetween(room, url, "", schemaOf(room).content));
  return fresh.href;
}

async function linesOf(url: string) {
  const { rows } = await query(url, catalogue);
  // Prisma's own table, and the indexes of search.sql.
  const besides = /_prisma_migrations|_for_search\b/;
  return new Set(rows.map((row) => String(row.line)).filter((line) => !besides.test(line)));
}

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query<{ line: string }>(sql);
  } finally {
    await client.end();
  }
}

function compare(room: Room, migrated: Set<string>, wanted: Set<string>) {
  return [
    ...[...wanted.difference(migrated)].map((line) => `${room}: the schema has, the migrations lack: ${line}`),
    ...[...migrated.difference(wanted)].map((line) => `${room}: the migrations have, the schema lacks: ${line}`),
  ];
}
