/** Where the reading of a CRM stands. Kept with each batch, in its transaction. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Prisma } from "../../../prisma/generated/desk/client.ts";
import type { Desk, DeskTransaction } from "../database.ts";
import type { CrmSource } from "./source.ts";

const Cursor = z.object({
  /** `read`: its pages; `missing`: what a full reading did not name; `retry`: what conflicted; then `rest` until the next time. */
  doing: z.enum(["read", "missing", "retry", "rest"]),
  place: z.unknown(),
  /** Whether everything is read and not only what changed. */
  full: z.boolean(),
  /** Whether anything changed since the last rest. */
  changed: z.boolean(),
  /** The last record that `missing` or `retry` had. */
  after: z.object({ kind: z.enum(["organization", "contact"]), externalId: z.string() }).nullable(),
  /** What the last full reading left for a person to decide: a sentence. */
  doubt: z.string().nullable(),
  /** Somebody has said that what the CRM no longer names is gone, however much it is. */
  acceptMissing: z.boolean(),
});
export type Cursor = z.infer<typeof Cursor>;
export type State = { cursor: Cursor; round: number };

const begin: Cursor = {
  doing: "rest",
  place: null,
  full: false,
  changed: false,
  after: null,
  doubt: null,
  acceptMissing: false,
};

export async function readState(desk: Desk | DeskTransaction, { id, complete }: Pick<CrmSource, "id" | "complete">) {
  await desk.crmSource.createMany({ data: [{ id, complete }], skipDuplicates: true });
  const { cursor, ...row } = await desk.crmSource.findUniqueOrThrow({
    where: { id },
    select: { cursor: true, round: true, pausedUntil: true, trouble: true, lastSyncedAt: true, createdAt: true },
  });
  return { ...row, cursor: cursor === null ? begin : Cursor.parse(cursor) };
}

/** One batch at a time over all CRMs and processes: two that wait for each other's contacts would end each other. */
const oneWriter = 20261125;

/** False when another process has gone on from here meanwhile. */
export async function isStillAt(tx: DeskTransaction, sourceId: string, { cursor, round }: State): Promise<boolean> {
  await tx.$executeRaw`select pg_advisory_xact_lock(${oneWriter})`;
  const now = await tx.crmSource.findUniqueOrThrow({ where: { id: sourceId }, select: { cursor: true, round: true } });
  return now.round === round && isDeepStrictEqual(now.cursor === null ? begin : Cursor.parse(now.cursor), cursor);
}

export async function keepState(tx: DeskTransaction, sourceId: string, { cursor, round }: State) {
  const done = cursor.doing === "rest" && { lastSyncedAt: new Date(), trouble: cursor.doubt, pausedUntil: null };
  await tx.crmSource.update({
    where: { id: sourceId },
    data: { cursor: asJson(cursor), round, ...done },
    select: { id: true },
  });
}

const asJson = (cursor: Cursor): Prisma.InputJsonObject =>
  ({ ...cursor, place: cursor.place ?? null }) as Prisma.InputJsonObject;

/** Everything is read again, whatever was read before. Who is in the middle of it finds itself overtaken. */
export async function startAnew(
  tx: DeskTransaction,
  source: Pick<CrmSource, "id" | "complete">,
  acceptMissing = false,
) {
  await readState(tx, source);
  const cursor = asJson({ ...begin, acceptMissing });
  await tx.crmSource.update({ where: { id: source.id }, data: { cursor, pausedUntil: null }, select: { id: true } });
}
