import type { DeskContext } from "../context.ts";
import { transact } from "../database.ts";
import { watchedCsv } from "./csv/watched.ts";
import { openAsk } from "./dataverse/ask.ts";
import { dataverseSource } from "./dataverse/source.ts";
import { dataverseWriter } from "./dataverse/writer.ts";
import { writeBack } from "./out/write-back.ts";
import { type CrmSource, CrmTrouble, type CrmWriter } from "./source.ts";
import { readState } from "./state.ts";
import { type SyncOptions, syncCrm } from "./sync.ts";
import { noteCrmTrouble, stayAway } from "./trouble.ts";

/** A job ends before its queue gives it up for dead; what is left is the next job's. */
const sliceMs = 60_000;

/** The CRMs that the settings name. */
export function openCrms({ settings }: Pick<DeskContext, "settings">): CrmSource[] {
  const { CRM_CSV, DATAVERSE_URL } = settings;
  return [
    ...(CRM_CSV ? [watchedCsv(CRM_CSV)] : []),
    ...(DATAVERSE_URL ? [dataverseSource(openAsk({ ...settings, DATAVERSE_URL }))] : []),
  ];
}

function openWriter({ settings }: Pick<DeskContext, "settings">): CrmWriter | null {
  const { DATAVERSE_URL, DATAVERSE_WRITE_BACK } = settings;
  return DATAVERSE_URL && DATAVERSE_WRITE_BACK === "yes"
    ? dataverseWriter(openAsk({ ...settings, DATAVERSE_URL }))
    : null;
}

/** Starts following the CRMs. Returns how to end. */
export async function crmWorkers(context: DeskContext): Promise<() => Promise<void>> {
  const { desk, queue } = context;
  const sources = openCrms(context);
  await queue.work("sync-crm", async ({ sourceId }) => {
    const source = sources.find(({ id }) => id === sourceId);
    if (!source) return;
    const end = Date.now() + sliceMs;
    const synced = await followCrm(context, source, { enough: () => Date.now() >= end || queue.isResting() });
    if (synced === "more") await transact(desk, (tx) => queue.enqueue(tx, "sync-crm", { sourceId }, { key: sourceId }));
  });
  const writer = openWriter(context);
  await queue.work("write-crm", async () => {
    if (writer) await writeBack(context, writer, new Date(Date.now() + sliceMs));
  });
  await queue.work("sync-crms", () =>
    transact(desk, async (tx) => {
      for (const { id } of sources) await queue.enqueue(tx, "sync-crm", { sourceId: id }, { key: id });
      if (writer) await queue.enqueue(tx, "write-crm", {}, { key: "all" });
    }),
  );
  if (sources.length) await transact(desk, (tx) => queue.enqueue(tx, "sync-crms", {}, { key: "all" }));
  return async () => {
    for (const source of sources) await source.close();
  };
}

/** One reading. What is wrong is told on the CRM, and the schedule asks again. */
export async function followCrm(
  context: Pick<DeskContext, "desk" | "queue">,
  source: CrmSource,
  options: SyncOptions = {},
) {
  const { desk } = context;
  const { pausedUntil, lastSyncedAt, createdAt } = await transact(desk, (tx) => readState(tx, source));
  if (pausedUntil && pausedUntil.getTime() > Date.now()) return "paused";
  try {
    return await syncCrm(context, source, options);
  } catch (error) {
    if (!(error instanceof CrmTrouble)) throw error;
    if (error.retryAt) await stayAway(desk, source.id, error.retryAt);
    if (error.kind === "lasting" || isSilent(lastSyncedAt ?? createdAt))
      await noteCrmTrouble(desk, source.id, error.message);
    return "trouble";
  }
}

/** So long without an answer is no hiccup. */
const silentAfter = 15 * 60_000;
const isSilent = (since: Date) => Date.now() - since.getTime() > silentAfter;
