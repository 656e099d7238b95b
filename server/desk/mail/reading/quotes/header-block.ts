import { HEADER_LABELS, type HeaderLabel } from "../words/header-labels.ts";

/** A line such as `*Von:* Ann Miller <ann@example.com>`. */
export type HeaderLine = { meanings: ReadonlySet<HeaderLabel>; value: string };

const LABELLED =
  /^[\s>]{0,12}[*_|]{0,2}([\p{L}][\p{L}\p{M} ()'’-]{0,28}?)[ \u00a0]{0,2}[*_]{0,2}[ \u00a0]?[:：][*_]{0,2}(?:[ \t\u00a0]+|(?![/\d])|$)(.*)$/u;

export function headerLine(line: string): HeaderLine | null {
  if (line.length > 2_000) return null;
  const [, label = "", value = ""] = LABELLED.exec(line) ?? [];
  const meanings = HEADER_LABELS.get(label.trim().toLowerCase());
  return meanings
    ? {
        meanings,
        value: value
          .trimEnd()
          .replace(/[*_]{1,2}$/, "")
          .trim(),
      }
    : null;
}

/** The fields of a header block that begins at a line; its own end is where the fields end. */
export type HeaderBlock = { fields: Fields; end: number };

type Fields = Partial<Record<HeaderLabel, string>>;

/** Lines that a long value may take. */
const MAX_BLOCK = 24;

/**
 * Reads `From: … Sent: … To: … Subject: …` in any language at `start`, or null. A block has a sender and two more fields,
 * or three fields without a sender (Thunderbird begins with the subject).
 */
export function headerBlockAt(lines: readonly { text: string }[], start: number): HeaderBlock | null {
  const first = headerLine(lines[start]?.text ?? "");
  if (!first) return null;
  const fields: Fields = {};
  let last: HeaderLabel | null = null;
  let end = start;
  let gap = 0;
  for (let i = start; i < Math.min(lines.length, start + MAX_BLOCK); i++) {
    const text = lines[i]?.text ?? "";
    if (isEmpty(text)) {
      if (++gap > 2 || !labelFollows(lines, i + 1)) break;
      continue;
    }
    const line = headerLine(text);
    const key: HeaderLabel | null = line ? pick(line.meanings, fields) : null;
    if (line && key) {
      fields[key] = line.value;
      last = key;
    } else if (last && gap === 0 && continues(last, fields[last] ?? "", text, labelFollows(lines, i + 1)))
      fields[last] = `${fields[last]} ${text.replace(/^[\s>]+/, "").trim()}`.trim();
    else break;
    gap = 0;
    end = i + 1;
  }
  return isComplete(fields) ? { fields, end } : null;
}

/** A letter may hold a line "To: …" or "Date: …", but not these together. */
function isComplete(fields: Fields): boolean {
  const { from, date, to, subject } = fields;
  const known = Object.keys(fields).filter((key) => key !== "replyTo").length;
  if (from !== undefined && known >= 3) return true;
  if (from !== undefined && known === 2) return from.includes("@") && (subject !== undefined || /\d/.test(date ?? ""));
  if (date !== undefined && to !== undefined) return to.includes("@") && /\d{1,2}[:.]\d{2}/.test(date);
  return known >= 3 && subject !== undefined && to !== undefined;
}

/** A word with several meanings names what the block still lacks: the sender comes first. */
function pick(meanings: ReadonlySet<HeaderLabel>, fields: Fields): HeaderLabel | null {
  for (const key of ["from", "date", "to", "cc", "subject", "replyTo"] as const)
    if (meanings.has(key) && fields[key] === undefined) return key;
  return null;
}

const isEmpty = (text: string) => text.replace(/^[\s>]+/, "") === "";

/** The next line with words, or the one after a blank line, is a label. */
function labelFollows(lines: readonly { text: string }[], start: number): boolean {
  for (let i = start; i < Math.min(lines.length, start + 3); i++) {
    const text = lines[i]?.text ?? "";
    if (!isEmpty(text)) return headerLine(text) !== null;
  }
  return false;
}

/** Values are wrapped: addresses, subjects between other fields, and a label alone on its line. */
function continues(last: HeaderLabel, value: string, text: string, labelBelow: boolean): boolean {
  if (value === "") return true;
  if (last === "subject") return labelBelow && value.length > 40;
  if (last === "date" || last === "replyTo") return false;
  return (
    /[,;]\s*$/.test(value) ||
    /^[\s>]*[<[(]?(mailto:)?[^\s@]{1,64}@[^\s@]{1,255}[>)\]]?[,;]?\s*$/.test(text) ||
    (/<[^>]*$/.test(value) && text.includes(">"))
  );
}
