import type { DeskTransaction } from "../desk/database.ts";
import { log } from "../platform/log.ts";
import type { DoorContext } from "./context.ts";
import { publishTickets } from "./publish.ts";

/** `publishAtOnce` is done long before; two that publish the same ticket at once would only wait for each other. */
const headStart = 60_000;

/** Queues the publishing in the transaction that causes it, for the case that this process dies before it has published. */
export const publishInAnyCase = ({ queue }: DoorContext, tx: DeskTransaction, ticketId: string, due = new Date()) =>
  queue.enqueue(tx, "publish-ticket", { ticketId }, { after: new Date(due.getTime() + headStart) });

/**
 * Publishes in the request that released, so that nobody waits for a worker. When the customers' room does not answer
 * now, a job repeats it until it does.
 */
export async function publishAtOnce(door: DoorContext, ticketId: string): Promise<boolean> {
  try {
    await publishTickets(door, [ticketId]);
    return true;
  } catch (error) {
    log.warn({ err: error, ticketId }, "the portal could not be brought up to date at once; the job will do it");
    await door.queue.enqueue(door.desk, "publish-ticket", { ticketId });
    return false;
  }
}

/** A grace period ends between two looks of the job queue: a timer is nearer. The job stays the guarantee. */
export function publishWhenDue(door: DoorContext, ticketId: string, due: Date) {
  const wait = Math.max(0, due.getTime() - Date.now()) + 5;
  const timer = door.apart(() =>
    setTimeout(() => {
      door.timers.delete(timer);
      publishAtOnce(door, ticketId).catch((error: unknown) =>
        log.error({ err: error, ticketId }, "a due reply could not be published at once; the job will do it"),
      );
    }, wait),
  );
  timer.unref();
  door.timers.add(timer);
}
