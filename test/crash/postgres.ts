import { execFileSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { startPostgres } from "../../server/platform/database/embedded.ts";
import type { Unit } from "./process.ts";

export type Postgres = Pick<Unit, "name" | "isReady" | "kill" | "stop" | "starts"> & {
  superuser: string;
  port: number;
  /** At once, when there is no time to wait for it. */
  end: () => void;
};

/** The database's processes, killed all at once as a failing machine would: what was not flushed is gone. */
export async function supervisePostgres(folder: string): Promise<Postgres> {
  const starts: number[] = [];
  let server = await startPostgres(folder);
  const { port, superuser } = server;
  let ready = true;
  let starting: Promise<void> = Promise.resolve();

  const start = async () => {
    const began = Date.now();
    server = await again(folder, port);
    starts.push(Date.now() - began);
    ready = true;
  };
  return {
    name: "PostgreSQL",
    superuser,
    port,
    starts,
    isReady: () => ready,
    kill: () => {
      ready = false;
      for (const pid of [server.pid, ...childrenOf(server.pid)]) killHard(pid);
      starting = start();
    },
    end: () => killHard(server.pid),
    stop: async () => {
      await starting;
      await server.stop();
    },
  };
}

/** What was killed may hold its memory, and somebody's passing connection its port, for a moment longer. */
async function again(folder: string, port: number) {
  for (let tries = 1; ; tries++)
    try {
      return await startPostgres(folder, { port: String(port) });
    } catch (error) {
      if (tries === 20) throw error;
      await pause(500);
    }
}

function childrenOf(pid: number): number[] {
  const list = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  return list
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}

function killHard(pid: number) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}
