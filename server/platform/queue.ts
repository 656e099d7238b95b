/**
 * Work that happens after its cause: pg-boss in the desk's database.
 * A job is written in the transaction that causes it, and waiting workers are woken by NOTIFY at the commit.
 */
import { fromPrisma, type Job, type JobResult, PgBoss, type Queue as QueueSettings } from "pg-boss";
import { log } from "./log.ts";

/** Whoever can run SQL inside a transaction: Prisma's transaction client. */
export type Transaction = Parameters<typeof fromPrisma>[0];

export type Wish = { after?: Date | undefined; key?: string | undefined };

export type Queue<Jobs extends Record<string, object>> = {
  /** Both happen, the transaction and the job, or neither. `key`: at most one waiting job of that name and key. */
  enqueue: <Name extends keyof Jobs & string>(
    tx: Transaction,
    name: Name,
    data: Jobs[Name],
    wish?: Wish,
  ) => Promise<void>;
  /** Many jobs of one name in one statement. */
  enqueueAll: <Name extends keyof Jobs & string>(
    tx: Transaction,
    name: Name,
    jobs: (Wish & { data: Jobs[Name] })[],
  ) => Promise<void>;
  /** The handler must be safe to run twice. A job that fails is logged here, and tried again. */
  work: <Name extends keyof Jobs & string>(
    name: Name,
    handle: (data: Jobs[Name]) => Promise<void>,
    options?: WorkOptions<Jobs[Name]>,
  ) => Promise<void>;
  /** Runs on one process at a time; whoever else wants it says the key "all". `cron` in UTC, five fields. */
  every: <Name extends keyof Jobs & string>(name: Name, cron: string, data: Jobs[Name]) => Promise<void>;
  /** How many jobs are due or running; tests and the bench wait for 0. */
  busy: () => Promise<number>;
  /** Takes no further jobs: this process is about to stop. Those under way go on, and new ones can be written. */
  rest: () => Promise<void>;
  /** What takes long looks whether it should leave the rest to another process. */
  isResting: () => boolean;
  /** Waits for jobs under way; one that does not end is given to another process. */
  stop: () => Promise<void>;
};

/** After it has rested, which took as long as the last requests. */
const endWithin = 5000;

export type WorkOptions<Data> = {
  /** How many of that name run at once in this process. */
  sideBySide?: number;
  /** How many a worker takes at a time, one after the other; those that ask for the same are done once. */
  atATime?: number;
  /** Does those that were taken together in one go. When that fails, each is done by itself, and its failure is its own. */
  together?: (all: Data[]) => Promise<void>;
  /** A job that was due at once is announced; how long one with a later time may lie after it. */
  latestSeconds?: number;
};

/**
 * A job whose process died is tried again by another after so many seconds without a sign of life (pg-boss allows no less),
 * and so many until somebody looks.
 */
const missedAfter = 10;
const overseenEvery = 5;

/**
 * What differs from the usual: five retries, backing off from 1 s to 5 min. `oneAtATime`: of each key one job waits and one
 * runs, over all processes.
 */
type Settings = Partial<Omit<QueueSettings, "policy">> & { oneAtATime?: true };

