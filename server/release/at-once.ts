import { log } from "../platform/log.ts";
import type { DoorContext } from "./context.ts";
import { publishTicket } from "./publish.ts";

/**
 * Publishes in the request that released, so that nobody waits for a worker. Every caller has queued the same work in
 * its transaction: when the customers' room does not answer now, the job repeats it until it does.
 */
export async function publishAtOnce(door: DoorContext, ticketId: string): Promise<boolean> {
  try {
    await publishTicket(door, ticketId);
    return true;
  } catch (error) {
    log.warn({ err: error, ticketId }, "the portal could not be brought up to date at once; the job will do it");
    return false;
  }
}

/** A grace period ends between two looks of the job queue: a timer is nearer. The job stays the guarantee. */
export function publishWhenDue(door: DoorContext, ticketId: string, due: Date) {
  const wait = Math.max(0, due.getTime() - Date.now()) + 5;
  const timer = door.apart(() =>
    setTimeout(() => {
      door.timers.delete(timer);
      void publishAtOnce(door, ticketId);
    }, wait),
  );
  timer.unref();
  door.timers.add(timer);
}
