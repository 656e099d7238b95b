import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { untilAnswering } from "../../server/platform/database/answering.ts";
import { startPostgres } from "../../server/platform/database/embedded.ts";

test("CRASH-03: who starts while the database is down waits until it is back; a wrong password is not waited for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "deskhatch-answering-"));
  const before = await startPostgres(folder);
  await before.stop();

  const waiting = untilAnswering(before.superuser);
  const after = await startPostgres(folder, { port: String(before.port) });
  await waiting;
  const wrong = new URL(after.superuser);
  wrong.password = "guessed";
  await expect(untilAnswering(wrong.href)).rejects.toThrow(/password authentication failed/);

  await after.stop();
  rmSync(folder, { recursive: true });
});
