import { z } from "zod";

/** Socket errors of Node, and PostgreSQL's classes 08 (connection) and 57P (shutdown), 53300 (too many connections). */
const away = /^(ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|08|57P|53300|P1001|P1002|P1008|P1017|P2024)/;

const Failure = z.object({ code: z.string().catch(""), message: z.string().catch(""), cause: z.unknown().optional() });

/** Whether this error means that the database does not answer at all. */
export function isDatabaseAway(error: unknown): boolean {
  const read = Failure.safeParse(error);
  if (!read.success) return false;
  const { code, message, cause } = read.data;
  if (away.test(code)) return true;
  if (
    /Connection terminated|Cannot use a pool|timeout expired|timeout exceeded when trying to connect|database server/i.test(
      message,
    )
  )
    return true;
  return cause !== undefined && isDatabaseAway(cause);
}
