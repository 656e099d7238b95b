import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { deliver, sortRecipients } from "../exchange/deliver.ts";
import type { Store } from "../store.ts";

/** Exchange Online's default limit of a message; an administrator may raise it. */
export const largestMail = 35 * 1024 * 1024;

export type Smtp = { port: number; close(): Promise<void> };

/** The tenant's door for mail: anybody on this machine may deliver anything to a mailbox here. */
export async function startSmtp(store: Store, port: number, largest = largestMail): Promise<Smtp> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    size: largest,
    disableReverseLookup: true,
    banner: "Deskhatch sandbox: nothing leaves this machine",
    closeTimeout: 100,
    onMailFrom: (address, _session, done) => done(tooLargeAsAnnounced(address, largest)),
    onRcptTo: (address, _session, done) => done(unknownHere(store, address)),
    onData: (stream, session, done) => {
      receive(store, stream, session, largest).then(
        (text) => done(null, text),
        (problem: Error) => done(problem),
      );
    },
  });
  server.on("error", () => {
    // A client that hangs up in the middle of a command; smtp-server has closed its connection.
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  return {
    // A listening TCP server's address is an AddressInfo (node:net).
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

function tooLargeAsAnnounced(address: SMTPServerAddress, largest: number): Error | null {
  const announced = address.args ? Number(address.args.SIZE ?? 0) : 0;
  return announced > largest ? tooLarge(largest) : null;
}

const tooLarge = (largest: number) =>
  refusal(552, `5.3.4 Message size exceeds the fixed limit of ${Math.round(largest / 2 ** 20)} MB`);

function unknownHere(store: Store, { address }: SMTPServerAddress): Error | null {
  const isUnknown = sortRecipients(store, [address]).unknown.length > 0;
  return isUnknown
    ? refusal(550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup")
    : null;
}

/** The 250 is said only after the mail is durably in every mailbox. */
async function receive(
  store: Store,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  largest: number,
): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) if (!stream.sizeExceeded) parts.push(part);
  if (stream.sizeExceeded) throw tooLarge(largest);

  const { mailFrom, rcptTo } = session.envelope;
  const envelope = { from: mailFrom ? mailFrom.address : "", to: rcptTo.map(({ address }) => address) };
  const delivered = await deliver(store, Buffer.concat(parts), envelope, { client: session.remoteAddress });
  return `2.6.0 Queued mail for delivery to ${delivered.length} mailbox${delivered.length === 1 ? "" : "es"}`;
}
