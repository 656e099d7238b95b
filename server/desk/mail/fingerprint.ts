import { createHash } from "node:crypto";
import type { ReadMail } from "./reading/read-mail.ts";

/**
 * The same mail in two mailboxes has the same fingerprint; a mail that repeats a Message-ID with other words has not.
 * The raw bytes will not do: every server on the way adds lines to them.
 */
export function fingerprintOf(mail: ReadMail, at: { mailboxId: string; immutableId: string }): string {
  const hash = createHash("sha256");
  const parts = [
    // Without a Message-ID nothing tells a second copy from a second mail, and a mail must not be lost.
    mail.messageId ?? JSON.stringify(at),
    mail.from?.address.toLowerCase() ?? "",
    mail.date?.toISOString() ?? "",
    mail.subject,
    mail.text,
    mail.html,
    ...mail.attachments.map(({ sha256 }) => sha256),
  ];
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("hex");
}
