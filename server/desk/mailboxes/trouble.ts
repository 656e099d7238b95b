import { log } from "../../platform/log.ts";
import { type Desk, transact } from "../database.ts";

/** Says what is wrong with a mailbox and what to do about it, or (null) that all is well again. */
export async function noteTrouble(desk: Desk, mailboxId: string, trouble: string | null) {
  const { count } = await transact(desk, (tx) =>
    tx.mailbox.updateMany({
      where: {
        id: mailboxId,
        ...(trouble === null ? { trouble: { not: null } } : { OR: [{ trouble: null }, { trouble: { not: trouble } }] }),
      },
      data: { trouble },
    }),
  );
  if (count > 0 && trouble) log.error({ mailboxId, trouble }, "a mailbox cannot be read");
  else if (count > 0) log.info({ mailboxId }, "a mailbox is well again");
}
