import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { log } from "../log.ts";
import { isDatabaseAway } from "./away.ts";

/** A database that restarts, or a machine that fails over, is back by then; who still does not answer has a wrong address. */
const patience = 30_000;

/** Waits until the database takes connections: who is started beside it need not be started again and again. */
export async function untilAnswering(url: string) {
  const end = Date.now() + patience;
  for (let told = false; ; told = true) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
    // Lost again before we let go of it: whoever connects next finds out.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (!isDatabaseAway(error) || Date.now() > end) throw error;
      if (!told) log.warn({ err: error }, "the database does not answer yet; waiting for it");
      await pause(250);
    } finally {
      await client.end().catch(() => {});
    }
  }
}
