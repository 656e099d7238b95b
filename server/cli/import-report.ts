/** What an import did, or would do: how many of each, the first of each, and every conflict's sentence. */
import type { Batch, Outcome, Told } from "../desk/crm/batch.ts";
import type { Desk, DeskTransaction } from "../desk/database.ts";

type Counts = Record<Outcome, number>;
type Shown = Pick<Told, "kind" | "name" | "line" | "what">;

export type Imported = {
  dryRun: boolean;
  /** A sentence, when a dry run did not come to its end. */
  ended: string | null;
  organizations: Counts;
  contacts: Counts;
  conflicts: { count: number; first: { line: number | null; sentence: string }[] };
  first: Record<Exclude<Outcome, "unchanged">, Shown[]>;
  ignoredColumns: string[];
};

export type ImportReport = ReturnType<typeof importReport>;

export function importReport(show: number, dryRun: boolean) {
  const none = (): Counts => ({ created: 0, changed: 0, unchanged: 0, former: 0 });
  const report: Imported = {
    dryRun,
    ended: null,
    organizations: none(),
    contacts: none(),
    conflicts: { count: 0, first: [] },
    first: { created: [], changed: [], former: [] },
    ignoredColumns: [],
  };

  let lastLine = 0;

  return {
    isRehearsal: dryRun,
    ignored: (headers: string[]) => {
      report.ignoredColumns = headers;
    },
    hear: ({ told, retry }: Batch) => {
      for (const { outcome, ...one } of told) {
        lastLine = Math.max(lastLine, one.line ?? 0);
        if (retry && outcome === "unchanged") continue;
        (one.kind === "contact" ? report.contacts : report.organizations)[outcome]++;
        if (outcome !== "unchanged" && report.first[outcome].length < show) report.first[outcome].push(one);
      }
    },
    brokenOff: () => {
      report.ended = `Somebody had to wait for this dry run, so it ended after line ${lastLine}, and tells what would happen up to there. Start it again when fewer mails come in; an import keeps nobody waiting longer than a moment.`;
    },
    /** After the last batch, and before a rehearsal is taken back. */
    hearConflicts: async (desk: Desk | DeskTransaction, sourceId: string) => {
      const { round } = await desk.crmSource.findUniqueOrThrow({ where: { id: sourceId }, select: { round: true } });
      const where = { sourceId, round };
      report.conflicts = {
        count: await desk.crmConflict.count({ where }),
        first: await desk.crmConflict.findMany({
          where,
          orderBy: [{ line: { sort: "asc", nulls: "last" } }, { externalId: "asc" }],
          take: show,
          select: { line: true, sentence: true },
        }),
      };
    },
    all: () => report,
  };
}

export function printReport(file: string, report: Imported) {
  // Names are what the CRM's customers call themselves: nothing in them may steer a terminal or forge a line.
  const say = (line: string) => process.stdout.write(`${line.replace(/\p{Cc}/gu, " ")}\n`);
  const sayApart = (line: string) => {
    say("");
    say(line);
  };
  const { organizations, contacts, conflicts, dryRun } = report;
  say(dryRun ? `${file}: nothing was changed. An import would make it so:` : `${file}: imported.`);
  say(`  contacts       ${counted(contacts)}`);
  say(`  organizations  ${counted(organizations)}`);
  for (const [outcome, shown] of Object.entries(report.first)) {
    if (shown.length) sayApart(outcome);
    for (const { line, name, what } of shown)
      say(`  ${place(line)}${name}${what.length ? `: ${what.join(", ")}` : ""}`);
  }
  if (conflicts.count) sayApart(`${conflicts.count} conflicts, for a person to settle`);
  for (const { line, sentence } of conflicts.first) say(`  ${place(line)}${sentence}`);
  if (report.ended) sayApart(report.ended);
  if (report.ignoredColumns.length)
    sayApart(`Not read, because nobody knows these columns: ${report.ignoredColumns.join(", ")}`);
}

const counted = ({ created, changed, unchanged }: Counts) =>
  `${created} created, ${changed} changed, ${unchanged} unchanged`;
const place = (line: number | null) => (line === null ? "" : `line ${line}  `);
