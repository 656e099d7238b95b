/**
 * `npm start`: everything on one machine, nothing configured.
 * The pretend Microsoft 365 runs here; PostgreSQL, the desk and the portal are processes of their own, as in production.
 */
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildAddin } from "../addin/build.ts";
import { seedDirectory, seedMailbox } from "../prisma/seed.ts";
import { portalEnvironment } from "../server/platform/config.ts";
import { migrate } from "../server/platform/database/migrate.ts";
import type { Addresses } from "../server/platform/database/rooms.ts";
import { buildOutlook } from "./outlook/build.ts";
import { mountOutlook } from "./outlook/mount.ts";
import { startSandbox } from "./sandbox.ts";
import { mailbox, settle } from "./seed/settle.ts";
import { openDatabases } from "./start/databases.ts";
import { claimFolder } from "./start/folder.ts";
import { needFreePorts, portsFrom } from "./start/ports.ts";
import { startProcess } from "./start/processes.ts";
import { said, step } from "./start/progress.ts";
import { keptSecrets } from "./start/secrets.ts";
import { deskApp, tenantId } from "./world.ts";

const stops: (() => Promise<void> | void)[] = [];

try {
  await start();
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  await stopAll();
  process.exit(1);
}

async function start() {
  const began = performance.now();
  const empty = process.argv.includes("--empty");
  const data = resolve(process.env.DESKHATCH_DATA ?? ".data");
  const ports = portsFrom(process.env);
  process.once("SIGINT", () => void end(0));
  process.once("SIGTERM", () => void end(0));

  mkdirSync(data, { recursive: true, mode: 0o700 });
  stops.push(claimFolder(data));
  await needFreePorts(ports);

  const built = step("Building the pages", () => Promise.all([buildAddin(), buildOutlook()]));
  // A build that fails is told below, when what was started beside it can be ended.
  built.catch(() => {});
  const databases = await step("Starting PostgreSQL", () => openDatabases(data));
  stops.push(databases.stop);
  await built;

  const secrets = await keptSecrets(join(data, "secrets"));
  const sandbox = await step("Starting the pretend Microsoft 365", () =>
    startSandbox({
      dataDir: join(data, "sandbox"),
      sandboxPort: ports.SANDBOX_PORT,
      addinPort: ports.ADDIN_PORT,
      smtpPort: ports.SMTP_PORT,
      largestMail: Number(process.env.SMTP_LARGEST_MB || 35) * 2 ** 20,
      deskUrl: `http://127.0.0.1:${ports.DESK_PORT}`,
      mount: mountOutlook,
    }),
  );
  stops.push(sandbox.close);
  sandbox.registerApp({ clientId: deskApp.clientId, certificatePem: secrets.certificate });

  if (!empty) sandbox.dataverse.settle();
  const settled = join(data, "world");
  const isNew = !existsSync(settled);
  if (isNew) await step("Making the two rooms", () => furnish(databases.addresses, empty));

  const portalUrl = `http://localhost:${ports.PORTAL_PORT}`;
  const common = {
    DRAIN_SECONDS: "0",
    ...process.env,
    NODE_ENV: "production",
    DESKHATCH_DATA: data,
    PORTAL_URL: portalUrl,
  };
  const [desk, portal] = await step("Opening the desk and the portal", () =>
    Promise.all([
      startProcess("desk", ["server/main.ts"], `http://127.0.0.1:${ports.DESK_PORT}/readyz`, {
        ...common,
        DESK_PORT: String(ports.DESK_PORT),
        DESK_URL: sandbox.addinUrl,
        DATABASE_URL_DESK: databases.addresses.desk,
        DATABASE_URL_PUBLISHER: databases.addresses.publisher,
        DESK_SECRET: secrets.deskSecret,
        ENTRA_URL: sandbox.url,
        ENTRA_TENANT_ID: tenantId,
        ENTRA_CLIENT_ID: deskApp.clientId,
        ENTRA_CERTIFICATE: secrets.certificateFile,
        ENTRA_PRIVATE_KEY: secrets.privateKeyFile,
        GRAPH_URL: sandbox.url,
        DATAVERSE_URL: sandbox.url,
        DATAVERSE_WRITE_BACK: "yes",
        TRUSTED_AUTHSERV_IDS: "sandbox.protection.test",
        OFFICE_JS_URL: `${sandbox.url}/office-js/office.js`,
        SANDBOX_SCRIPTS: `${sandbox.url}/office-js/msajax.js ${sandbox.url}/office-js/naa-bridge.js`,
        OUTLOOK_ORIGINS: sandbox.url,
        SUPPORT_MAILBOX: mailbox,
        NODE_EXTRA_CA_CERTS: sandbox.caFile,
      }),
      startProcess("portal", ["--import", "tsx", "server/portal.ts"], `http://127.0.0.1:${ports.PORTAL_PORT}/readyz`, {
        ...portalEnvironment(common),
        PORTAL_PORT: String(ports.PORTAL_PORT),
        DATABASE_URL_PORTAL: databases.addresses.portal,
        PORTAL_SECRET: secrets.portalSecret,
      }),
    ]),
  );
  stops.push(desk.stop, portal.stop);
  for (const child of [desk, portal]) void child.ended.then((why) => end(1, why));

  if (isNew && !empty)
    await step("Settling a small world", () => settle({ sandbox, apiUrl: `http://127.0.0.1:${ports.DESK_PORT}` }));
  if (isNew) mkdirSync(settled);

  said(ports, sandbox, portalUrl, (performance.now() - began) / 1000);
}

/** What an administrator does before the first start: databases up to date, the mailbox connected, contacts imported. */
async function furnish({ desk, publisher }: Addresses, empty: boolean) {
  await Promise.all([migrate("desk", desk), migrate("portal", publisher)]);
  await seedMailbox(desk, mailbox);
  if (!empty) await seedDirectory(desk);
}

let ending = false;
async function end(code: number, why?: string) {
  if (ending) return;
  ending = true;
  if (why) process.stderr.write(`\n${why}\n`);
  await stopAll();
  process.exit(code);
}

/** Last started, first ended: nothing loses the database it still uses. */
async function stopAll() {
  for (const stop of stops.reverse()) await stop();
}
