import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { schema } from "./schema.ts";

/** Something happened to a mail in a folder; told after it is durably written. */
export type MailChange = {
  kind: "created" | "updated" | "deleted";
  mailboxId: number;
  folderId: number;
  messageId: number;
  seq: number;
  immutableId: string;
  mutableId: string;
  /** True when the mail only went from one folder to another of the same mailbox. */
  moved: boolean;
};

export type Value = SQLInputValue;

/** Everything the pretend Microsoft 365 remembers: one SQLite file that survives restarts and kill -9. */
export type Store = {
  all<Row>(sql: string, ...values: Value[]): Row[];
  one<Row>(sql: string, ...values: Value[]): Row | undefined;
  /** Runs a statement; answers with the new row's id and how many rows changed. */
  run(sql: string, ...values: Value[]): { id: number; changes: number };
  /** All or nothing. Inside another transaction it joins that one. */
  transact<T>(work: () => T): T;
  /** The next number in the order of all changes to mails. Delta tokens are made of these. */
  nextSequence(): number;
  lastSequence(): number;
  /** Announces a change once the transaction that made it is committed. */
  announce(change: MailChange): void;
  /** Calls back after every committed change to a mail; returns how to stop. */
  watch(listener: (change: MailChange) => void): () => void;
  close(): void;
};

export function openStore(dataDir: string): Store {
  mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(join(dataDir, "microsoft365.sqlite"), { timeout: 5000 });
  // With a write-ahead log, synchronous = normal loses nothing when the process dies (sqlite.org/pragma.html#pragma_synchronous).
  // Only a checkpoint waits for the disk; one every 64 MB instead of every 4 keeps hundreds of mails a second possible.
  db.exec(
    "pragma journal_mode = wal; pragma synchronous = normal; pragma wal_autocheckpoint = 16384; pragma journal_size_limit = 67108864; pragma foreign_keys = on; pragma cache_size = -32768",
  );
  db.exec(schema);
  return storeOver(db);
}

function storeOver(db: DatabaseSync): Store {
  const statements = new Map<string, StatementSync>();
  const listeners = new Set<(change: MailChange) => void>();
  let announced: MailChange[] = [];
  let depth = 0;
  let sequence = highestSequence(db);

  const prepare = (sql: string) => {
    const known = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, known);
    return known;
  };

  const tell = () => {
    const changes = announced;
    announced = [];
    for (const change of changes) for (const listener of listeners) listener(change);
  };

  return {
    // The row type is the caller's word for the columns it selected; SQLite gives no types to check it against.
    all: <Row>(sql: string, ...values: Value[]) => prepare(sql).all(...values) as Row[],
    one: <Row>(sql: string, ...values: Value[]) => prepare(sql).get(...values) as Row | undefined,
    run: (sql, ...values) => {
      const { lastInsertRowid, changes } = prepare(sql).run(...values);
      return { id: Number(lastInsertRowid), changes: Number(changes) };
    },
    transact(work) {
      if (depth > 0) return work();
      db.exec("begin immediate");
      depth++;
      try {
        const result = work();
        db.exec("commit");
        depth--;
        tell();
        return result;
      } catch (problem) {
        if (depth > 0) {
          depth--;
          announced = [];
          db.exec("rollback");
        }
        throw problem;
      }
    },
    nextSequence: () => ++sequence,
    lastSequence: () => sequence,
    announce: (change) => announced.push(change),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => db.close(),
  };
}

function highestSequence(db: DatabaseSync): number {
  const row = db
    .prepare(
      "select max(coalesce((select max(seq) from message), 0), coalesce((select max(seq) from removal), 0)) as seq",
    )
    .get();
  return Number(row?.seq ?? 0);
}
