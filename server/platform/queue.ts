/**
 * Work that happens after its cause: pg-boss in the desk's database.
 * A job is written in the transaction that causes it, and waiting workers are woken by NOTIFY at the commit.
 */
import { fromPrisma, type Job, PgBoss, type Queue as QueueSettings } from "pg-boss";
import { log } from "./log.ts";

/** Whoever can run SQL inside a transaction: Prisma's transaction client. */
type Transaction = Parameters<typeof fromPrisma>[0];

export type Queue<Jobs extends Record<string, object>> = {
  /** Both happen, the transaction and the job, or neither. `key`: at most one waiting job of that name and key. */
  enqueue: <Name extends keyof Jobs & string>(
    tx: Transaction,
    name: Name,
    data: Jobs[Name],
    options?: { after?: Date; key?: string },
  ) => Promise<void>;
  /** Many jobs of one name in one statement. */
  enqueueAll: <Name extends keyof Jobs & string>(tx: Transaction, name: Name, data: Jobs[Name][]) => Promise<void>;
  /** `side by side`: how many of that name run at once in this process. The handler must be safe to run twice. */
  work: <Name extends keyof Jobs & string>(
    name: Name,
    handle: (data: Jobs[Name]) => Promise<void>,
    options?: { sideBySide?: number },
  ) => Promise<void>;
  /** Runs on one process at a time. `cron` in UTC, five fields. */
  every: <Name extends keyof Jobs & string>(name: Name, cron: string, data: Jobs[Name]) => Promise<void>;
  /** How many jobs are due or running; tests and the bench wait for 0. */
  busy: () => Promise<number>;
  stop: () => Promise<void>;
};

/** `settings` names every queue, with what differs from the usual: five retries, backing off from 1 s to 5 min. */
export async function openQueue<Jobs extends Record<string, object>>(
  url: string,
  settings: { [Name in keyof Jobs]: Partial<QueueSettings> },
): Promise<Queue<Jobs>> {
  const boss = new PgBoss({ connectionString: url, schema: "jobs", useListenNotify: true, max: 6 });
  boss.on("error", (error) => log.error({ err: error }, "the job queue met an error"));
  await boss.start();
  for (const [name, own] of Object.entries<Partial<QueueSettings>>(settings)) {
    const usual = {
      notify: true,
      retryLimit: 5,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 300,
      expireInSeconds: 120,
      deleteAfterSeconds: 3600,
    };
    const { policy, ...options } = { ...usual, ...own };
    if (await boss.getQueue(name)) await boss.updateQueue(name, options);
    else await boss.createQueue(name, policy ? { ...options, policy } : options);
  }

  return {
    enqueue: async (tx, name, data, { after, key } = {}) => {
      await boss.send(name, data, {
        db: fromPrisma(tx),
        ...(after && { startAfter: after }),
        ...(key && { singletonKey: key }),
      });
    },
    enqueueAll: async (tx, name, data) => {
      if (data.length)
        await boss.insert(
          name,
          data.map((each) => ({ data: each })),
          { db: fromPrisma(tx) },
        );
    },
    work: async (name, handle, { sideBySide = 1 } = {}) => {
      const run = async ([job]: Job<Jobs[typeof name]>[]) => {
        if (job) await handle(job.data);
      };
      await boss.work(
        name,
        { localConcurrency: sideBySide, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 10 },
        run,
      );
    },
    every: async (name, cron, data) => {
      await boss.schedule(name, cron, data, { tz: "UTC" });
    },
    busy: async () => {
      const { rows } = await boss
        .getDb()
        .executeSql(
          "select count(*)::int as busy from jobs.job where state = 'active' or (state in ('created', 'retry') and start_after <= now())",
          [],
        );
      return Number(rows[0]?.busy ?? 0);
    },
    stop: () => boss.stop({ graceful: true, timeout: 5000 }),
  };
}
