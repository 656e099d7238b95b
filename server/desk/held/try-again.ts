import { endpoint } from "../../platform/endpoint.ts";
import { conflict, notFound } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext } from "../context.ts";
import { Decided, OneHeld } from "../contract/held.ts";
import { transact } from "../database.ts";
import { attemptsBeforeLast } from "../mail/receive.ts";
import { lockMessage } from "../tickets/open.ts";
import { whoseMail } from "../tickets/whose-mail.ts";

/** Once more from the mailbox, as if it had just arrived. When it fails again, it is back in the tray with its error. */
export const tryAgain = endpoint({
  summary: "Tries once more to receive a mail that could not be processed.",
  status: 202,
  input: OneHeld,
  output: Decided,
  run: ({ heldId }, { desk, queue, ...asking }: AgentContext): Promise<Decided> =>
    transact(desk, async (tx) => {
      const held = await tx.heldMail.findUnique({ where: { id: heldId } });
      if (!held) throw notFound("This held mail");
      if (held.error === null)
        throw conflict(
          "was_processed",
          "This mail could be processed. Accept it, make a ticket of it, or mark it as spam.",
        );
      const { mailboxId, immutableId, messageId } = held;
      const message = messageId ? await lockMessage(tx, messageId) : null;
      if (message?.ticketId)
        return { outcome: "already" as const, ...(await whoseMail(tx, message.id, message.ticketId)) };

      // What stood in its place: the raw mail stays in the file store.
      if (messageId) await tx.message.delete({ where: { id: messageId }, select: { id: true } });
      await tx.heldMail.deleteMany({ where: { id: heldId } });
      await tx.inboxItem.updateMany({
        where: { mailboxId, immutableId },
        data: {
          state: "pending",
          attempts: attemptsBeforeLast,
          dueAt: new Date(),
          doneAt: null,
          lastError: held.error,
        },
      });
      await queue.enqueue(tx, "receive-message", { mailboxId, immutableId });
      await audit(tx, asking, { act: "mail_tried_again", subject: immutableId });
      return { outcome: "done" as const, number: null, sentence: null };
    }),
});
