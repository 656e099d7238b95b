import { parseArgs } from "node:util";
import { startAnew } from "../desk/crm/state.ts";
import { followCrm, openCrms } from "../desk/crm/workers.ts";
import { transact } from "../desk/database.ts";
import { openDeskQueue } from "../desk/jobs.ts";
import { deskSettings } from "../platform/config.ts";
import { findAddresses } from "../platform/database/addresses.ts";
import { withDesk } from "./with-desk.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Where contacts come from, how that goes, and what waits for a person. */
export async function crmStatus(args: string[]) {
  const { first } = parseArgs({ args, options: { first: { type: "string", default: "20" } } }).values;
  await withDesk(async (desk) => {
    const sources = await desk.crmSource.findMany({
      orderBy: { id: "asc" },
      take: 100,
      select: { id: true, lastSyncedAt: true, trouble: true, _count: { select: { links: true, conflicts: true } } },
    });
    if (!sources.length) say("No CRM yet. Set CRM_CSV or DATAVERSE_URL, or bring a file in with: import contacts FILE");
    for (const { id, lastSyncedAt, trouble, _count } of sources)
      say(
        `${id}  ${_count.links} records  ${_count.conflicts} conflicts  last read: ${lastSyncedAt?.toISOString() ?? "never"}  ${trouble ?? "well"}`,
      );
    const conflicts = await desk.crmConflict.findMany({
      orderBy: [{ sourceId: "asc" }, { kind: "asc" }, { externalId: "asc" }],
      take: Number(first) || 0,
      select: { sourceId: true, sentence: true },
    });
    for (const { sourceId, sentence } of conflicts) say(`  ${sourceId}: ${sentence}`);
    const refused = await desk.crmWriting.findMany({
      where: { state: "refused" },
      orderBy: { createdAt: "desc" },
      take: Number(first) || 0,
      select: { sourceId: true, because: true },
    });
    for (const { sourceId, because } of refused) say(`  not told to ${sourceId}: ${because}`);
  });
}

/** Reads every CRM of the settings now, from the start. */
export async function syncNow(args: string[]) {
  const { values } = parseArgs({ args, options: { "accept-missing": { type: "boolean", default: false } } });
  const settings = deskSettings();
  const sources = openCrms({ settings });
  if (!sources.length) throw new Error("No CRM is set. Set CRM_CSV or DATAVERSE_URL (.env.example explains them).");
  await withDesk(async (desk) => {
    const queue = await openDeskQueue(findAddresses().desk);
    try {
      for (const source of sources) {
        await transact(desk, (tx) => startAnew(tx, source, values["accept-missing"]));
        const outcome = await followCrm({ desk, queue }, source);
        const { trouble } = await desk.crmSource.findUniqueOrThrow({
          where: { id: source.id },
          select: { trouble: true },
        });
        say(`${source.id}: ${trouble ?? told[outcome]}`);
      }
    } finally {
      for (const source of sources) await source.close();
      await queue.stop();
    }
  });
}

const told = {
  done: "read to its end.",
  more: "read in part; the desk goes on.",
  overtaken: "a desk process is at it already and goes on.",
  paused: "it asked us to wait; the desk goes on by itself.",
  trouble: "it did not answer; the desk tries again every minute.",
};
