/** One of our processes under a supervisor: whenever it ends, it is started again. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export type Unit = {
  name: string;
  pid: () => number | undefined;
  isReady: () => boolean;
  /** kill -9. It comes back by itself. */
  kill: () => void;
  stop: () => Promise<void>;
  /** Ends in order, told so once or twice, and is started again. Says how it ended and how long that took. */
  restart: (wish: { told: 1 | 2 }) => Promise<{ ms: number; how: string }>;
  /** How long each start took until it was ready, in ms. */
  starts: number[];
  /** Ends that nobody wished for, with the last words. `ready`: it had been open for customers or agents. */
  deaths: { at: number; ready: boolean; words: string }[];
};

type Program = { name: string; args: string[]; env: NodeJS.ProcessEnv; port: number; logFile: string };

export function supervise({ name, args, env, port, logFile }: Program): Unit {
  const starts: number[] = [];
  const deaths: Unit["deaths"] = [];
  let child: ChildProcess | null = null;
  let ready = false;
  let killed = false;
  let restarting = false;
  let stopping = false;
  let gone: Promise<void> = Promise.resolve();

  function start() {
    const log = openSync(logFile, "a");
    const began = Date.now();
    const mine = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", log, log, "ipc"] });
    child = mine;
    killed = false;
    restarting = false;
    gone = new Promise((end) =>
      mine.once("exit", () => {
        if (!killed && !restarting && !stopping) deaths.push({ at: Date.now(), ready, words: lastWords(logFile) });
        ready = false;
        child = null;
        end();
        if (!stopping) setTimeout(() => stopping || start(), killed || restarting ? 0 : 500);
      }),
    );
    void watch(mine).then((open) => {
      if (!open) return;
      ready = true;
      starts.push(Date.now() - began);
    });
  }

  async function watch(mine: ChildProcess): Promise<boolean> {
    while (child === mine && !killed) {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
      if (answer?.ok && child === mine && !killed) return true;
      await pause(50);
    }
    return false;
  }

  start();
  return {
    name,
    starts,
    deaths,
    pid: () => child?.pid,
    isReady: () => ready,
    kill: () => {
      killed = true;
      ready = false;
      child?.kill("SIGKILL");
    },
    restart: async ({ told }) => {
      const mine = child;
      if (!mine) throw new Error(`${name} is not there to be stopped.`);
      const ended = once(mine, "exit");
      const began = Date.now();
      restarting = true;
      mine.kill("SIGTERM");
      if (told === 2) setTimeout(() => mine.kill("SIGTERM"), 200);
      const [code, signal] = await ended;
      return { ms: Date.now() - began, how: signal ?? `code ${code}` };
    },
    stop: async () => {
      stopping = true;
      child?.kill("SIGTERM");
      await gone;
    },
  };
}

const lastWords = (logFile: string) => readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-3).join("\n");
