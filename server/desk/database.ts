import { AsyncLocalStorage } from "node:async_hooks";
import { isDriverAdapterError } from "@prisma/driver-adapter-utils";
import { Prisma, PrismaClient } from "../../prisma/generated/desk/client.ts";
import { openAdapter, own } from "../platform/database/own-statements.ts";

declare const insideTransaction: unique symbol;

/** The desk's tables, for reading. */
export type Desk = PrismaClient;

/** The desk's tables, for writing. Only `transact` hands one out, so every write is in a transaction. */
export type DeskTransaction = Prisma.TransactionClient & { readonly [insideTransaction]: true };

/** `url`: the address of the role `desk`. `connections`: the pool's size. */
export function openDesk(url: string, connections = 12): Desk {
  return new PrismaClient({
    adapter: openAdapter(url, connections),
  });
}

/** Runs `work` in one transaction: all of it happens, or nothing. Never call another machine inside. */
export async function transact<Result>(
  desk: Desk,
  work: (tx: DeskTransaction) => Promise<Result>,
  attempts = 4,
): Promise<Result> {
  const leave = trace.getStore();
  const whole = async (client: Prisma.TransactionClient) => {
    const tx = client as DeskTransaction;
    endings.set(tx, []);
    const result = await work(tx);
    await leave?.(tx);
    for (const end of endings.get(tx) ?? []) await end();
    return result;
  };
  try {
    return await own((work) => desk.$transaction(work, { timeout: 15_000, maxWait: 10_000 }), whole);
  } catch (error) {
    if (attempts > 1 && isDeadlock(error)) return transact(desk, work, attempts - 1);
    throw error;
  }
}

/**
 * The same for work that asks the same for every mail: PostgreSQL plans each statement once per connection, and by an index.
 * Left to itself it plans the larger ones every time, because it thinks that planning costs less than it does; and it reads
 * the tables of a young desk from end to end, mail by mail, until it has counted their rows.
 */
export const transactOften = <Result>(desk: Desk, work: (tx: DeskTransaction) => Promise<Result>): Promise<Result> =>
  transact(desk, async (tx) => {
    await tx.$queryRaw`
      select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)`;
    return work(tx);
  });

/** Two wanted the same rows in different order, and PostgreSQL ended this one: nothing of it happened, so it runs again. */
export const isDeadlock = (error: unknown) =>
  (error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2034") ||
  (isDriverAdapterError(error) && error.cause.kind === "TransactionWriteConflict");

const endings = new WeakMap<object, (() => Promise<unknown>)[]>();

/**
 * Collects what a transaction has to write many times and writes it once, at its end: audit records, jobs.
 * Outside `transact` there is no end to wait for: it is written at once.
 */
export function atTheEnd<Transaction extends object, Item>(
  write: (tx: Transaction, items: Item[]) => Promise<unknown>,
): (tx: Transaction, item: Item) => Promise<void> {
  const collected = new WeakMap<Transaction, Item[]>();
  return async (tx, item) => {
    const ending = endings.get(tx);
    const items = collected.get(tx);
    if (!ending) await write(tx, [item]);
    else if (items) items.push(item);
    else {
      const first = [item];
      collected.set(tx, first);
      ending.push(() => write(tx, first));
    }
  };
}

/** Runs `work` for its answer, and takes back everything it did. What it touched is locked until then: see `keepsWaiting`. */
export async function rehearse<Result>(desk: Desk, work: (tx: DeskTransaction) => Promise<Result>): Promise<Result> {
  const answers: Result[] = [];
  const takenBack = new Error("The rehearsal is over.");
  const whole = async (tx: Prisma.TransactionClient) => {
    answers.push(await work(tx as DeskTransaction));
    throw takenBack;
  };
  const open = (work: typeof whole) => desk.$transaction(work, { timeout: 3600_000, maxWait: 10_000 });
  await own(open, whole).catch((error: unknown) => {
    if (error !== takenBack) throw error;
  });
  return answers[0] as Result;
}

/** Whether somebody waits for what this transaction has locked. */
export async function keepsWaiting(tx: DeskTransaction): Promise<boolean> {
  const rows = await tx.$queryRaw<object[]>`
    select w.pid from pg_locks w where not w.granted and pg_backend_pid() = any(pg_blocking_pids(w.pid)) limit 1`;
  return rows.length > 0;
}

type Leave = (tx: DeskTransaction) => Promise<unknown>;
const trace = new AsyncLocalStorage<Leave>();

/** Every transaction inside `work` also does `leave`, so that an effect and its trace are one (see idempotency.ts). */
export const leaving = <Result>(leave: Leave, work: () => Promise<Result>): Promise<Result> => trace.run(leave, work);
