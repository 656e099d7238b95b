import { HEADER_LABELS, type HeaderLabel } from "../words/header-labels.ts";
import { ANY_SEPARATOR } from "../words/separators.ts";

/** A line such as `*Von:* Ann Miller <ann@example.com>`. */
export type HeaderLine = { label: string; meanings: ReadonlySet<HeaderLabel>; value: string };

/** A label holds no digit, so its colon is no time's, whatever follows; a web address is no value. */
const LABELLED =
  /^[\s>\u200e\u200f\u202a-\u202e\u2066-\u2069]{0,12}[*_|]{0,2}([\p{L}][\p{L}\p{M}\u200c .()/'’-]{0,30}?)[ \u00a0]{0,2}[*_]{0,2}[ \u00a0]?[:：﹕](?!\/\/)[*_]{0,2}[ \t\u00a0\u200e\u200f]*(.*)$/u;

const NOTHING: ReadonlySet<HeaderLabel> = new Set();

/** A labelled line of any kind; `meanings` is empty where no language has the label. */
function labelledLine(line: string): HeaderLine | null {
  if (line.length > 2_000) return null;
  const [all, label = "", value = ""] = LABELLED.exec(line) ?? [];
  if (all === undefined) return null;
  const trimmed = value
    .trimEnd()
    .replace(/[*_]{1,2}$/, "")
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .trim();
  return { label, meanings: HEADER_LABELS.get(label.trim().toLowerCase().normalize("NFC")) ?? NOTHING, value: trimmed };
}

export function headerLine(line: string): HeaderLine | null {
  const found = labelledLine(line);
  return found && found.meanings.size > 0 ? found : null;
}

/** The fields of a header block that begins at a line; its own end is where the fields end. */
export type HeaderBlock = { fields: Fields; end: number };

type Fields = Partial<Record<HeaderLabel, string>>;
type Lines = readonly { text: string }[];

/** Lines that a long value may take. */
const MAX_BLOCK = 24;

/**
 * Reads `From: … Sent: … To: … Subject: …` in any language at `start`, or null. A block has a sender and two more fields,
 * or three fields without a sender (Thunderbird begins with the subject). Labels that no language has are read by what
 * stands behind them.
 */
export function headerBlockAt(lines: Lines, start: number): HeaderBlock | null {
  return knownBlockAt(lines, start) ?? unknownBlockAt(lines, start);
}

function knownBlockAt(lines: Lines, start: number): HeaderBlock | null {
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
    else if (!(last && gap === 0 && labelledLine(text) && newLabelFollows(lines, i + 1, fields))) break;
    gap = 0;
    end = i + 1;
  }
  return isComplete(fields) ? { fields, end } : null;
}

const ADDRESS = /[^\s<>()@]{1,64}@[^\s<>()@]{1,255}/;
const CLOCK = /(?<!\p{Nd})\p{Nd}{1,2}[:.٫]\p{Nd}{2}(?!\p{Nd})/u;

/**
 * A block whose labels no language has: three to eight labelled lines without a gap, a mailbox with its name first, a date
 * with a time, and another mailbox or a separator above. Nobody writes such lines by hand in an answer.
 */
function unknownBlockAt(lines: Lines, start: number): HeaderBlock | null {
  const found: HeaderLine[] = [];
  for (let i = start; i < Math.min(lines.length, start + 8); i++) {
    const line = labelledLine(lines[i]?.text ?? "");
    if (!line) break;
    found.push(line);
  }
  const [from, ...rest] = found;
  if (!from || rest.length < 2 || !/[<([][^<>()[\]\s]{1,64}@[^<>()[\]\s]{1,255}[>)\]]/.test(from.value)) return null;
  const date = rest.find(({ value }) => CLOCK.test(value) && /\p{Nd}/u.test(value) && !ADDRESS.test(value));
  if (!date) return null;
  const to = rest.find(({ value }) => ADDRESS.test(value));
  const subject = rest.find((line) => line !== to && line !== date);
  if (!to && !(subject && isBelowSeparator(lines, start))) return null;
  const value = (line: HeaderLine | undefined) => line?.value;
  const fields = { from: from.value, date: date.value, to: value(to), subject: value(subject) };
  return { fields: withoutMissing(fields), end: start + found.length };
}

function isBelowSeparator(lines: Lines, start: number): boolean {
  let above = start - 1;
  while (above >= 0 && isEmpty(lines[above]?.text ?? "")) above--;
  const text = lines[above]?.text ?? "";
  return ANY_SEPARATOR.test(text) || /^[\s>]*[-_=*]{8,}\s*$/.test(text);
}

const withoutMissing = (fields: Record<string, string | undefined>): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** `From "Ann" <ann@example.com>`, `Date 05.01.2026 10:00`: eM Client writes no colons below its separator. */
export function colonlessBlockAt(lines: Lines, start: number): HeaderBlock | null {
  const fields: Fields = {};
  let end = start;
  for (let i = start; i < Math.min(lines.length, start + 8); i++) {
    const line = colonlessLine(lines[i]?.text ?? "");
    const key = line && pick(line.meanings, fields);
    if (!line || !key || (i === start && (key !== "from" || !ADDRESS.test(line.value)))) break;
    fields[key] = line.value;
    end = i + 1;
  }
  return end - start >= 3 ? { fields, end } : null;
}

function colonlessLine(text: string): HeaderLine | null {
  if (text.length > 2_000) return null;
  const words = text.trim().split(/\s+/, 4);
  for (const count of [3, 2, 1]) {
    const label = words.slice(0, count).join(" ").toLowerCase();
    const meanings = words.length > count ? HEADER_LABELS.get(label) : undefined;
    if (meanings) return { label, meanings, value: text.trim().replace(/\s+/g, " ").slice(label.length).trim() };
  }
  return null;
}

/** A letter may hold lines "From: …", "To: …" and "Date: …"; a mail's header has an address or a time in them, or a subject. */
function isComplete(fields: Fields): boolean {
  const { from, date, to, subject } = fields;
  const known = Object.keys(fields).filter((key) => key !== "replyTo").length;
  const telling = subject !== undefined || [from, to].some((one) => one?.includes("@")) || CLOCK.test(date ?? "");
  if (from !== undefined && known >= 3) return telling;
  if (from !== undefined && known === 2)
    return from.includes("@") && (subject !== undefined || /\p{Nd}/u.test(date ?? ""));
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
function labelFollows(lines: Lines, start: number): boolean {
  for (let i = start; i < Math.min(lines.length, start + 3); i++) {
    const text = lines[i]?.text ?? "";
    if (!isEmpty(text)) return headerLine(text) !== null;
  }
  return false;
}

/** A line whose label nobody knows is stepped over where the block goes on at once. */
function newLabelFollows(lines: Lines, next: number, fields: Fields): boolean {
  const line = headerLine(lines[next]?.text ?? "");
  return line !== null && pick(line.meanings, fields) !== null;
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
