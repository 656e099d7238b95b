import type { Recipient } from "../graph/client.ts";

/** `Alice Moreau <alice@harbourlight.test>; bob@birkenau-werke.test`, as people type it, with semicolons or commas. */
export function readRecipients(typed: string): Recipient[] {
  return parts(typed).flatMap((part) => readOne(part) ?? []);
}

/** What was typed but is no address. */
export function badRecipients(typed: string): string[] {
  return parts(typed).filter((part) => readOne(part) === null);
}

export const writeRecipients = (recipients: Recipient[]) =>
  recipients
    .map(({ name, address }) => (name && name !== address ? `${quoted(name)} <${address}>` : address))
    .join("; ");

const quoted = (name: string) => (/[;,<>"]/.test(name) ? `"${name.replaceAll('"', "")}"` : name);

// Not inside quotes: `"Moreau, Alice" <alice@harbourlight.test>` is one.
const parts = (typed: string) => (typed.match(/(?:"[^"]*"|[^;,"])+/g) ?? []).map((part) => part.trim()).filter(Boolean);

function readOne(part: string): Recipient | null {
  const named = /^"?(.*?)"?\s*<([^<>]+)>$/.exec(part);
  const address = (named?.[2] ?? part).trim();
  return /^[^\s@<>"]+@[^\s@<>"]+$/.test(address) ? { name: named?.[1] ?? "", address } : null;
}
