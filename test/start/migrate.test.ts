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
