import { z } from "zod";

/** Socket errors of Node; PostgreSQL's classes 08 (connection) and 57P (shutdown), 53300 (too many connections); Prisma's. */
const away = /^(ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|08|57P|53300|P1001|P1002|P1008|P1017|P2024|P2037)/;
/** What Prisma's driver adapters make of them: @prisma/driver-adapter-utils, MappedError. */
const awayKind = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/;

const Failure = z.object({
  code: z.string().catch(""),
  kind: z.string().catch(""),
  message: z.string().catch(""),
  cause: z.unknown().optional(),
  /** Where Prisma's own errors keep the driver's. */
  meta: z.object({ driverAdapterError: z.unknown().optional() }).optional().catch(undefined),
});

/** Whether this error means that the database does not answer at all. */
export function isDatabaseAway(error: unknown): boolean {
  const read = Failure.safeParse(error);
  if (!read.success) return false;
  const { code, kind, message, cause, meta } = read.data;
  if (away.test(code) || awayKind.test(kind)) return true;
  if (
    /Connection terminated|is not queryable|Cannot use a pool|timeout expired|timeout exceeded when trying to connect|database server/i.test(
      message,
    )
  )
    return true;
  return [cause, meta?.driverAdapterError].some((beneath) => beneath !== undefined && isDatabaseAway(beneath));
}
