import { createHash, randomBytes } from "node:crypto";

/**
 * Ids in Exchange's manner: long, case-sensitive, url-safe base64 that ends in "=".
 * The prefixes are Exchange's too, so that a log line shows which kind was used.
 */
const immutablePrefix = "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A";
const mutablePrefix = "AAMkAGI1ZTMx";
const folderPrefix = "AQMkAGI1ZTMx";

/** Stays with a mail wherever it moves inside its mailbox. */
export const newImmutableId = () => `${immutablePrefix}${randomBytes(24).toString("base64url")}AA==`;

/** Changes whenever the mail changes folder. */
export const newMutableId = () => `${mutablePrefix}${randomBytes(72).toString("base64url")}AAA=`;

export const newFolderId = () => `${folderPrefix}${randomBytes(48).toString("base64url")}AAA=`;

export const newAttachmentId = () => `${mutablePrefix}${randomBytes(36).toString("base64url")}ABEgAQ=`;

export const newMessageId = () => `<${randomBytes(18).toString("hex").toUpperCase()}@mail.protection.test>`;

export const looksLikeAnId = (id: string) =>
  id.startsWith(immutablePrefix) || id.startsWith(mutablePrefix) || id.startsWith(folderPrefix);

/** The conversation that a thread's first mail opens in one mailbox. Another mailbox gets another id. */
export const conversationIdFor = (mailboxId: number, firstMessageId: string) =>
  `AAQkAGI1ZTMx${createHash("sha256").update(`${mailboxId} ${firstMessageId}`).digest("base64url")}AQAQ=`;

/** A conversation index: 22 bytes for the first mail, 5 more for each answer (MS-OXOMSG 2.2.1.3). */
export function conversationIndexAfter(parent: string | null): string {
  if (!parent) return Buffer.concat([Buffer.from([1]), randomBytes(21)]).toString("base64");
  return Buffer.concat([Buffer.from(parent, "base64"), randomBytes(5)]).toString("base64");
}
