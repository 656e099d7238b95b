/** A thread of a thousand mails fits. */
const MAX_LENGTH = 100_000;

/** Of one id in bytes: no line of a mail is longer (RFC 5322, 2.1.1), and an index takes no more than 2,700. */
const LONGEST = 998;

/** Ids are compared without their angle brackets. What stands between brackets is one id, even with blanks in it. */
export function readMessageIds(header: string): string[] {
  return idsOf(header.slice(0, MAX_LENGTH)).filter((id) => Buffer.byteLength(id) <= LONGEST);
}

function idsOf(value: string): string[] {
  const bracketed = [...value.matchAll(/<([^<>]{1,998})>/g)].map(([, id = ""]) => id.replace(/\s+/g, ""));
  if (bracketed.length > 0) return bracketed.filter((id) => id !== "");
  return value
    .replace(/"[^"]*"/g, " ")
    .split(/[\s,<>]+/)
    .filter((id) => id.includes("@") || (id !== "" && !value.trim().includes(" ")));
}
