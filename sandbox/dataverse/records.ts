import { randomUUID } from "node:crypto";
import { appendLedger } from "../ledger.ts";
import type { Store } from "../store.ts";
import type { TableName } from "./columns.ts";

export type Fields = Record<string, string | number | null>;
export type CrmRow = { id: string; version: number; fields: Fields };

type Stored = { id: string; version: number; fields: string };
const readStored = ({ fields, ...row }: Stored): CrmRow => ({ ...row, fields: JSON.parse(fields) });

/** Rows of the pretend Dataverse. Every change gets the next version of its table. */
export function recordsIn(store: Store) {
  const version = (table: TableName) =>
    store.one<{ version: number }>(
      `select max(coalesce((select max(version) from dataverse_row where "table" = ?), 0),
                  coalesce((select max(version) from dataverse_deletion where "table" = ?), 0)) as version`,
      table,
      table,
    )?.version ?? 0;

  const find = (table: TableName, id: string): CrmRow | undefined => {
    const row = store.one<Stored>(
      `select id, version, fields from dataverse_row where "table" = ? and id = ?`,
      table,
      id.toLowerCase(),
    );
    return row && readStored(row);
  };

  return {
    version,
    find,
    count: (table: TableName) =>
      store.one<{ count: number }>(`select count(*) as count from dataverse_row where "table" = ?`, table)?.count ?? 0,

    /** Creates or changes. What is not named stays. */
    put(table: TableName, fields: Fields, id: string = randomUUID()): CrmRow {
      return store.transact(() => {
        const before = find(table, id);
        const row = {
          id: id.toLowerCase(),
          version: version(table) + 1,
          fields: whole(table, { ...before?.fields, ...fields }),
        };
        store.run(
          `insert into dataverse_row ("table", id, version, fields) values (?, ?, ?, ?)
           on conflict ("table", id) do update set version = excluded.version, fields = excluded.fields`,
          table,
          row.id,
          row.version,
          JSON.stringify(row.fields),
        );
        // Who is there again is told as changed, not also as deleted.
        store.run(`delete from dataverse_deletion where "table" = ? and id = ?`, table, row.id);
        appendLedger(store, before ? "crm_changed" : "crm_created", { detail: { table, id: row.id, fields } });
        return row;
      });
    },

    /** False when there is no such row. */
    remove(table: TableName, id: string): boolean {
      return store.transact(() => {
        if (!find(table, id)) return false;
        const next = version(table) + 1;
        store.run(`delete from dataverse_row where "table" = ? and id = ?`, table, id.toLowerCase());
        store.run(
          `insert into dataverse_deletion ("table", version, id) values (?, ?, ?)`,
          table,
          next,
          id.toLowerCase(),
        );
        appendLedger(store, "crm_deleted", { detail: { table, id: id.toLowerCase() } });
        return true;
      });
    },

    /** Rows between two versions, in the order of their changes. */
    changed: (table: TableName, after: number, upTo: number, limit: number): CrmRow[] =>
      store
        .all<Stored>(
          `select id, version, fields from dataverse_row
            where "table" = ? and version > ? and version <= ? order by version limit ?`,
          table,
          after,
          upTo,
          limit,
        )
        .map(readStored),

    deleted: (table: TableName, after: number, upTo: number, limit: number) =>
      store.all<{ id: string; version: number }>(
        `select id, version from dataverse_deletion
          where "table" = ? and version > ? and version <= ? order by version limit ?`,
        table,
        after,
        upTo,
        limit,
      ),

    /** Counts how often the history was forgotten: tokens of before are worth nothing. */
    epoch: () => store.one<{ epoch: number }>("select count(*) as epoch from dataverse_forgetting")?.epoch ?? 0,

    /** As if the days of ExpireChangeTrackingInDays had gone by. */
    forgetHistory: () => void store.run("insert into dataverse_forgetting (at) values (?)", new Date().toISOString()),
  };
}

export type Records = ReturnType<typeof recordsIn>;

/** The system works out a contact's full name, and new rows are active. */
function whole(table: TableName, fields: Fields): Fields {
  const active = { statecode: 0, ...fields };
  if (table === "accounts") return active;
  const name = [fields.firstname, fields.lastname].filter(Boolean).join(" ");
  return { ...active, fullname: name || (fields.fullname ?? null) };
}
