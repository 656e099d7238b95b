/**
 * The one way of writing an address, wherever two are compared: when a mail arrives, when somebody is let in, when
 * something is sent. Two ways of writing one mailbox become one; two mailboxes never do.
 *
 * - The domain without its final dot, in lower case, as DNS asks for it (IDNA, UTS #46: bücher.test is xn--bcher-kva.test).
 *   What only looks alike stays another domain.
 * - The local part without quotes that it does not need (RFC 5321, 4.1.2), with A to Z in lower case: no server that
 *   matters tells those apart. Every other letter stays: KELVIN SIGN is no k.
 * - Dots and plus tags stay: at most servers they are other mailboxes. That a tag means the same person is a rule of
 *   its own, with its own `because`.
 */
import { domainToASCII } from "node:url";

const sign = String.raw`[^\s@"<>(),:;[\]\\\p{C}]`;
const shape = new RegExp(String.raw`^(?:"((?:[^"\\]|\\.)+)"|(${sign}+))@(${sign}+)$`, "u");
const plainLocal = new RegExp(`^${sign}+$`, "u");
const plainDomain = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/** In bytes. RFC 5321, 4.5.3.1, allows 320 and a line of a mail 998; what is longer is nobody's, and no index takes it. */
export const longestAddress = 998;

/** Null when programs could read it differently, or when nothing could be sent to it. */
export function canonicalAddress(address: string): string | null {
  const [, quoted, plain, domain = ""] = shape.exec(address.trim()) ?? [];
  const local = plain ?? quoted?.replace(/\\(.)/gu, "$1") ?? "";
  const host = canonicalDomain(domain);
  if (host === null || !plainLocal.test(local)) return null;
  return `${local.replace(/[A-Z]/g, (letter) => letter.toLowerCase())}@${host}`;
}

/** A domain as DNS asks for it; null when it is none. */
export function canonicalDomain(domain: string): string | null {
  const written = domain.trim().replace(/\.$/, "");
  // A name of digits would be read as a number and become another one.
  const host = /^[\x21-\x7e]*$/.test(written) ? written.toLowerCase() : domainToASCII(written);
  return plainDomain.test(host) && !/(^|\.)(\d+|0x[\da-f]*)$/.test(host) ? host : null;
}
