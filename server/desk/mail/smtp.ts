/** The one place that talks SMTP: how a mail is written, and how it is handed over. */
import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { parseConnectionUrl } from "nodemailer/lib/shared/index.js";
import SMTPConnection from "nodemailer/lib/smtp-connection/index.js";
import { z } from "zod";
import { isLoopback } from "../../platform/loopback.ts";
import { type OutgoingMail, oneLine } from "./intend.ts";

export type SmtpServer = {
  /** With name and password. It is never part of a sentence or of the log. */
  url: string;
  /** The authority of its certificate, in PEM, when that is not one of the usual ones. */
  ca: string | undefined;
};

export type Envelope = { from: string; to: string[] };

export type Outcome =
  | { became: "taken" }
  /** It may have taken it: the answer was lost. */
  | { became: "unknown" }
  /** It said no to this mail, for good or for now. */
  | { became: "refused"; forGood: boolean; code: number; message: string }
  /** We did not get as far as the mail. The sentence is for an administrator. */
  | { became: "not offered"; sentence: string };

/** A connection of its own: its stages tell what nodemailer's errors do not, whether the server can have had the mail. */
export async function handOverBySmtp(server: SmtpServer, envelope: Envelope, bytes: Buffer): Promise<Outcome> {
  if (isLockedOut(server)) return { became: "not offered", sentence: wrongPassword };
  const options = optionsOf(server);
  const connection = new SMTPConnection(options);
  // Told to whoever waits, too; without a listener it would end the process.
  connection.on("error", () => undefined);
  const { auth } = options;
  try {
    await answerOf((done) => connection.connect((error) => done(error)), connection);
    if (auth) await answerOf((done) => connection.login({ credentials: auth }, done), connection);
  } catch (error) {
    connection.close();
    return { became: "not offered", sentence: sentenceFor(server, SmtpError.parse(error)) };
  }
  try {
    await answerOf((done) => connection.send(envelope, bytes, done), connection);
    return { became: "taken" };
  } catch (error) {
    const { responseCode: code, message } = SmtpError.parse(error);
    if (code === signInFirst) return { became: "not offered", sentence: noPassword };
    // RFC 5321, 4.2.1: 5yz is for good, 4yz is for now.
    return code > 0 ? { became: "refused", forGood: code >= 500, code, message } : { became: "unknown" };
  } finally {
    connection.close();
  }
}

const timeouts = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 30_000 };

/**
 * A code lets somebody in, so it goes encrypted: whoever sits on the line could take STARTTLS out of what the server
 * offers. In the clear only on this machine, or when the address asks for it (?ignoreTLS=true).
 */
function optionsOf({ url, ca }: SmtpServer) {
  const options = parseConnectionUrl(url);
  const { host = "localhost", secure, ignoreTLS, tls } = options;
  return {
    ...options,
    ...timeouts,
    requireTLS: !secure && !ignoreTLS && !isLoopback(host),
    ...(ca && { tls: { ...tls, ca } }),
  };
}

/** Each step ends by its callback, or by the connection's own end. */
const answerOf = (step: (done: (error?: unknown) => void) => void, connection: SMTPConnection) =>
  new Promise<void>((taken, failed) => {
    connection.once("error", failed);
    connection.once("end", () => failed(new Error("The connection ended.")));
    step((error) => (error ? failed(error) : taken()));
  });

const SmtpError = z.object({ message: z.string(), code: z.string().default(""), responseCode: z.number().default(0) });

/** RFC 4954, 6. It is said of us, not of the mail. */
const signInFirst = 530;
const noPassword =
  "The SMTP server wants a name and a password. Put them into NOTIFICATIONS_SMTP_URL (smtps://name:password@…) and start the desk again; the mails wait.";

const wrongPassword =
  "The SMTP server does not accept our name and password. Correct NOTIFICATIONS_SMTP_URL and start the desk again; the mails wait.";

/** nodemailer's codes; of a certificate only OpenSSL's words tell. */
function sentenceFor(server: SmtpServer, { code, message, responseCode }: z.output<typeof SmtpError>): string {
  if (code === "EAUTH" && responseCode >= 500) {
    lockedOut.set(server.url, Date.now() + lockedOutFor);
    return wrongPassword;
  }
  if (code === "ETLS")
    return "The SMTP server offers no encryption (STARTTLS). Use its smtps:// address in NOTIFICATIONS_SMTP_URL, or, inside your own network only, add ?ignoreTLS=true to it; the mails wait.";
  if (/certificate/i.test(message))
    return `The SMTP server's certificate is not to be trusted (${oneLine(message).slice(0, 200)}). Name the file of its authority in NOTIFICATIONS_SMTP_CA, or renew the certificate; the mails wait.`;
  return "The SMTP server does not take mails now. Check that this machine reaches the host and port of NOTIFICATIONS_SMTP_URL; we try again.";
}

/** Many servers lock an account after a few wrong passwords: so many mails that wait ask once a minute together. */
const lockedOut = new Map<string, number>();
const lockedOutFor = 60_000;

const isLockedOut = ({ url }: SmtpServer) => (lockedOut.get(url) ?? 0) > Date.now();

type Written = { mail: OutgoingMail; mailbox: { name: string; address: string } };

export const composeMail = (written: Written, messageId: string): Promise<Buffer> =>
  draftMail(written, messageId).build();

/** Its header and its envelope, before a byte of it is written. */
export function draftMail({ mail, mailbox }: Written, messageId: string) {
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
  }).compile();
}
