import { log } from "./log.ts";

/**
 * Starts something and keeps it until SIGINT, SIGTERM, or until the parent that started it is gone; then it ends in order.
 * What stops it from starting is said in one sentence, with exit code 1.
 */
export async function runUntilTold(start: () => Promise<() => Promise<void>>) {
  // Heard from the first moment on: who is told while starting ends as soon as it has started.
  const told = new Promise<void>((hear) => {
    for (const sign of ["SIGINT", "SIGTERM", "disconnect"]) process.once(sign, () => hear());
  });
  // Whatever hangs must not keep the process: ten seconds are twice what the slowest part may take.
  void told.then(() => setTimeout(() => process.exit(1), 10_000).unref());

  try {
    const stop = await start();
    await told;
    await stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    log.debug({ err: error }, "ended by an error");
    process.exit(1);
  }
}
