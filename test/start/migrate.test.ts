import { expect, test } from "@jest/globals";
import pg from "pg";
import { withRooms } from "../../prisma/throwaway.ts";
import { migrate } from "../../server/platform/database/migrate.ts";

test("ten processes that start together migrate once", async () => {
  await withRooms(async (rooms) => {
    await Promise.all(Array.from({ length: 10 }, () => migrate("desk", rooms.desk)));
    await Promise.all(Array.from({ length: 10 }, () => migrate("portal", rooms.publisher)));

    for (const url of [rooms.desk, rooms.publisher]) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query(
        "select count(*)::int as applied, count(distinct migration_name)::int as different from _prisma_migrations",
      );
      await client.end();
      expect(rows[0].applied).toBeGreaterThan(0);
      expect(rows[0].applied).toBe(rows[0].different);
    }
  });
});

test("CRASH-03: a connection that is lost while it migrates is a failed start that says so, and no crash", async () => {
  await withRooms(async (rooms) => {
    const other = new pg.Client({ connectionString: rooms.desk });
    await other.connect();
    // The lock of migrate.ts: whoever comes second waits.
    await other.query("select pg_advisory_lock(20261122)");
    const waiting = expect(migrate("desk", rooms.desk)).rejects.toThrow(/terminat/);
    const waits = "select pid from pg_stat_activity where usename = 'desk' and wait_event = 'advisory'";
    let pid: number | undefined;
    while (!pid) pid = (await other.query<{ pid: number }>(waits)).rows[0]?.pid;
    await other.query("select pg_terminate_backend($1)", [pid]);
    await waiting;
    await other.end();
  });
});
