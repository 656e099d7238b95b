/**
 * Graph serves one application four requests at a time per mailbox, whatever number of processes it runs as
 * (https://learn.microsoft.com/graph/throttling-limits, "Outlook service limits"). So there are four seats per mailbox,
 * kept as PostgreSQL advisory locks: a process that dies leaves its seats at once.
 */
import { createHash } from "node:crypto";
import pg from "pg";
import { log } from "../../platform/log.ts";

const allSeats = [1, 2, 3, 4];
/** A seat that nobody used for so long is given back; one in use is offered to other processes after `longestHold`. */
const idle = 200;
const longestHold = 3000;
/** How often a process that has no seat at all asks whether one is free. */
const askAgainAfter = 40;

export type Seats = {
  /** Runs `work` on one of the mailbox's four seats. */
  sit: <Result>(mailbox: string, work: () => Promise<Result>) => Promise<Result>;
  close: () => Promise<void>;
};

type Seat = { number: number; since: number; busy: boolean; leaving: NodeJS.Timeout | undefined };
type Table = { key: number; seats: Map<number, Seat>; waiting: (() => void)[]; seeking: boolean };

export function openSeats(url: string): Seats {
  const tables = new Map<string, Table>();
  let session: Promise<pg.Client> | null = null;
  let closed = false;

  const connect = () => {
    session ??= open(url, () => {
      session = null;
      // The server forgot our locks together with the session: every seat has to be won again.
      for (const { seats } of tables.values()) for (const seat of seats.values()) seat.since = 0;
    });
    return session;
  };

  /** One question after the other: a session answers in turn. */
  let turn: Promise<unknown> = Promise.resolve();
  const query = <Row extends pg.QueryResultRow>(sql: string, values: unknown[]): Promise<pg.QueryResult<Row>> => {
    const answer = turn.then(async () => (await connect()).query<Row>(sql, values));
    turn = answer.catch(() => undefined);
    return answer;
  };

  const tableOf = (mailbox: string): Table => {
    const table = tables.get(mailbox) ?? { key: keyOf(mailbox), seats: new Map(), waiting: [], seeking: false };
    tables.set(mailbox, table);
    return table;
  };

  const win = async (table: Table): Promise<boolean> => {
    // A session may lock the same thing twice and must then unlock it twice: only seats that we do not have are tried.
    const others = allSeats.filter((number) => !table.seats.has(number));
    const { rows } = await query<{ number: number }>(
      "select number from unnest($2::int[]) number where pg_try_advisory_lock($1, number) limit 1",
      [table.key, others],
    );
    const number = rows[0]?.number;
    if (number === undefined) return false;
    const seat: Seat = { number, since: Date.now(), busy: false, leaving: undefined };
    table.seats.set(number, seat);
    // Whoever wanted it may have found another meanwhile.
    leaveSoon(table, seat);
    return true;
  };

  const leave = async (table: Table, seat: Seat) => {
    clearTimeout(seat.leaving);
    table.seats.delete(seat.number);
    try {
      if (session) await query("select pg_advisory_unlock($1, $2)", [table.key, seat.number]);
    } catch (error) {
      log.warn({ err: error }, "a seat at Graph could not be given back; it is free when the connection ends");
    }
  };

  const leaveSoon = (table: Table, seat: Seat) => {
    seat.leaving = setTimeout(() => void leave(table, seat), idle).unref();
  };

  /** One seeker per mailbox and process; who else waits is woken by what it wins or by a seat that becomes free. */
  const seek = async (table: Table) => {
    if (table.seeking) return;
    table.seeking = true;
    try {
      while (table.waiting.length > 0 && !closed) {
        if (await win(table)) table.waiting.shift()?.();
        else if (table.seats.size > 0) return;
        else await new Promise((again) => setTimeout(again, askAgainAfter));
      }
    } finally {
      table.seeking = false;
    }
  };

  const take = async (table: Table): Promise<Seat> => {
    for (;;) {
      if (closed) throw new Error("Graph is closed: this process is stopping.");
      const seat = [...table.seats.values()].find(({ busy, since }) => !busy && since > 0);
      if (seat) {
        clearTimeout(seat.leaving);
        seat.busy = true;
        return seat;
      }
      await new Promise<void>((free, failed) => {
        table.waiting.push(free);
        seek(table).catch(failed);
      });
    }
  };

  const giveBack = async (table: Table, seat: Seat) => {
    seat.busy = false;
    if (closed || Date.now() - seat.since > longestHold) await leave(table, seat);
    else leaveSoon(table, seat);
    table.waiting.shift()?.();
  };

  return {
    sit: async (mailbox, work) => {
      const table = tableOf(mailbox);
      const seat = await take(table);
      try {
        return await work();
      } finally {
        await giveBack(table, seat);
      }
    },
    close: async () => {
      closed = true;
      for (const { seats, waiting } of tables.values()) {
        for (const seat of seats.values()) clearTimeout(seat.leaving);
        for (const wake of waiting.splice(0)) wake();
      }
      const ending = session;
      session = null;
      if (ending) await (await ending).end();
    },
  };
}

async function open(url: string, lost: () => void) {
  const client = new pg.Client({ connectionString: url, application_name: "deskhatch graph seats", keepAlive: true });
  client.on("error", (error) => {
    log.warn({ err: error }, "the connection that holds our seats at Graph was lost");
    lost();
  });
  try {
    await client.connect();
  } catch (error) {
    lost();
    throw error;
  }
  return client;
}

/** Advisory locks are named by integers. */
const keyOf = (mailbox: string) => createHash("sha256").update(`graph seats of ${mailbox}`).digest().readInt32BE(0);
