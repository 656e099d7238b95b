import { log } from "./log.ts";

/** How long something stays ours after the last sign of life, and how often we give one. */
export const oursForSeconds = 20;
const signEvery = 5000;

/**
 * Runs `work` and says again and again that somebody is still at it. So a lease can be short, whatever the work takes:
 * what a killed process held is free again in seconds.
 */
export async function stillAtIt<Result>(say: () => Promise<unknown>, work: () => Promise<Result>): Promise<Result> {
  const timer = setInterval(() => {
    // Then it may become somebody else's: every step asks whether it is ours, or is harmless twice.
    say().catch((error: unknown) => log.warn({ err: error }, "a lease could not be prolonged"));
  }, signEvery);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
