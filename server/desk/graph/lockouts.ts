/**
 * When Microsoft 365 does not let us in, asking again and again makes it no better. A refusal is written down for all
 * features and processes: whoever comes within a minute is told the trouble without asking, and then one of them looks.
 */
import { z } from "zod";
import { type Desk, transact } from "../database.ts";
import { type GraphTrouble, isTrouble, LockedOut } from "./trouble.ts";

/** In seconds. */
const lookAgainAfter = 60;
/** How long a process may believe that nothing is locked: each mail of a busy mailbox would ask otherwise. */
const believedFor = 1000;

/** What of a mailbox may be refused alone, because each needs a permission of its own. */
export type Matter = "reading" | "writing" | "sending" | "uploading" | "subscribing" | "renewing";

export type Lockouts = {
  /**
   * Throws the trouble when we are locked out. Says which places this request looks at: if it is answered, they are
   * open again. `looks`: the one request that finds out about the mailbox as a whole.
   */
  pass: (place: { mailbox: string; matter: Matter; looks: boolean }) => Promise<string[]>;
  /** Writes down who is refused what; the trouble to tell. */
  lock: (place: string, trouble: GraphTrouble) => Promise<LockedOut>;
  lift: (places: string[]) => Promise<void>;
  /** What keeps us out of the whole mailbox. */
  of: (mailbox: string) => Promise<LockedOut | null>;
};

/** What Entra ID refuses concerns every mailbox. */
export const tenant = "*";

export const placeOf = ({ mailbox, matter, looks }: { mailbox: string; matter: Matter; looks: boolean }) =>
  looks ? mailbox : `${mailbox} ${matter}`;

export const refusesUs = (error: unknown): error is GraphTrouble => isTrouble(error, "forbidden", "unauthorized");

const Row = z.object({
  place: z.string(),
  kind: z.enum(["forbidden", "unauthorized"]),
  code: z.string(),
  sentence: z.string(),
  /** When to come again; when it is due, somebody else looks first. */
  until: z.date(),
  /** Whether somebody may look. */
  due: z.boolean(),
});
type Row = z.output<typeof Row>;

export function openLockouts(desk: Desk): Lockouts {
  const open = new Map<string, number>();

  /** The database's clock decides, because processes may run on machines whose clocks disagree. */
  const rowsAt = async (places: string[]): Promise<Row[]> =>
    z.array(Row).parse(
      await desk.$queryRaw`
        select place, kind, code, sentence, until <= now() as due, greatest(until, now() + interval '5 seconds') as until
        from graph_lockouts where place = any(${places})`,
    );

  /** One of all processes: it moves the time on for the others. */
  const mayLook = async ({ place }: Row) =>
    (await transact(
      desk,
      (tx) => tx.$executeRaw`
        update graph_lockouts set until = now() + make_interval(secs => ${lookAgainAfter})
        where place = ${place} and until <= now()`,
    )) === 1;

  return {
    pass: async (asked) => {
      const own = placeOf(asked);
      if ((open.get(own) ?? 0) > Date.now() - believedFor) return [];
      const rows = await rowsAt([tenant, asked.mailbox, own]);
      const closed = rows.find(({ place, due }) => !due || (place !== tenant && place !== own));
      if (closed) throw lockedOut(closed);
      for (const row of rows) if (!(await mayLook(row))) throw lockedOut(row);
      if (rows.length === 0) open.set(own, Date.now());
      return rows.map(({ place }) => place);
    },
    lock: async (place, { kind, code, message }) => {
      open.clear();
      const [row] = z.array(Row).parse(
        await transact(
          desk,
          (tx) => tx.$queryRaw`
            insert into graph_lockouts (place, kind, code, sentence, until)
            values (${place}, ${kind}, ${code}, ${message}, now() + make_interval(secs => ${lookAgainAfter}))
            on conflict (place) do update set kind = excluded.kind, code = excluded.code, sentence = excluded.sentence,
              until = excluded.until
            returning *, false as due`,
        ),
      );
      if (!row) throw new Error("A lockout that was just written is not there.");
      return lockedOut(row);
    },
    lift: async (places) => {
      if (places.length > 0)
        await transact(desk, (tx) => tx.graphLockout.deleteMany({ where: { place: { in: places } } }));
    },
    of: async (mailbox) => {
      const [row] = await rowsAt([tenant, mailbox]);
      return row ? lockedOut(row) : null;
    },
  };
}

const lockedOut = (row: Row) => new LockedOut({ ...row, whole: !row.place.includes(" ") });
