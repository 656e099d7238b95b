/** A thread of a thousand mails fits. */
const MAX_LENGTH = 100_000;

/** Ids are compared without their angle brackets. What stands between brackets is one id, even with blanks in it. */
export function readMessageIds(header: string): string[] {
  const value = header.slice(0, MAX_LENGTH);
  const bracketed = [...value.matchAll(/<([^<>]{1,998})>/g)].map(([, id = ""]) => id.replace(/\s+/g, ""));
  if (bracketed.length > 0) return bracketed.filter((id) => id !== "");
  return value
    .replace(/"[^"]*"/g, " ")
    .split(/[\s,<>]+/)
    .filter((id) => id.includes("@") || (id !== "" && !value.trim().includes(" ")));
}
