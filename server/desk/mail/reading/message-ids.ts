/** Ids are compared without their angle brackets. What stands between brackets is one id, even with blanks in it. */
export function readMessageIds(value: string): string[] {
  const bracketed = [...value.matchAll(/<([^<>]{1,998})>/g)].map(([, id = ""]) => id.replace(/\s+/g, ""));
  if (bracketed.length > 0) return bracketed.filter((id) => id !== "");
  return value
    .replace(/"[^"]*"/g, " ")
    .split(/[\s,<>]+/)
    .filter((id) => id.includes("@") || (id !== "" && !value.trim().includes(" ")));
}
