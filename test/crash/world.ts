/** The product as it runs in production: two desks and two portals before one PostgreSQL, each a process that can die. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import tls from "node:tls";
import { buildAddin } from "../../addin/build.ts";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { keptSecrets } from "../../sandbox/start/secrets.ts";
import { deskApp, tenantId } from "../../sandbox/world.ts";
import { createContact } from "../../server/desk/contacts/create.ts";
import { openDesk, transact } from "../../server/desk/database.ts";
import { addMailbox } from "../../server/desk/mailboxes/add.ts";
import { migrate } from "../../server/platform/database/migrate.ts";
import { type Addresses, openRooms } from "../../server/platform/database/rooms.ts";
import { type Front, openFront } from "./front.ts";
import { freePort } from "./listening.ts";
import { type Postgres, supervisePostgres } from "./postgres.ts";
import { supervise, type Unit } from "./process.ts";

/** Agents convert the mails of the first by hand; each mail to the second opens a ticket by itself. */
export const support = "support@deskhatch.test";
export const everyMail = "ada@deskhatch.test";

export type World = {
  folder: string;
  sandbox: Sandbox;
  postgres: Postgres;
  desks: Unit[];
  portals: Unit[];
  deskFront: Front;
  portalFront: Front;
  deskUrl: string;
  portalUrl: string;
  customers: string[];
  close: () => Promise<void>;
};

/** `drainSeconds`: the fronts ask who is ready, and who stops gives them so long to see that it is not. */
export async function openWorld(customerCount: number, drainSeconds = 0): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "deskhatch-crash-"));
  await buildAddin();
  const postgres = await supervisePostgres(join(folder, "postgres"));
  const orphaned = () => postgres.end();
  process.once("exit", orphaned);
  const rooms = await openRooms(postgres, folder);
  await Promise.all([migrate("desk", rooms.desk), migrate("portal", rooms.publisher)]);
  const customers = Array.from({ length: customerCount }, (_, at) => `carol${at}@customer${at}.test`);
  await furnish(rooms.desk, customers);

  const deskPorts = [await freePort(), await freePort()];
  const portalPorts = [await freePort(), await freePort()];
  const deskFront = await openFront(deskPorts, { asks: drainSeconds > 0 });
  const portalFront = await openFront(portalPorts, { asks: drainSeconds > 0 });
  const deskUrl = `http://127.0.0.1:${deskFront.port}`;
  const portalUrl = `http://localhost:${portalFront.port}`;

  const secrets = await keptSecrets(join(folder, "secrets"));
  const ports = { sandboxPort: 0, addinPort: 0, smtpPort: 0 };
  const sandbox = await startSandbox({ dataDir: join(folder, "sandbox"), ...ports, deskUrl });
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), sandbox.ca]);
  sandbox.registerApp({ clientId: deskApp.clientId, certificatePem: secrets.certificate });

  const settings = { folder, rooms, secrets, sandbox, portalUrl, drainSeconds };
  const unit = (name: string, args: string[], port: number, env: NodeJS.ProcessEnv) =>
    supervise({ name, args, port, env, logFile: join(folder, `${name.replace(" ", "-")}.log`) });
  const desk = (port: number, at: number) =>
    unit(`desk ${at + 1}`, ["server/main.ts"], port, deskEnvironment(settings, port));
  const portal = (port: number, at: number) =>
    unit(`portal ${at + 1}`, ["--import", "tsx", "server/portal.ts"], port, portalEnvironment(settings, port));
  await endInOrder([desk(deskPorts[0] ?? 0, 0), portal(portalPorts[0] ?? 0, 0)]);
  const [desks, portals] = [deskPorts.map(desk), portalPorts.map(portal)];
  await allReady([...desks, ...portals]);

  return {
    ...{ folder, sandbox, postgres, desks, portals, deskFront, portalFront, deskUrl, portalUrl, customers },
    close: async () => {
      await Promise.all([...desks, ...portals].map((unit) => unit.stop()));
      deskFront.close();
      portalFront.close();
      await sandbox.close();
      await postgres.stop();
      process.off("exit", orphaned);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A process writes what it compiled only when it ends in order; those that are killed start from it. */
async function endInOrder(units: Unit[]) {
  await allReady(units);
  await Promise.all(units.map((unit) => unit.stop()));
}

/** One that does not come back is a finding, and none that waiting longer would change. */
export const allReady = (units: Pick<Unit, "isReady">[]) => until(() => units.every((unit) => unit.isReady()));

export async function until(isSo: () => boolean) {
  const end = Date.now() + 120_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error("The processes did not come back within two minutes.");
    await pause(20);
  }
}

/** Each customer is alone in an organization: what one sees is nobody else's. */
async function furnish(deskUrl: string, customers: string[]) {
  const desk = openDesk(deskUrl, 2);
  await transact(desk, async (tx) => {
    await addMailbox(tx, { address: support, name: "Support", mode: "on_conversion" });
    await addMailbox(tx, { address: everyMail, name: "Every mail", mode: "every_mail" });
    for (const address of customers) await createContact(tx, { name: nameOf(address), address });
  });
  await desk.$disconnect();
}

export const nameOf = (address: string) => address.replace("carol", "Carol ").replace(/@.*/, "");

type Settings = {
  folder: string;
  rooms: Addresses;
  secrets: Awaited<ReturnType<typeof keptSecrets>>;
  sandbox: Sandbox;
  portalUrl: string;
  drainSeconds: number;
};

function deskEnvironment({ rooms, secrets, sandbox, ...settings }: Settings, port: number): NodeJS.ProcessEnv {
  return {
    ...common(settings),
    DESK_PORT: String(port),
    DESK_URL: sandbox.addinUrl,
    DATABASE_URL_DESK: rooms.desk,
    DATABASE_URL_PUBLISHER: rooms.publisher,
    DESK_SECRET: secrets.deskSecret,
    ENTRA_URL: sandbox.url,
    ENTRA_TENANT_ID: tenantId,
    ENTRA_CLIENT_ID: deskApp.clientId,
    ENTRA_CERTIFICATE: secrets.certificateFile,
    ENTRA_PRIVATE_KEY: secrets.privateKeyFile,
    GRAPH_URL: sandbox.url,
    TRUSTED_AUTHSERV_IDS: "sandbox.protection.test",
    SUPPORT_MAILBOX: support,
    GRACE_SECONDS: "2",
    NODE_EXTRA_CA_CERTS: sandbox.caFile,
  };
}

function portalEnvironment({ rooms, secrets, ...settings }: Settings, port: number): NodeJS.ProcessEnv {
  return {
    ...common(settings),
    PORTAL_PORT: String(port),
    DATABASE_URL_PORTAL: rooms.portal,
    PORTAL_SECRET: secrets.portalSecret,
  };
}

function common({
  folder,
  portalUrl,
  drainSeconds,
}: Pick<Settings, "folder" | "portalUrl" | "drainSeconds">): NodeJS.ProcessEnv {
  const data = join(folder, "data");
  mkdirSync(data, { recursive: true });
  const { PATH, HOME } = process.env;
  return {
    ...{ PATH, HOME, NODE_ENV: "production", DESKHATCH_DATA: data, PORTAL_URL: portalUrl, LOG_LEVEL: "warn" },
    // A process comes back sooner when its sources are compiled already.
    DRAIN_SECONDS: String(drainSeconds),
    NODE_COMPILE_CACHE: join(tmpdir(), "deskhatch-compiled"),
  };
}
