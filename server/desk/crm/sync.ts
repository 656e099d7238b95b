/**
 * Brings the desk into agreement with a CRM, batch by batch. Each batch is one transaction with the place to go on from,
 * so that nothing is taken in twice and nothing is lost, however often it is ended in between.
 */
import { type Desk, type DeskTransaction, transact } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { agree } from "./agree.ts";
import type { Batch } from "./batch.ts";
import { clean } from "./clean.ts";
import { readKnown } from "./known.ts";
import { type CrmSource, CrmTrouble } from "./source.ts";
import { isStillAt, keepState, readState } from "./state.ts";
import { nextStep, type Step } from "./steps.ts";
import { Overtaken, write } from "./write.ts";

export type SyncContext = { desk: Desk; queue: Pick<DeskQueue, "enqueueAll"> };

export type SyncOptions = {
  /** Asked between two batches, whether to end there; the next time goes on from there. */
  enough?: () => boolean | Promise<boolean>;
  /** A transaction that is taken back afterwards: everything is only rehearsed in it. */
  rehearsal?: DeskTransaction;
  /** Hears what each batch did. */
  tell?: (batch: Batch) => void;
};

/** `done`: the desk agrees. `more`: there was no time for everything. `overtaken`: another process is at it. */
export type Synced = "done" | "more" | "overtaken";

export async function syncCrm(context: SyncContext, source: CrmSource, options: SyncOptions = {}): Promise<Synced> {
  const { rehearsal } = options;
  const run = <Result>(work: (tx: DeskTransaction) => Promise<Result>) =>
    rehearsal ? work(rehearsal) : transact(context.desk, work);
  const places = new Set<string>();
  for (;;) {
    const { cursor, round } = await run((tx) => readState(tx, source));
    const state = { cursor, round };
    // A rehearsal has to see what it did so far.
    const step = await nextStep(rehearsal ?? context.desk, source, state);
    if (step) refuseCircle(source, places, step);
    if (!step) {
      await run((tx) => keepState(tx, source.id, state));
      return "done";
    }
    const isOurs = async (tx: DeskTransaction) => rehearsal !== undefined || isStillAt(tx, source.id, state);
    const work = async (tx: DeskTransaction) =>
      (await isOurs(tx)) ? take(context, tx, source, state.round, step) : null;
    const batch = await insist(() => run(work));
    if (!batch) return "overtaken";
    options.tell?.(batch);
    if (step.next.cursor.doing === "rest") return "done";
    if (await options.enough?.()) return "more";
  }
}

/** A CRM whose pages lead back to one that was read would be read for ever. */
function refuseCircle({ name }: CrmSource, places: Set<string>, { next, retry }: Step) {
  const place = JSON.stringify(next);
  if (!retry && places.has(place))
    throw new CrmTrouble("lasting", `${name} sends us in a circle. Nothing is lost; it is read again in a minute.`);
  places.add(place);
}

async function take(
  { queue }: SyncContext,
  tx: DeskTransaction,
  source: CrmSource,
  round: number,
  step: Step,
): Promise<Batch> {
  if (step.next.round > round) await forgetLines(tx, source.id);
  const changes = step.changes.map(clean);
  const batch: Batch = {
    source,
    round: step.next.round,
    retry: step.retry,
    known: await readKnown(tx, source.id, changes),
    told: [],
    conflicts: [],
    leftAlone: new Set(),
    now: new Date(),
  };
  agree(batch, changes);
  await write(tx, queue, batch, changes);
  await keepState(tx, source.id, step.next);
  return batch;
}

/** Lines that could not be read have no record; a new reading says anew which they are. */
const forgetLines = (tx: DeskTransaction, sourceId: string) =>
  tx.crmConflict.deleteMany({ where: { sourceId, externalId: { startsWith: "line " } } });

/** An agent may give away an address at the moment in which we do. */
async function insist<Result>(work: () => Promise<Result>, attempts = 5): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Overtaken) || attempts === 1) throw error;
    return insist(work, attempts - 1);
  }
}
