/**
 * Sign-in codes and invitations by an SMTP server of one's own, when NOTIFICATIONS_SMTP_URL names one. SMTP knows no
 * draft and no copy that could be looked for. So the mail and its Message-ID are made and written down first. When the
 * answer to it was lost, the same mail with the same Message-ID is sent once more and never a third time: a code that
 * comes twice does no harm, one that never comes locks somebody out, and many servers drop the second by its Message-ID.
 */
import type { DeskContext } from "../context.ts";
import { GraphTrouble } from "../graph/trouble.ts";
import { oneLine } from "./intend.ts";
import { domainOf } from "./matching/addresses.ts";
import type { SentMail } from "./record-sent.ts";
import { type LeasedSending, move } from "./sending.ts";
import { composeMail, handOverBySmtp, type Outcome } from "./smtp.ts";

/** What nobody wrote by hand and what belongs to no ticket; a reply lies in Sent Items, where agents look for it. */
export function goesBySmtp({ settings }: DeskContext, { state, transport, mail, ticketId }: LeasedSending): boolean {
  if (state !== "waiting") return transport === "smtp";
  return settings.NOTIFICATIONS_SMTP_URL !== undefined && mail.automatic && ticketId === null;
}

/** How often the mail may be handed over without our knowing what became of it. */
const mostUnknown = 2;

export async function sendBySmtp(context: DeskContext, sending: LeasedSending): Promise<SentMail> {
  const internetMessageId = `${sending.id}@${domainOf(sending.mailbox.address)}`;
  if (sending.asked >= mostUnknown)
    throw new GraphTrouble(
      "refused",
      "smtp",
      "The SMTP server did not say whether it took it, twice. It may have arrived.",
    );
  const bytes = await composeMail(sending, internetMessageId);
  await move(context, sending, {
    state: "sending",
    transport: "smtp",
    internetMessageId,
    asked: { increment: 1 },
    askedAt: new Date(),
  });
  await handOver(context, sending, bytes);
  return { raw: await context.files.keep(bytes), immutableId: null, conversationId: null, internetMessageId };
}

async function handOver(context: DeskContext, sending: LeasedSending, bytes: Buffer) {
  const { mail, mailbox } = sending;
  const { NOTIFICATIONS_SMTP_URL: url = "", NOTIFICATIONS_SMTP_CA: ca } = context.settings;
  // Reports of what did not arrive come back to the mailbox, which is read.
  const envelope = { from: mailbox.address, to: [...mail.to, ...mail.cc].map(({ address }) => address) };
  const outcome = await handOverBySmtp({ url, ca }, envelope, bytes);
  if (outcome.became === "taken") return;
  if (outcome.became !== "unknown")
    // It was not taken, so nothing of it is unknown.
    await move(context, sending, { state: "drafted", asked: sending.asked, askedAt: null });
  throw troubleOf(outcome);
}

function troubleOf(outcome: Exclude<Outcome, { became: "taken" }>): GraphTrouble {
  if (outcome.became === "unknown")
    return new GraphTrouble("unreachable", "smtp", "The SMTP server did not say whether it took the mail.");
  if (outcome.became === "not offered") return new GraphTrouble("unreachable", "smtp", outcome.sentence);
  const { forGood, code, message } = outcome;
  return forGood
    ? new GraphTrouble("refused", String(code), `The SMTP server refused it: ${oneLine(message).slice(0, 300)}`)
    : new GraphTrouble("unreachable", String(code), "The SMTP server does not take the mail now; we try again.");
}
