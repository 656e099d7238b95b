/** Two databases and three roles: see prisma/roles.sql. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { z } from "zod";
import type { EmbeddedPostgres } from "./embedded.ts";

/** Where each role connects: `desk` to the database desk, `publisher` and `portal` to the database portal. */
export const Addresses = z.object({ desk: z.string(), publisher: z.string(), portal: z.string() });
export type Addresses = z.infer<typeof Addresses>;

const rolesSql = new URL("../../../prisma/roles.sql", import.meta.url);

/** Makes roles and databases in the embedded PostgreSQL (the second time: nothing) and says where to connect. */
export async function openRooms(
  postgres: Pick<EmbeddedPostgres, "superuser" | "port">,
  folder: string,
  names = { desk: "desk", portal: "portal" },
) {
  const passwords = keptPasswords(join(folder, "roles.json"));
  const client = new pg.Client({ connectionString: postgres.superuser });
  await client.connect();
  try {
    for (const statement of statements(names)) await unlessThere(client, statement);
    for (const [role, password] of Object.entries(passwords))
      await client.query(`alter role ${role} with login password ${client.escapeLiteral(password)}`);
  } finally {
    await client.end();
  }
  const at = (role: keyof typeof passwords, database: string) =>
    `postgresql://${role}:${passwords[role]}@127.0.0.1:${postgres.port}/${database}`;
  return { desk: at("desk", names.desk), publisher: at("publisher", names.portal), portal: at("portal", names.portal) };
}

function keptPasswords(file: string): Addresses {
  if (!existsSync(file)) {
    const password = () => randomBytes(24).toString("hex");
    const fresh = { desk: password(), publisher: password(), portal: password() };
    writeFileSync(file, JSON.stringify(fresh), { mode: 0o600 });
  }
  return Addresses.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** The statements of roles.sql, for databases of these names. */
function statements(names: { desk: string; portal: string }) {
  return readFileSync(rolesSql, "utf8")
    .replace(/--.*$/gm, "")
    .replace(/\bdatabase (desk|portal)\b/g, (_, room: "desk" | "portal") => `database ${names[room]}`)
    .split(";")
    .map((statement) => statement.trim())
    .filter(Boolean);
}

/** PostgreSQL's codes for "role exists" and "database exists". https://www.postgresql.org/docs/current/errcodes-appendix.html */
const alreadyThere = ["42710", "42P04"];

async function unlessThere(client: pg.Client, statement: string) {
  await client.query(statement).catch((error: unknown) => {
    if (error instanceof pg.DatabaseError && alreadyThere.includes(error.code ?? "")) return;
    throw error;
  });
}
