import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { csvSource } from "../desk/crm/csv/source.ts";
import type { CrmSource } from "../desk/crm/source.ts";
import { startAnew } from "../desk/crm/state.ts";
import { type SyncContext, syncCrm } from "../desk/crm/sync.ts";
import { isDeadlock, keepsWaiting, rehearse, transact } from "../desk/database.ts";
import { openDeskQueue } from "../desk/jobs.ts";
import { findAddresses } from "../platform/database/addresses.ts";
import { type ImportReport, importReport, printReport } from "./import-report.ts";
import { withDesk } from "./with-desk.ts";

/** Brings contacts and organizations in from a file. Twice is once. */
export async function importContacts(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      first: { type: "string", default: "10" },
      source: { type: "string", default: "import" },
    },
  });
  const file = positionals[0];
  if (!file) throw new Error("Name the file: import contacts FILE [--dry-run]");
  if (!/^\d+$/.test(values.first))
    throw new Error(`--first says how many of each kind are shown. "${values.first}" is no number.`);
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(values.source) || ["csv", "dataverse"].includes(values.source))
    throw new Error("--source names the list that the file belongs to, in small letters, such as: --source partners");

  const report = importReport(Number(values.first), values["dry-run"]);
  const find = async () => resolve(file);
  await bring(csvSource({ id: values.source, complete: false, find, ignored: report.ignored }), report);
  if (values.json) process.stdout.write(`${JSON.stringify(report.all(), null, 2)}\n`);
  else printReport(basename(file), report.all());
}

async function bring(source: CrmSource, report: ImportReport) {
  await withDesk(async (desk) => {
    const queue = await openDeskQueue(findAddresses().desk);
    const context = { desk, queue };
    try {
      if (report.isRehearsal) await rehearsal(context, source, report);
      else await carryOut(context, source, report);
    } finally {
      await source.close();
      await queue.stop();
    }
  });
}

async function carryOut(context: SyncContext, source: CrmSource, report: ImportReport) {
  await transact(context.desk, (tx) => startAnew(tx, source));
  const outcome = await syncCrm(context, source, { tell: report.hear });
  if (outcome === "overtaken")
    throw new Error(`Another import into "${source.id}" has begun meanwhile. Wait for it, and import this file again.`);
  await report.hearConflicts(context.desk, source.id);
}

/**
 * The import itself, in one transaction that is taken back: it tells just what an import would do. Whoever writes one of
 * its people meanwhile, as a mail from an unknown address does, waits for it; so it ends when somebody waits.
 */
async function rehearsal(context: SyncContext, source: CrmSource, report: ImportReport) {
  const whole = rehearse(context.desk, async (tx) => {
    await startAnew(tx, source);
    const enough = () => keepsWaiting(tx);
    if ((await syncCrm(context, source, { rehearsal: tx, enough, tell: report.hear })) === "more") report.brokenOff();
    await report.hearConflicts(tx, source.id);
  });
  await whole.catch((cause: unknown) => {
    if (!isDeadlock(cause)) throw cause;
    throw new Error(
      "Somebody changed the same people at the same moment. Nothing was changed; start the dry run again.",
      {
        cause,
      },
    );
  });
}
