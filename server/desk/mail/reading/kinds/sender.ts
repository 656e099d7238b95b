import { field, type HeaderField, readable } from "../mime/headers.ts";
import { DAEMON_ADDRESS } from "../words/delivery-failures.ts";

/** RFC 5321, 4.5.5: reports and automatic answers have no sender in their envelope. */
export const isNullSender = (fields: HeaderField[]) => /^\s*<\s*>\s*$/.test(field(fields, "return-path") ?? "");

/** A server tells who sent it, and that was no server's daemon. */
export const hasSender = (fields: HeaderField[]) => {
  const path = readable(field(fields, "return-path") ?? "").replace(/^<|>$/g, "");
  return path.includes("@") && !DAEMON_ADDRESS.test(path);
};

/** What Auto-Submitted says (RFC 3834, 5), without comments and parameters; null where it is missing or empty. */
export function submittedBy(fields: HeaderField[]): string | null {
  const words = readable(field(fields, "auto-submitted") ?? "")
    .replace(/\([^()]{0,200}\)|"/g, "")
    .replace(/;.*$/, "")
    .trim()
    .toLowerCase()
    .slice(0, 60);
  if (words === "") return null;
  return /^no\b/.test(words) ? "no" : words;
}
