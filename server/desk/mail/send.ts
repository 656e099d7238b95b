/**
 * How a mail goes out, once.
 *
 *   waiting ──► drafted ──► sending ──► sent          taken_back: before it was drafted.  failed: a person has to look.
 *
 * Every step is written down before the next, and only the holder of the lease takes one. Whoever finds a mail half
 * done looks at what there is before doing anything: see send-by-graph.ts and send-by-smtp.ts.
 */
import { stillAtIt } from "../../platform/still-at-it.ts";
import type { DeskContext } from "../context.ts";
import { isTrouble, LockedOut } from "../graph/trouble.ts";
import { whyNotToSend } from "./budget.ts";
import { recordSent } from "./record-sent.ts";
import { sendByGraph } from "./send-by-graph.ts";
import { goesBySmtp, sendBySmtp } from "./send-by-smtp.ts";
import { giveUp, keepLease, lease, letGo, waitUntilOpen } from "./sending.ts";

export { intendMail, type SendWish, signInCode, takeBackSending } from "./intend.ts";

/** Carries out one wish to send. Throws when it has to be tried again later. */
export async function sendMail(context: DeskContext, sendingId: string) {
  const sending = await lease(context, sendingId);
  if (!sending) return;
  try {
    const refusal = sending.state === "waiting" ? await whyNotToSend(context.desk, sending) : null;
    if (refusal) return await giveUp(context, sending, refusal);
    const send = goesBySmtp(context, sending) ? sendBySmtp : sendByGraph;
    await stillAtIt(
      () => keepLease(context, sending),
      async () => recordSent(context, sending, await send(context, sending)),
    );
  } catch (error) {
    if (error instanceof LockedOut && error.whole) return waitUntilOpen(context, sending, error);
    await letGo(context, sending, error);
    if (isTrouble(error, "refused")) return giveUp(context, sending, `The mail was not sent. ${error.message}`);
    throw error;
  }
}
