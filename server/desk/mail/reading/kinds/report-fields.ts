import { type HeaderField, readHeaders, unfold } from "../mime/headers.ts";

/** The groups of fields in a delivery-status or feedback report: one for the mail, then one per recipient (RFC 3464, 2.1). */
export function readFieldGroups(content: Buffer): Map<string, string>[] {
  const groups: Map<string, string>[] = [];
  for (let at = 0; at < content.length; ) {
    const { fields, bodyStart } = readHeaders(content, at, content.length, false);
    if (fields.length > 0) groups.push(asMap(fields));
    at = Math.max(bodyStart, at + 1);
  }
  return groups;
}

function asMap(fields: HeaderField[]): Map<string, string> {
  const map = new Map<string, string>();
  for (const { name, raw } of fields) if (!map.has(name)) map.set(name, unfold(raw));
  return map;
}

/** `rfc822; <ann@example.com>` is an address with its type before it. */
export function addressOf(value: string | undefined): string | null {
  return addressesIn(value?.replace(/^[^;@]{0,40};/, "") ?? "")[0] ?? null;
}

/** Chinese, Japanese and Korean stand close to an address: its letters end where ASCII ends, or at their punctuation. */
const ASCII = /[\w.!#$%&*+/=?^`{|}~-]{1,64}@(?:[a-z0-9][a-z0-9-]{0,62}\.){1,10}[a-z0-9-]{1,63}/gi;
const ANY =
  /[^\s<>"',;:()[\]、。，．；：「」『』【】（）《》〈〉]{1,64}@[^\s<>"',;:()[\]、。，；：「」『』【】（）《》〈〉]{1,255}/g;

/** The addresses that words name, in order; internationalized ones (RFC 6531) only where there are no others. */
export function addressesIn(words: string): string[] {
  const found = words.match(ASCII) ?? words.match(ANY) ?? [];
  return found.map((address) => address.replace(/[.\s]+$/, ""));
}
