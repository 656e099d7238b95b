import { log } from "./log.ts";

/**
 * Starts something and keeps it until SIGINT, SIGTERM, or until the parent that started it is gone; then it ends in order.
 * What stops it from starting is said in one sentence, with exit code 1.
 */
export async function runUntilTold(start: () => Promise<() => Promise<void>>) {
  let stop: () => Promise<void>;
  try {
    stop = await start();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (process.env.LOG_LEVEL === "debug") log.debug({ err: error }, "could not start");
    process.exit(1);
  }

  let stopping = false;
  const end = async () => {
    if (stopping) return;
    stopping = true;
    // Whatever hangs must not keep the process: ten seconds are twice what the slowest part may take.
    setTimeout(() => process.exit(1), 10_000).unref();
    await stop();
    process.exit(0);
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  process.on("disconnect", end);
}
