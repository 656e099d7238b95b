import { type HeaderLabel, LABEL_SETS } from "../words/header-labels.ts";

const MAX_LENGTH = 3_000;
const title = (label: string) => label.charAt(0).toUpperCase() + label.slice(1);

/** From, To, Cc, Sent, Subject in that order, as Yahoo writes them. English labels may stand among others. */
const PATTERNS = LABEL_SETS.map(({ from, to, cc, date, subject }) => {
  const any = (labels: string[], english: string) => `(?:${[...new Set([...labels.map(title), english])].join("|")})`;
  return new RegExp(
    `^${any(from, "From")} ?: ?(?<from>.{1,300}?)${any(to, "To")} ?: ?(?<to>.{1,1500}?)(?:${any([...cc, "CC"], "Cc")} ?: ?(?<cc>.{1,1500}?))?${any(date, "Sent")} ?: ?(?<date>.{1,120}?)${any(subject, "Subject")} ?: ?(?<subject>.{0,1000})$`,
    "u",
  );
});

/** Reads `From: Ann <ann@example.com>To: …Sent: …Subject: …` on one line. */
export function readRunOnBlock(line: string): Partial<Record<HeaderLabel, string>> | null {
  if (line.length > MAX_LENGTH) return null;
  for (const pattern of PATTERNS) {
    const groups = pattern.exec(line)?.groups;
    if (groups) return groups;
  }
  return null;
}
