import { addressParser } from "postal-mime";
import { longestAddress } from "../../../platform/mail-address.ts";
import { unfold } from "./mime/headers.ts";
import { recodeWords } from "./mime/words.ts";
import type { MailAddress } from "./read-mail.ts";

/** A header this long lists a mailing; the first thousand recipients tell enough. */
const MAX_LENGTH = 200_000;

/** No address has them, and programs differ in whether they end one: what holds them is nobody's. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant.
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** The mailboxes of an address header, groups dissolved into their members. */
export function readAddresses(raw: string): MailAddress[] {
  return parseAddresses(tidyMailboxes(recodeWords(unfold(raw).slice(0, MAX_LENGTH).replace(CONTROLS, "\ufffd"))));
}

/** The mailboxes that a line of words names, such as the one a mail program writes above a forwarded mail. */
export function parseAddresses(line: string): MailAddress[] {
  return addressParser(line, { flatten: true })
    .map(({ name, address }) => asMailbox(name, address ?? ""))
    .filter(({ name, address }) => name !== "" || address !== "");
}

/** Comments, blanks and routes inside angle brackets, and blanks around the dots of a domain: RFC 5322, 4.4, allows them all. */
function tidyMailboxes(line: string): string {
  return line
    .replace(
      /<([^<>"]{1,1000})>/g,
      (_, inside: string) =>
        `<${inside
          .replace(/\([^()]{0,200}\)/g, "")
          .replace(/\s+/g, "")
          .replace(/^@[^:]{1,300}:/, "")}>`,
    )
    .replace(/(@[\w.-]{1,255})\s{1,20}\.\s{0,20}(?=\w)/g, "$1.");
}

function asMailbox(name: string, address: string): MailAddress {
  const written = address.trim().replace(/^(<|mailto:){1,3}|>{1,3}$/gi, "");
  if (Buffer.byteLength(written) > longestAddress) return { name: tidyName(name || written), address: "" };
  return { name: tidyName(name), address: written };
}

/** Outlook writes names in quotes inside the quotes: "'Ann Miller'". */
const tidyName = (name: string) =>
  name
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^'(.*)'$/, "$1")
    .replace(/^"(.*)"$/, "$1");
