import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { PrismaClient } from "../../prisma/generated/portal/client.ts";
import { openPool } from "../platform/database/own-statements.ts";
import { log } from "../platform/log.ts";

export type PortalDatabase = {
  /** For writing, and for better-auth. */
  prisma: PrismaClient;
  /** For the pages: one prepared statement a page, 0 to 1 rows of what the view needs. */
  read: <Row extends pg.QueryResultRow>(name: string, text: string, values: unknown[]) => Promise<Row[]>;
  pool: pg.Pool;
  close: () => Promise<void>;
};

/** Opens the customers' room with the rights of the role `portal`. */
export function openDatabase(url: string): PortalDatabase {
  const limits = { connectionTimeoutMillis: 3000, statement_timeout: 8000, idleTimeoutMillis: 10_000 };
  const pool = openPool(url, 10, limits);
  pool.on("error", (err) => log.warn({ err }, "an idle connection to the portal's database ended"));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  let closed: Promise<void> | undefined;
  return {
    pool,
    prisma,
    read: async (name, text, values) => (await pool.query({ name, text, values })).rows,
    close: () => {
      closed ??= prisma.$disconnect().then(() => pool.end());
      return closed;
    },
  };
}
