/**
 * The thread token: proof that a mail answers one of ours. It stands in a header and in the reply address
 * (support+<token>@…) of every mail about a ticket. A token opens nothing by itself: the sender must also be
 * authenticated and on the ticket (see matching/who-may-join.ts).
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** The header that carries it. */
export const threadHeader = "x-deskhatch-ticket";

/** A ticket's thread key (26 characters of base32) and its seal (128 bits, as many characters). */
const form = /^([a-z2-7]{26})([a-z2-7]{26})$/;

export type ThreadToken = { threadKey: string; seal: string };

/** The token of a ticket's thread; short and plain enough for the local part of an address (RFC 5321, 4.5.3.1.1). */
export const signThreadToken = (threadKey: string, ticketNumber: number, secret: string) =>
  `${threadKey}${seal(threadKey, ticketNumber, secret)}`;

/** Takes a token apart. Whether it is genuine says `isGenuine`, once the ticket of its key is known. */
export function readThreadToken(text: string): ThreadToken | null {
  const [, threadKey, seal] = form.exec(text.trim().toLowerCase()) ?? [];
  return threadKey && seal ? { threadKey, seal } : null;
}

export function isGenuine(token: ThreadToken, ticketNumber: number, secret: string): boolean {
  const expected = Buffer.from(seal(token.threadKey, ticketNumber, secret));
  const given = Buffer.from(token.seal);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** HMAC-SHA256, shortened to 128 bits (RFC 2104, 5). */
const seal = (threadKey: string, ticketNumber: number, secret: string) =>
  base32(createHmac("sha256", secret).update(`thread ${threadKey} of ticket ${ticketNumber}`).digest().subarray(0, 16));

/** RFC 4648 base32 without padding, lower case: survives servers that fold the case of addresses. */
function base32(bytes: Uint8Array): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

/** Longest local part that every server takes (RFC 5321, 4.5.3.1.1). */
const longestLocalPart = 64;

/** The mailbox's address with the token as a plus tag, or null when the mailbox's own name leaves no room. */
export function replyAddress(mailbox: string, token: string): string | null {
  const at = mailbox.lastIndexOf("@");
  const local = `${mailbox.slice(0, at)}+${token}`;
  return local.length <= longestLocalPart ? `${local}${mailbox.slice(at)}` : null;
}

/** The tokens in addresses of ours: what stands between + and @. */
export function tokensIn(addresses: string[]): ThreadToken[] {
  const tags = addresses.map((address) => /\+([^@+]+)@/.exec(address)?.[1] ?? "");
  return tags.map(readThreadToken).filter((token) => token !== null);
}