/** `settings` names every queue. */
export async function openQueue<Jobs extends Record<string, object>>(
  url: string,
  settings: { [Name in keyof Jobs]: Settings },
): Promise<Queue<Jobs>> {
  const boss = new PgBoss({
    connectionString: url,
    schema: "jobs",
    useListenNotify: true,
    max: 6,
    superviseIntervalSeconds: overseenEvery,
    monitorIntervalSeconds: overseenEvery,
    // What a crash takes back here is that a job was begun or done, and handlers may run twice. New jobs do not come
    // this way: they are as durable as the transaction that causes them.
    options: "-c synchronous_commit=off",
  });
  boss.on("error", (error) => log.error({ err: error }, "the job queue met an error"));
  await boss.start();
  for (const [name, { oneAtATime, ...own }] of Object.entries<Settings>(settings)) {
    const usual = {
      notify: true,
      retryLimit: 5,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 300,
      expireInSeconds: 120,
      heartbeatSeconds: missedAfter,
      deleteAfterSeconds: 3600,
    };
    await agree(boss, name, { ...usual, ...own }, oneAtATime ? "short" : "standard");
  }

  let resting = false;
  return {
    rest: async () => {
      resting = true;
      await Promise.all(Object.keys(settings).map((name) => boss.offWork(name, { wait: false })));
    },
    isResting: () => resting,
    enqueue: async (tx, name, data, wish = {}) => {
      await boss.send(name, data, { db: fromPrisma(tx), ...asBossSays(wish) });
    },
    enqueueAll: async (tx, name, jobs) => {
      const rows = jobs.map(({ data, ...wish }) => ({ data, ...asBossSays(wish) }));
      if (rows.length) await boss.insert(name, rows, { db: fromPrisma(tx) });
    },
    work: async (name, handle, { sideBySide = 1, atATime = 1, together, latestSeconds = 10 } = {}) => {
      const each = (job: Job<Jobs[typeof name]>) => outcomeOf(name, job, handle);
      await boss.work<Jobs[typeof name]>(
        name,
        {
          localConcurrency: sideBySide,
          batchSize: atATime,
          ...(settings[name].oneAtATime && { groupConcurrency: 1 }),
          burstWhenBatchFull: atATime > 1,
          perJobResults: true,
          pollingIntervalSeconds: Math.min(2, latestSeconds),
          notifyPollingIntervalSeconds: latestSeconds,
        },
        async (jobs) => (together && (await inOneGo(name, jobs, together))) || inTurn(jobs, each),
      );
    },
    every: async (name, cron, data) => {
      // The key that others give it, too: otherwise the schedule's job would run beside theirs.
      await boss.schedule(name, cron, data, { tz: "UTC", ...ofKey("all") });
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
    stop: () => boss.stop({ graceful: true, timeout: endWithin }),
  };
}

const asBossSays = ({ after, key }: Wish) => ({
  ...(after && { startAfter: after }),
  ...(key && ofKey(key)),
});

/**
 * Of one key one job waits (policy "short") and one runs (group). pg-boss has a policy for both, "stately", but believes for
 * up to a minute that what was running when it last looked is running still, and leaves the next job of that key lying.
 */
const ofKey = (key: string) => ({ singletonKey: key, group: { id: key } });

/** A queue's policy cannot be changed. Jobs that go with it are only hints: the schedule makes them again. */
async function agree(boss: PgBoss, name: string, options: Partial<QueueSettings>, policy: "short" | "standard") {
  const known = await boss.getQueue(name);
  if (known?.policy === policy) return boss.updateQueue(name, options);
  if (known) await boss.deleteQueue(name);
  await boss.createQueue(name, { ...options, policy });
}

type Outcome = Omit<JobResult, "id">;

/** Null when there is nothing to put together, or when it failed. */
async function inOneGo<Data>(
  name: string,
  jobs: Job<Data>[],
  together: (all: Data[]) => Promise<void>,
): Promise<JobResult[] | null> {
  const different = [...new Map(jobs.map(({ data }) => [JSON.stringify(data), data])).values()];
  if (different.length < 2) return null;
  try {
    await together(different);
    return jobs.map(({ id }) => ({ id, status: "completed" }));
  } catch (error) {
    log.warn({ err: error, job: name, jobs: jobs.length }, "jobs failed together; each is tried by itself");
    return null;
  }
}

/** One job's failure is its own: those taken with it go on. */
async function inTurn<Data>(jobs: Job<Data>[], each: (job: Job<Data>) => Promise<Outcome>): Promise<JobResult[]> {
  const done = new Map<string, Outcome>();
  const results: JobResult[] = [];
  for (const job of jobs) {
    const same = JSON.stringify(job.data);
    const outcome = done.get(same) ?? (await each(job));
    done.set(same, outcome);
    results.push({ ...outcome, id: job.id });
  }
  return results;
}

async function outcomeOf<Data>(name: string, job: Job<Data>, handle: (data: Data) => Promise<void>): Promise<Outcome> {
  try {
    await handle(job.data);
    return { status: "completed" };
  } catch (error) {
    log.warn({ err: error, job: name, jobId: job.id }, "a job failed; it will be tried again");
    return { status: "failed", output: error };
  }
}
