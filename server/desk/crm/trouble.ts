import { log } from "../../platform/log.ts";
import { type Desk, transact } from "../database.ts";

/** Says what is wrong with a CRM and what to do about it. The next reading that comes to its end takes it back. */
export async function noteCrmTrouble(desk: Desk, sourceId: string, trouble: string) {
  const { count } = await transact(desk, (tx) =>
    tx.crmSource.updateMany({
      where: { id: sourceId, OR: [{ trouble: null }, { trouble: { not: trouble } }] },
      data: { trouble },
    }),
  );
  if (count > 0) log.error({ sourceId, trouble }, "a CRM cannot be read");
}

/** Every process stays away, also one that starts later. */
export const stayAway = (desk: Desk, sourceId: string, pausedUntil: Date) =>
  transact(desk, (tx) => tx.crmSource.updateMany({ where: { id: sourceId }, data: { pausedUntil } }));
