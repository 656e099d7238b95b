/** The door's own connection to the customers' room. No other folder has it. */
import pg from "pg";
import { type Prisma, PrismaClient } from "../../prisma/generated/portal/client.ts";
import { openAdapter, own } from "../platform/database/own-statements.ts";
import { log } from "../platform/log.ts";

/** The portal's tables, for reading. */
export type Publisher = PrismaClient;

declare const insideTransaction: unique symbol;

/** The portal's tables, for writing. Only `changePortal` hands one out. */
export type PortalTransaction = Prisma.TransactionClient & { readonly [insideTransaction]: true };

/** `url`: the address of the role `publisher`. */
export const openPublisher = (url: string, connections = 6): Publisher =>
  new PrismaClient({
    adapter: openAdapter(url, connections),
  });

/** Runs `work` in one transaction of the customers' room: all of it happens, or nothing. */
export function changePortal<Result>(publisher: Publisher, work: (tx: PortalTransaction) => Promise<Result>) {
  return own(
    (run) => publisher.$transaction(run, { timeout: 30_000, maxWait: 10_000 }),
    (tx: Prisma.TransactionClient) => work(tx as PortalTransaction),
  );
}

/** Until the transaction ends nobody else has the lock of this name: a ticket's id, a file's hash. */
export const lock = (tx: PortalTransaction, name: string) =>
  tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`;

/** Several at once, in one order, so that two cannot wait for each other. */
export const lockAll = (tx: PortalTransaction, names: string[]) =>
  tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(name, 0)) from (select unnest(${names}::text[]) as name order by 1) n`;

export type Listening = { close: () => Promise<void> };

/**
 * Calls `heard` whenever the portal's process says that something waits on a channel, and after every reconnection,
 * because what was said meanwhile is lost. It is a hint only: a schedule finds what no hint announced.
 */
export async function listenTo(url: string, channels: Record<string, () => Promise<void>>): Promise<Listening> {
  let closed = false;
  let client: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;

  const wake = (channel: string) => {
    channels[channel]?.().catch((error: unknown) => log.error({ err: error, channel }, "a wake-up call failed"));
  };
  const reconnectSoon = () => {
    if (!closed) again = setTimeout(connect, 2000);
  };
  async function connect() {
    const next = new pg.Client({ connectionString: url, keepAlive: true });
    client = next;
    next.on("notification", ({ channel }) => wake(channel));
    // A lost connection says `error`, then `end`: the second one brings us back.
    next.on("error", (error) => log.warn({ err: error }, "the listening connection to the portal's database was lost"));
    next.once("end", reconnectSoon);
    try {
      await next.connect();
      for (const channel of Object.keys(channels)) await next.query(`listen ${next.escapeIdentifier(channel)}`);
      for (const channel of Object.keys(channels)) wake(channel);
    } catch (error) {
      log.warn({ err: error }, "the portal's database does not answer; trying again in 2 s");
      await next.end();
    }
  }

  await connect();
  return {
    close: async () => {
      closed = true;
      clearTimeout(again);
      await client?.end();
    },
  };
}
