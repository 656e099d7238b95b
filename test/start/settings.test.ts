import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { deskSettings } from "../../server/platform/config.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test.each([
  ["desk", ["server/main.ts"], "DATABASE_URL_DESK is missing"],
  ["portal", ["--import", "tsx", "server/portal.ts"], "DATABASE_URL_PORTAL is missing"],
])("the %s without settings names each that is missing, and where it is explained", (_, args, sentence) => {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env: {}, encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain(sentence);
  expect(stderr).toContain(".env.example");
});

test("a setting that is wrong is named with what it should be", () => {
  const env = { DESK_PORT: "99999", DESK_SECRET: "short" };
  expect(() => deskSettings(env)).toThrow(/DESK_PORT .*65535/);
  expect(() => deskSettings(env)).toThrow(
    /DESK_SECRET has at least 32 characters; make one with: openssl rand -hex 32/,
  );
});
