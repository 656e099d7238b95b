import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { deskSettings, foreignSignIn, portalEnvironment } from "../../server/platform/config.ts";

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

const wrong = (env: NodeJS.ProcessEnv) => {
  try {
    deskSettings(env);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
};

test.each(["DESK_URL", "PORTAL_URL", "ENTRA_URL", "GRAPH_URL", "NOTIFY_URL", "OFFICE_JS_URL", "DATAVERSE_URL"])(
  "%s is https, unless it is on this machine",
  (name) => {
    for (const url of [
      "http://desk.example.com",
      "http://10.0.0.7:3000",
      "ftp://localhost",
      "http://127.0.0.1.evil.test",
    ])
      expect(wrong({ [name]: url })).toMatch(new RegExp(`${name} begins with https://`));
    for (const url of ["https://desk.example.com", "http://localhost:3000", "http://127.0.0.1:1", "http://[::1]:1"])
      expect(wrong({ [name]: url })).not.toMatch(new RegExp(`${name} (?!is missing)`));
  },
);

test.each([
  "*",
  "https://*.office.com",
  "https:",
  "http://outlook.example.com",
  "'self'",
  "data:",
  "https://a.test/path",
])("OUTLOOK_ORIGINS=%s is refused: it would let strangers frame the pane", (text) => {
  expect(wrong({ OUTLOOK_ORIGINS: `https://outlook.office.com ${text}` })).toContain("OUTLOOK_ORIGINS names origins");
});

test("an ENTRA_URL that is not Microsoft's is warned of", () => {
  expect(foreignSignIn({ ENTRA_URL: "https://login.microsoftonline.us" })).toBeNull();
  expect(foreignSignIn({ ENTRA_URL: "https://localhost:5443" })).toBeNull();
  for (const url of ["https://login.microsoftonline.com.evil.test", "https://login.example.com"])
    expect(foreignSignIn({ ENTRA_URL: url })).toContain("decides who is an agent");
});

test("the portal's process is given its own settings and nothing else, whatever the desk gets later", () => {
  const desks = {
    NOTIFICATIONS_SMTP_URL: "smtps://name:secret@mail.test",
    DESK_SECRET: "s",
    NEW_SECRET: "s",
    SMTP_PORT: "1",
  };
  const portals = { PORTAL_URL: "https://portal.test", DATABASE_URL_PORTAL: "postgresql://p@h/d", PATH: "/bin" };
  expect(portalEnvironment({ ...desks, ...portals })).toEqual(portals);
});
