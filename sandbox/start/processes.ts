import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export type Running = {
  stop: () => Promise<void>;
  /** Resolves with a sentence when the process ends although nobody stopped it. */
  ended: Promise<string>;
  pid: number;
};

/** Starts one of our processes and waits until it says it is ready. It ends by itself when this process is gone (IPC). */
export async function startProcess(
  name: string,
  args: string[],
  readyUrl: string,
  env: NodeJS.ProcessEnv,
): Promise<Running> {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  let last = "";
  let wanted = true;
  const listen = (chunk: Buffer) => {
    last = (last + chunk.toString()).slice(-4000);
    if (process.env.LOG_LEVEL) process.stderr.write(chunk);
  };
  child.stdout?.on("data", listen);
  child.stderr?.on("data", listen);

  const gone = once(child, "exit").then(
    ([code, signal]) => `The ${name} ended (${signal ?? `code ${code}`}).\n${last}`,
  );
  await Promise.race([ready(readyUrl), gone.then((why) => Promise.reject(new Error(why)))]);

  return {
    pid: child.pid ?? 0,
    stop: () => {
      wanted = false;
      return stop(child);
    },
    ended: new Promise((tell) => gone.then((why) => wanted && tell(why))),
  };
}

async function ready(url: string) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await pause(50);
  }
  throw new Error(`${url} did not answer within a minute.`);
}

async function stop(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
