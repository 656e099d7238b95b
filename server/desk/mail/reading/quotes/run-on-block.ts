import { HEADER_LABELS, type HeaderLabel } from "../words/header-labels.ts";
import { ANY_SEPARATOR_RUN_ON, FORWARD_SEPARATOR_RUN_ON } from "../words/separators.ts";

const MAX_LENGTH = 3_000;

const WORDS = [...HEADER_LABELS.keys()]
  .sort((a, b) => b.length - a.length)
  .map((label) => label.replace(/[()]/g, "\\$&"));

/** A label begins a word, or stands at the end of an address, a bracket or a number: Yahoo leaves no blank before it. */
const LABEL = new RegExp(`(?<=^|[\\s>)\\]\\d"*])\\*?(${WORDS.join("|")})\\*? ?[:：]`, "giu");

/** …or at the end of another word, then with a capital, in these languages' own words. */
const CAPITAL = new RegExp(
  `(?<=[\\p{L}\\p{Nd}])(${WORDS.filter((label) => label.length > 1)
    .map((label) => label.charAt(0).toUpperCase() + label.slice(1))
    .join("|")}) ?:`,
  "gu",
);

type Found = { at: number; end: number; meanings: ReadonlySet<HeaderLabel> };

/** Reads `From: Ann <ann@example.com>To: …Sent: …Subject: …` on one line, with or without blanks (Yahoo, Samsung), in any order. */
export function readRunOnBlock(line: string): Partial<Record<HeaderLabel, string>> | null {
  if (line.length > MAX_LENGTH) return null;
  const labels = [...find(line, LABEL), ...find(line, CAPITAL)].sort((a, b) => a.at - b.at || b.end - a.end);
  const [first] = labels;
  if (!first?.meanings.has("from") || line.slice(0, first.at).trim() !== "") return null;
  const fields: Partial<Record<HeaderLabel, string>> = {};
  let open: { key: HeaderLabel; start: number } | null = null;
  const close = (end: number) => {
    if (open) fields[open.key] = line.slice(open.start, end).trim().replace(/\*$/, "").trim();
  };
  for (const { at, end, meanings } of labels) {
    const key = ORDER.find((one) => meanings.has(one) && fields[one] === undefined && open?.key !== one);
    if (!key || (open !== null && at < (open as { start: number }).start)) continue;
    close(at);
    open = { key, start: end };
    if (key === "subject") break; // it may hold any word
  }
  close(line.length);
  const { from, to, date, subject } = fields;
  return from && [to, date, subject].filter((value) => value !== undefined).length >= 2 ? fields : null;
}

/** A separator and the header below it on one line. */
export function readsAsRunOn(line: string): boolean {
  if (line.length > MAX_LENGTH) return false;
  const separator = (FORWARD_SEPARATOR_RUN_ON.exec(line) ?? ANY_SEPARATOR_RUN_ON.exec(line))?.[0];
  return separator !== undefined && readRunOnBlock(line.slice(separator.length)) !== null;
}

const ORDER = ["from", "date", "to", "cc", "subject", "replyTo"] as const;

const find = (line: string, pattern: RegExp): Found[] =>
  [...line.matchAll(pattern)].flatMap(({ index, 0: all, 1: label = "" }) => {
    const meanings = HEADER_LABELS.get(label.toLowerCase());
    return meanings ? [{ at: index, end: index + all.length, meanings }] : [];
  });
