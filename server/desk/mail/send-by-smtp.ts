/**
 * Sign-in codes and invitations by an SMTP server of one's own, when NOTIFICATIONS_SMTP_URL names one. SMTP knows no
 * draft and no copy that could be looked for. So the mail and its Message-ID are made and written down first. When the
 * answer to it was lost, the same mail with the same Message-ID is sent once more and never a third time: a code that
 * comes twice does no harm, one that never comes locks somebody out, and many servers drop the second by its Message-ID.
 */
import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { parseConnectionUrl } from "nodemailer/lib/shared/index.js";
import SMTPConnection from "nodemailer/lib/smtp-connection/index.js";
import { z } from "zod";
import type { DeskContext } from "../context.ts";
import { GraphTrouble } from "../graph/trouble.ts";
import { type OutgoingMail, oneLine } from "./intend.ts";
import { domainOf } from "./matching/addresses.ts";
import type { SentMail } from "./record-sent.ts";
import { type LeasedSending, move } from "./sending.ts";

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
  // Reports of what did not arrive come back to the mailbox, which is read.
  const envelope = { from: mailbox.address, to: [...mail.to, ...mail.cc].map(({ address }) => address) };
  const outcome = await deliver(context.settings.NOTIFICATIONS_SMTP_URL ?? "", envelope, bytes);
  if (outcome === "taken") return;
  if (outcome === "unknown")
    throw new GraphTrouble("unreachable", "smtp", "The SMTP server did not say whether it took the mail.");
  // It was not taken, so nothing of it is unknown.
  await move(context, sending, { state: "drafted", asked: sending.asked, askedAt: null });
  throw refusalOf(outcome);
}

type Refused = { responseCode: number; message: string };
type Envelope = { from: string; to: string[] };

/** A connection of its own: its stages tell what nodemailer's errors do not, whether the server can have had the mail. */
async function deliver(url: string, envelope: Envelope, bytes: Buffer): Promise<"taken" | "unknown" | Refused> {
  const options = parseConnectionUrl(url);
  const connection = new SMTPConnection({ ...options, ...timeouts });
  // Told to whoever waits, too; without a listener it would end the process.
  connection.on("error", () => undefined);
  const { auth } = options;
  try {
    await answerOf((done) => connection.connect((error) => done(error)), connection);
    if (auth) await answerOf((done) => connection.login({ credentials: auth }, done), connection);
  } catch (error) {
    connection.close();
    return SmtpError.parse(error);
  }
  try {
    await answerOf((done) => connection.send(envelope, bytes, done), connection);
    return "taken";
  } catch (error) {
    const refused = SmtpError.parse(error);
    return refused.responseCode > 0 ? refused : "unknown";
  } finally {
    connection.close();
  }
}

/** Each step ends by its callback, or by the connection's own end. */
const answerOf = (step: (done: (error?: unknown) => void) => void, connection: SMTPConnection) =>
  new Promise<void>((taken, failed) => {
    connection.once("error", failed);
    connection.once("end", () => failed(new Error("The connection ended.")));
    step((error) => (error ? failed(error) : taken()));
  });

const timeouts = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 30_000 };

const SmtpError = z.object({ message: z.string(), responseCode: z.number().default(0) });

/** RFC 5321, 4.2.1: 5yz is for good, 4yz is for now. */
const refusalOf = ({ responseCode, message }: Refused) =>
  responseCode >= 500
    ? new GraphTrouble("refused", String(responseCode), `The SMTP server refused it: ${oneLine(message).slice(0, 300)}`)
    : new GraphTrouble(
        "unreachable",
        String(responseCode),
        "The SMTP server does not take the mail now; we try again.",
      );

type Written = { mail: OutgoingMail; mailbox: { name: string; address: string } };

export async function composeMail({ mail, mailbox }: Written, messageId: string): Promise<Buffer> {
  return new MailComposer({
    from: { name: oneLine(mailbox.name), address: mailbox.address },
    to: mail.to,
    cc: mail.cc,
    subject: oneLine(mail.subject),
    html: mail.html,
    messageId: `<${messageId}>`,
    headers: {
      ...mail.headers,
      // RFC 3834, 5, and [MS-OXCMAIL] 2.2.3.2.14: no out-of-office answers and the like to what a program sent.
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
    },
    // What a mail says must not make this process read files or fetch addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}
