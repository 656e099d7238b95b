import { log } from "./log.ts";

/** Whatever hangs must not keep the process: supervisors kill after thirty seconds (Kubernetes' default, Docker's is ten). */
const atMost = 29_000;

/**
 * Starts something and keeps it until SIGINT, SIGTERM, or until the parent that started it is gone; then it ends in order.
 * What stops it from starting is said in one sentence, with exit code 1.
 */
export async function runUntilTold(start: () => Promise<() => Promise<void>>) {
  // Heard from the first moment on: who is told while starting ends as soon as it has started. Told again, it goes on
  // ending in order; a listener that is gone would let the second signal kill what is under way.
  const told = new Promise<void>((hear) => {
    for (const sign of ["SIGINT", "SIGTERM", "disconnect"]) process.on(sign, () => hear());
  });
  void told.then(() => setTimeout(() => process.exit(1), atMost).unref());

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
