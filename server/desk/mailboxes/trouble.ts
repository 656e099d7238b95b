import { log } from "../../platform/log.ts";
import { type Desk, transact } from "../database.ts";
import { say } from "../say.ts";

/** The mails wait in the mailbox. */
export const noRoom = say("no_room");

/** Says what is wrong with a mailbox and what to do about it, or (null) that all is well again. */
export async function noteTrouble(desk: Desk, mailboxId: string, trouble: string | null) {
  const { count } = await transact(desk, (tx) =>
    tx.mailbox.updateMany({
      where: {
        id: mailboxId,
        ...(trouble === null ? over : { OR: [{ trouble: null }, { trouble: { not: trouble } }] }),
      },
      data: { trouble },
    }),
  );
  if (count > 0 && trouble) log.error({ mailboxId, trouble, alarm: "mailbox_trouble" }, "a mailbox cannot be read");
  else if (count > 0) log.info({ mailboxId }, "a mailbox is well again");
}

/** That Microsoft 365 answers does not make room: as long as a mail waits for it, the trouble is there. */
const over = {
  trouble: { not: null },
  OR: [{ trouble: { not: noRoom } }, { inbox: { none: { state: "pending" as const, lastError: noRoom } } }],
};

/** Says why Microsoft 365 does not tell us of new mail, or (null) that it does. The mails come all the same. */
export async function noteUntold(desk: Desk, mailboxId: string, untoldBecause: string | null) {
  const { count } = await transact(desk, (tx) =>
    tx.mailbox.updateMany({
      where: {
        id: mailboxId,
        ...(untoldBecause === null
          ? { NOT: { untoldBecause: null } }
          : { OR: [{ untoldBecause: null }, { untoldBecause: { not: untoldBecause } }] }),
      },
      data: { untoldBecause },
    }),
  );
  if (count > 0 && untoldBecause) log.error({ mailboxId, untoldBecause, alarm: "untold" }, "no notices of new mail");
  else if (count > 0) log.info({ mailboxId }, "notices of new mail come again");
}
