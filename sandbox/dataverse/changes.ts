import { z } from "zod";
import { type TableName, tables } from "./columns.ts";
import { badRequest, expiredToken } from "./problem.ts";
import type { CrmRow, Records } from "./records.ts";

/** Where a reader is: behind which version, up to which one this round goes, and whether it is at the deletions. */
const Page = z.object({
  since: z.number(),
  after: z.number(),
  upTo: z.number(),
  deletions: z.boolean(),
  tracked: z.boolean(),
});
type Page = z.infer<typeof Page>;

export type Asked = { table: TableName; query: URLSearchParams; tracked: boolean; size: number };
export type Answered = {
  rows: CrmRow[];
  deleted: string[];
  isDelta: boolean;
  next: { name: string; token: string } | null;
};

/**
 * One page of a table or of its changes: new and changed rows first, then the deleted ones. The first reading tells of no
 * deletions; later ones also of rows that were created and deleted in between
 * (use-change-tracking-synchronize-data-external-systems).
 */
export function readPage(records: Records, { table, query, tracked, size }: Asked): Answered {
  refuseOptions(query, tracked);
  const page = pageOf(records, table, query, tracked);
  const rows = page.deletions ? [] : records.changed(table, page.after, page.upTo, size + 1);
  const isFirst = page.since === 0;
  const room = size - rows.length;
  const deleted =
    room > 0 && !isFirst ? records.deleted(table, page.deletions ? page.after : page.since, page.upTo, room + 1) : [];
  const shownRows = rows.slice(0, size);
  const shownDeleted = deleted.slice(0, Math.max(0, room));
  const isDelta = !isFirst;

  if (rows.length > size) return more({ ...page, after: shownRows.at(-1)?.version ?? page.after });
  if (deleted.length > shownDeleted.length || (room <= 0 && !isFirst && rows.length === size))
    return more({ ...page, deletions: true, after: shownDeleted.at(-1)?.version ?? page.since });
  const token = `${page.upTo}!${records.epoch()}`;
  return {
    rows: shownRows,
    deleted: idsOf(shownDeleted),
    isDelta,
    next: page.tracked ? { name: "$deltatoken", token } : null,
  };

  function more(next: Page): Answered {
    const token = Buffer.from(JSON.stringify(next)).toString("base64url");
    return { rows: shownRows, deleted: idsOf(shownDeleted), isDelta, next: { name: "$skiptoken", token } };
  }
}

const idsOf = (deleted: { id: string }[]) => deleted.map(({ id }) => id);

function refuseOptions(query: URLSearchParams, tracked: boolean) {
  for (const name of ["filter", "orderby", "expand", "top"])
    if (query.has(`$${name}`) && tracked)
      throw badRequest(`The "${name}" query parameter isn't supported when Change Tracking is enabled.`);
    else if (name !== "filter" && query.has(`$${name}`))
      throw badRequest(`The pretend Dataverse does not know $${name}.`);
}

function pageOf(records: Records, table: TableName, query: URLSearchParams, tracked: boolean): Page {
  const skip = query.get("$skiptoken");
  if (skip) return readSkip(skip);
  const delta = query.get("$deltatoken");
  const upTo = records.version(table);
  if (delta === null) return { since: 0, after: 0, upTo, deletions: false, tracked };
  const [, since = "", epoch = ""] = /^(\d+)!(\d+)$/.exec(delta) ?? [];
  if (!since) throw badRequest(`Malformed delta token: ${delta}`);
  if (Number(epoch) !== records.epoch()) throw expiredToken();
  return { since: Number(since), after: Number(since), upTo, deletions: false, tracked: true };
}

function readSkip(token: string): Page {
  try {
    return Page.parse(JSON.parse(Buffer.from(token, "base64url").toString("utf8")));
  } catch {
    throw badRequest("Malformed XML in the Paging Cookie.", "0x80041129");
  }
}

/** `column eq 'text'`, joined by `or`: what a search by address needs of $filter. */
export function filterRows(table: TableName, rows: CrmRow[], query: URLSearchParams): CrmRow[] {
  const filter = query.get("$filter");
  if (!filter) return rows;
  const terms = filter.split(/ or /).map((term) => {
    const [, column = "", value = ""] = /^\s*(\w+) eq '((?:[^']|'')*)'\s*$/.exec(term) ?? [];
    if (!tables[table].columns.some((known) => known === column)) throw badRequest(`Unsupported filter: ${term}`);
    return { column, value: value.replaceAll("''", "'").toLowerCase() };
  });
  return rows.filter(({ fields }) =>
    terms.some(({ column, value }) => String(fields[column] ?? "").toLowerCase() === value),
  );
}

/** The columns that were asked for; the key always comes with them. */
export function readSelect(table: TableName, query: URLSearchParams): string[] {
  const { entity, key, columns, lookups } = tables[table];
  const known: string[] = [key, ...columns, ...Object.keys(lookups)];
  const asked = query.get("$select")?.split(",") ?? known;
  const unknown = asked.find((column) => !known.includes(column));
  if (unknown)
    throw badRequest(
      `Could not find a property named '${unknown}' on type 'Microsoft.Dynamics.CRM.${entity}'.`,
      "0x80060888",
    );
  return [...new Set([...asked, key])];
}
