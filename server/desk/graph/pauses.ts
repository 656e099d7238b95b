/**
 * How long a mailbox asked us to stay away (Retry-After). What one process is told, the others know within a second, so
 * that none of them asks in between: Graph counts such requests, too.
 */
import { z } from "zod";
import { type Desk, transact } from "../database.ts";

/** A process asks so often what others were told. */
const believedFor = 1000;

export type Pauses = {
  until: (mailbox: string) => Promise<Date | null>;
  note: (mailbox: string, until: Date) => Promise<void>;
};

const Left = z.array(z.object({ left: z.number() }));

/** A row of its own beside the refusals: it ends by itself, and nobody has to look. */
const placeOf = (mailbox: string) => `${mailbox} paused`;

export function openPauses(desk: Desk): Pauses {
  const known = new Map<string, { until: number; askedAt: number }>();

  /** The time that is left and not the end: machines' clocks may disagree. */
  const ask = async (mailbox: string) => {
    const [row] = Left.parse(
      await desk.$queryRaw`
        select extract(epoch from until - now())::float8 * 1000 as left from graph_lockouts where place = ${placeOf(mailbox)}`,
    );
    return row ? Date.now() + row.left : 0;
  };

  return {
    until: async (mailbox) => {
      const before = known.get(mailbox);
      const stillSo = before && (before.until > Date.now() || before.askedAt > Date.now() - believedFor);
      const until = stillSo ? before.until : await ask(mailbox);
      if (!stillSo) known.set(mailbox, { until, askedAt: Date.now() });
      return until > Date.now() ? new Date(until) : null;
    },
    note: async (mailbox, until) => {
      known.set(mailbox, {
        until: Math.max(until.getTime(), known.get(mailbox)?.until ?? 0),
        askedAt: Date.now(),
      });
      const seconds = (until.getTime() - Date.now()) / 1000;
      await transact(
        desk,
        (tx) => tx.$executeRaw`
          insert into graph_lockouts (place, kind, code, sentence, until)
          values (${placeOf(mailbox)}, 'throttled', 'paused', '', now() + make_interval(secs => ${seconds}))
          on conflict (place) do update set until = greatest(graph_lockouts.until, excluded.until)`,
      );
    },
  };
}
