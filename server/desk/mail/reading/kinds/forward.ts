import { parseAddresses, readAddresses } from "../addresses.ts";
import { field, type HeaderField, readable, readHeaders } from "../mime/headers.ts";
import { type MimePart, walk } from "../mime/tree.ts";
import { attributionAt } from "../quotes/attribution.ts";
import { headerBlockAt } from "../quotes/header-block.ts";
import type { Line } from "../quotes/lines.ts";
import { readRunOnBlock } from "../quotes/run-on-block.ts";
import type { MailForward } from "../read-mail.ts";
import type { HeaderLabel } from "../words/header-labels.ts";
import { FORWARD_SEPARATOR, FORWARD_SEPARATOR_RUN_ON, ORIGINAL_SEPARATOR } from "../words/separators.ts";
import { saysAnswered, saysForwarded, withoutForwardPrefix } from "../words/subject-prefixes.ts";

type Fields = Partial<Record<HeaderLabel, string>>;

/** Whose mail is handed on: the mail itself, attached, or what its text says first about an earlier mail. */
export function readForward(root: MimePart, subject: string, lines: readonly Line[]): MailForward | null {
  return fromText(lines.map(withoutMarks), subject) ?? fromAttachment(root, subject, lines);
}

/** A comment above a forward is no book. */
const MAX_LINES = 2_000;

/** Apple Mail marks what it forwards as quoted. */
const withoutMarks = (line: Line): Line => ({
  text: line.text.replace(/^(?:[ \t]{0,3}>){1,20}[ \t]?|^[ \t]{1,20}/, ""),
  inQuote: false,
  mark: null,
});

/**
 * The first sign of an earlier mail decides: a separator that says "forwarded" is enough; a header block or "Ann wrote:"
 * needs a forward's subject, for under "Re:" the same stands below an answer.
 */
function fromText(lines: readonly Line[], subject: string): MailForward | null {
  const says = saysForwarded(subject) && !isFinnishAnswer(subject, lines);
  const plain = !says && !saysAnswered(subject) && (subject.trim() === "" || opensWithBlock(lines));
  const because = says
    ? "its subject begins as a forward's, and its text holds the other mail's header"
    : "its text holds another mail's header";
  const found = (fields: Fields) =>
    asForward({ ...fields, subject: fields.subject ?? withoutForwardPrefix(subject) }, because);
  for (const [i, { text }] of lines.slice(0, MAX_LINES).entries()) {
    if (text.trim() === "") continue;
    const separated = fromSeparator(lines, i);
    if (separated) return separated;
    const block = headerBlockAt(lines, i);
    if (block?.fields.from !== undefined) return says || plain ? found(block.fields) : null;
    const author = authorOfAttribution(lines, i);
    if (author) return says ? found(author) : null;
  }
  return null;
}

function fromSeparator(lines: readonly Line[], i: number): MailForward | null {
  const text = lines[i]?.text ?? "";
  const because = `its text says "${text.trim().slice(0, 60)}"`;
  const runOn = text.length < 5_000 ? FORWARD_SEPARATOR_RUN_ON.exec(text)?.[0] : undefined;
  const fields = runOn && readRunOnBlock(text.slice(runOn.length));
  if (fields) return asForward(fields, `its text says "${runOn.trim()}"`);
  if (!FORWARD_SEPARATOR.test(text)) return null;
  const start = nextFilled(lines, i + 1);
  const below = headerBlockAt(lines, start)?.fields ?? authorOfAttribution(lines, start);
  return below && asForward(below, because);
}

/** Nothing stands above the other mail's header but a separator: it was handed on as it is. */
function opensWithBlock(lines: readonly Line[]): boolean {
  const first = nextFilled(lines, 0);
  const start =
    ORIGINAL_SEPARATOR.test(lines[first]?.text ?? "") || /^[\s_*=-]{5,}$/.test(lines[first]?.text ?? "")
      ? nextFilled(lines, first + 1)
      : first;
  return headerBlockAt(lines, start)?.fields.from !== undefined;
}

/** "VS:" is a forward in Danish and Norwegian, an answer in Finnish. */
const isFinnishAnswer = (subject: string, lines: readonly Line[]) =>
  /^\s*VS\s?:/i.test(subject) && lines.some(({ text }) => /^[*\s]*(Lähettäjä|Vastaanottaja)\b/i.test(text));

function authorOfAttribution(lines: readonly Line[], start: number): Fields | null {
  const attribution = attributionAt(lines, start);
  if (!attribution?.strong) return null;
  const text = lines
    .slice(start, attribution.end)
    .map((line) => line.text.trim())
    .join(" ");
  const [, name = "", address] = /([^,;:<>\d]{0,80})[<(]([^\s<>()@]{1,64}@[^\s<>()@]{1,255})[>)]/.exec(text) ?? [];
  return address ? { from: `${name.replace(/["']/g, "").trim()} <${address}>` } : null;
}

/** Attached whole: what Outlook does on demand, and what people do with several mails. */
function fromAttachment(root: MimePart, subject: string, lines: readonly Line[]): MailForward | null {
  const attached = [...walk(root)].filter((part) => part !== root && part.type === "message/rfc822");
  const [only] = attached;
  const silent = lines.every(({ text }) => text.trim() === "");
  if (!only || attached.length > 1 || !(saysForwarded(subject) || silent)) return null;
  const content = only.content();
  return fromHeader(readHeaders(content, 0, content.length, false).fields);
}

function fromHeader(fields: HeaderField[]): MailForward {
  const raw = (name: string) => field(fields, name) ?? "";
  return {
    is: true,
    from: readAddresses(raw("from"))[0] ?? null,
    subject: readable(raw("subject")),
    to: readAddresses(raw("to")),
    cc: readAddresses(raw("cc")),
    date: readable(raw("date")) || null,
    because: "it carries the other mail as an attachment",
  };
}

function asForward({ from = "", to = "", cc = "", subject, date }: Fields, because: string): MailForward {
  return {
    is: true,
    from: parseAddresses(tidyAddress(from))[0] ?? null,
    subject: subject ?? null,
    to: parseAddresses(tidyAddress(to)),
    cc: parseAddresses(tidyAddress(cc)),
    date: date ?? null,
    because,
  };
}

/** Programs that make text of links leave `ann@example.com<mailto:ann@example.com>`, `[mailto:…]`, `[ann@…](mailto:…)`. */
const tidyAddress = (value: string) =>
  value
    .replace(/\[([^\]]{1,300})\]\(mailto:[^)]{0,300}\)/gi, "$1")
    .replace(/\[mailto:([^\]]{1,300})\]/gi, "<$1>")
    .replace(/<mailto:[^<>]{0,300}>/gi, "")
    .replace(/(<[^<>\s]{1,300})<[^<>]{0,300}>/g, "$1")
    .replace(/<{2,}/g, "<")
    .replace(/>{2,}/g, ">");

function nextFilled(lines: readonly Line[], start: number): number {
  let i = start;
  while (i < lines.length && lines[i]?.text.trim() === "") i++;
  return i;
}
