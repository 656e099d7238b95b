import type { DeskContext } from "../context.ts";
import { transact } from "../database.ts";
import { isTrouble } from "../graph/trouble.ts";
import { look } from "./send-by-graph.ts";
import { giveUp } from "./sending.ts";

/** A mail that is neither sent nor taken back so long after it should have gone is a matter for a person. */
const unresolvedAfter = 10 * 60_000;
/** …of which an invitation is as good days later, when the SMTP server takes it again; a code is not. */
const invitationsWait = 3 * 24 * 3600_000;
/** …unless we were not there to try. */
const leastAttempts = 5;

/** Finds wishes to send that got stuck: starts those again whose job is lost, and tells an agent about the rest. */
export async function settleSendings(context: DeskContext) {
  const { desk, queue } = context;
  const stuck = await desk.sending.findMany({
    where: {
      state: { in: ["waiting", "drafted", "sending"] },
      sendAfter: { lt: new Date(Date.now() - 60_000) },
      OR: [{ leasedUntil: null }, { leasedUntil: { lt: new Date() } }],
    },
    select: {
      id: true,
      key: true,
      kind: true,
      state: true,
      transport: true,
      sendAfter: true,
      attempts: true,
      ticketId: true,
      draftId: true,
      internetMessageId: true,
      lastError: true,
      mailbox: { select: { address: true, name: true } },
    },
    take: 100,
  });
  for (const sending of stuck) {
    const late = Date.now() - sending.sendAfter.getTime() > patienceWith(sending) && sending.attempts >= leastAttempts;
    const isSent = late && sending.state !== "waiting" && (await hasSentCopy(context, sending));
    if (late && !isSent) await giveUp(context, sending, `${whatToDo(sending.state)} ${sending.lastError ?? ""}`.trim());
    else await transact(desk, (tx) => queue.enqueue(tx, "send-mail", { sendingId: sending.id }));
  }
}

const patienceWith = ({ kind, state, transport }: { kind: string; state: string; transport: string }) =>
  kind === "invitation" && transport === "smtp" && state === "drafted" ? invitationsWait : unresolvedAfter;

async function hasSentCopy(context: DeskContext, sending: Parameters<typeof look>[1]): Promise<boolean> {
  try {
    return typeof (await look(context, sending)) !== "string";
  } catch (error) {
    if (isTrouble(error)) return false;
    throw error;
  }
}

const whatToDo = (state: string) =>
  state === "sending"
    ? "It is not certain whether this mail went out. Look into Sent Items of the mailbox before you send it again."
    : "This mail was not sent. Check the mailbox's connection, then send it again.";
