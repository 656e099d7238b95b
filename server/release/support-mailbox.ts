import type { Desk, DeskTransaction } from "../desk/database.ts";
import { conflict } from "../platform/problems.ts";
import type { DoorContext } from "./context.ts";

/** From where a mail goes that answers no other: SUPPORT_MAILBOX, or the first mailbox that was connected. */
export async function supportMailbox({ settings }: Pick<DoorContext, "settings">, desk: Desk | DeskTransaction) {
  const address = settings.SUPPORT_MAILBOX?.toLowerCase();
  const named = address
    ? await desk.mailbox.findUnique({ where: { address }, select: { id: true, address: true } })
    : null;
  const mailbox =
    named ?? (await desk.mailbox.findFirst({ select: { id: true, address: true }, orderBy: { createdAt: "asc" } }));
  if (!mailbox)
    throw conflict(
      "no_mailbox",
      "There is no mailbox to send from. Ask an administrator to connect one: npm run deskhatch -- mailbox add.",
    );
  return mailbox;
}
