import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { startPostgres } from "../../server/platform/database/embedded.ts";

test("who starts PostgreSQL on a port that another program has reads why it does not start", async () => {
  const folder = mkdtempSync(join(tmpdir(), "deskhatch-embedded-"));
  const other = createServer((socket) => socket.resume());
  await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
  const address = other.address();
  const port = address && typeof address === "object" ? String(address.port) : "";

  await expect(startPostgres(folder, { port })).rejects.toThrow(/ended while it was starting.*TCP\/IP/s);

  await new Promise((closed) => other.close(closed));
  const postgres = await startPostgres(folder, { port });
  await postgres.stop();
  rmSync(folder, { recursive: true });
});
