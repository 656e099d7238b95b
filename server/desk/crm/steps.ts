/** What comes next in the reading of a CRM: a page of it, records that it did not name, or conflicts to try again. */
import { z } from "zod";
import type { Desk, DeskTransaction } from "../database.ts";
import { type CrmChange, type CrmPage, CrmRecord, type CrmSource, CrmTrouble } from "./source.ts";
import type { Cursor, State } from "./state.ts";

export type Step = { changes: CrmChange[]; next: State; retry: boolean };

/** So many records are worked out and written at once when no page says how many. */
const size = 500;

/** Null: nothing changed since the last time. */
export async function nextStep(desk: Desk | DeskTransaction, source: CrmSource, state: State): Promise<Step | null> {
  if (state.cursor.doing === "missing") return missing(desk, source, state);
  if (state.cursor.doing === "retry") return conflicts(desk, source, state);
  return reading(source, state);
}

async function reading(source: CrmSource, { cursor, round }: State): Promise<Step | null> {
  const { page, full: fromStart } = await readOn(source, cursor.place);
  if (!page) return null;
  const full = fromStart || (cursor.doing === "read" && cursor.full);
  const changed = full || (cursor.doing === "read" && cursor.changed) || page.changes.length > 0;
  const after = full && source.complete ? "missing" : changed ? "retry" : "rest";
  const next: Cursor = { ...cursor, doing: page.more ? "read" : after, place: page.place, full, changed, after: null };
  return { changes: page.changes, next: { cursor: next, round: fromStart ? round + 1 : round }, retry: false };
}

/** A CRM that has forgotten our place is read from the start: what we know already is recognised. */
async function readOn(source: CrmSource, place: unknown): Promise<{ page: CrmPage | null; full: boolean }> {
  try {
    return { page: await source.read(place), full: place === null };
  } catch (error) {
    if (place === null || !(error instanceof CrmTrouble) || error.kind !== "resync") throw error;
    return { page: await source.read(null), full: true };
  }
}

const Name = z.object({ kind: z.enum(["organization", "contact"]), externalId: z.string() });

/** What a full reading did not name is gone. A CRM that lost most of its records is not believed without a person. */
async function missing(desk: Desk | DeskTransaction, source: CrmSource, state: State): Promise<Step> {
  const { cursor, round } = state;
  const doubt = cursor.after || cursor.acceptMissing ? null : await mostAreMissing(desk, source, round);
  if (doubt) return { changes: [], next: { round, cursor: { ...cursor, doing: "retry", doubt } }, retry: false };
  const rows = await desk.$queryRaw`
    select kind, external_id as "externalId" from crm_links
     where source_id = ${source.id} and round < ${round} and gone_at is null
       and (kind, external_id) > (${cursor.after?.kind ?? "organization"}::"CrmKind", ${cursor.after?.externalId ?? ""})
     order by kind, external_id limit ${size}`;
  const gone = z.array(Name).parse(rows);
  const last = gone.length === size ? gone.at(-1) : undefined;
  const next: Cursor = {
    ...cursor,
    doing: last ? "missing" : "retry",
    after: last ?? null,
    doubt: null,
    acceptMissing: last !== undefined && cursor.acceptMissing,
  };
  return { changes: gone.map((name) => ({ gone: name })), next: { round, cursor: next }, retry: false };
}

const Count = z.tuple([z.object({ missing: z.number(), all: z.number() })]);

/** A few may leave, and a third of a company's customers do not leave overnight. */
const fewEnough = 20;

async function mostAreMissing(desk: Desk | DeskTransaction, source: CrmSource, round: number): Promise<string | null> {
  const [{ missing, all }] = Count.parse(
    await desk.$queryRaw`
      select count(*) filter (where round < ${round})::int as missing, count(*)::int as all
        from crm_links where source_id = ${source.id} and gone_at is null`,
  );
  if (missing <= fewEnough || missing * 3 <= all) return null;
  return `${source.name} no longer names ${missing} of ${all} records, so none of them was marked as former. If that is meant, run: npm run deskhatch -- crm sync --accept-missing`;
}

/** What could not be brought into agreement may have become possible by what came after it. Of files: what this one names. */
async function conflicts(desk: Desk | DeskTransaction, source: CrmSource, { cursor, round }: State): Promise<Step> {
  const rows = await desk.$queryRaw`
    select c.kind, c.external_id as "externalId", c.line, l.said
      from (select kind, external_id, min(line) as line from crm_conflicts
             where source_id = ${source.id} and not in_source
               and (kind, external_id) > (${cursor.after?.kind ?? "organization"}::"CrmKind", ${cursor.after?.externalId ?? ""})
             group by kind, external_id order by kind, external_id limit ${size}) c
      left join crm_links l on l.source_id = ${source.id} and l.kind = c.kind and l.external_id = c.external_id
                           and l.gone_at is null and l.round >= ${source.namesOnce ? round : 0}
     order by c.kind, c.external_id`;
  const found = z.array(Name.extend({ said: CrmRecord.nullable(), line: z.number().nullable() })).parse(rows);
  const last = found.length === size ? found.at(-1) : undefined;
  const after = last ? { kind: last.kind, externalId: last.externalId } : null;
  const next: Cursor = { ...cursor, doing: last ? "retry" : "rest", after };
  return {
    changes: found.flatMap(({ said, line }) => (said ? { record: said, ...(line !== null && { line }) } : [])),
    next: { round, cursor: next },
    retry: true,
  };
}
