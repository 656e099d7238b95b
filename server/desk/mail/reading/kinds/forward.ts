import { parseAddresses, readAddresses } from "../addresses.ts";
import { field, type HeaderField, readable, readHeaders } from "../mime/headers.ts";
import { type MimePart, walk } from "../mime/tree.ts";
import { attributionAt } from "../quotes/attribution.ts";
import { headerBelowSeparator } from "../quotes/below-separator.ts";
import { headerBlockAt } from "../quotes/header-block.ts";
import type { Line } from "../quotes/lines.ts";
import { readRunOnBlock } from "../quotes/run-on-block.ts";
import type { MailForward } from "../read-mail.ts";
import { USER_WORDS } from "../words/attributions.ts";
import type { HeaderLabel } from "../words/header-labels.ts";
import {
  ANY_SEPARATOR,
  ANY_SEPARATOR_RUN_ON,
  FORWARD_SEPARATOR,
  FORWARD_SEPARATOR_RUN_ON,
  ORIGINAL_SEPARATOR,
} from "../words/separators.ts";
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
  signed: false,
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
    const separated = fromSeparator(lines, i, subject);
    if (separated) return separated;
    const block = headerBlockAt(lines, i);
    if (block?.fields.from !== undefined) return says || plain ? found(block.fields) : null;
    const author = authorOfAttribution(lines, i);
    if (author) return says ? found(author) : null;
  }
  return null;
}

/** A separator whose words nobody lists, or that stands above an answered mail too, is a forward's unless the subject is an answer's. */
function fromSeparator(lines: readonly Line[], i: number, subject: string): MailForward | null {
  const text = lines[i]?.text ?? "";
  if (text.length >= 5_000) return null;
  const because = `its text says "${text.trim().slice(0, 60)}"`;
  const answers = saysAnswered(subject);
  const runOn =
    FORWARD_SEPARATOR_RUN_ON.exec(text)?.[0] ?? (answers ? undefined : ANY_SEPARATOR_RUN_ON.exec(text)?.[0]);
  const fields = runOn && readRunOnBlock(text.slice(runOn.length));
  if (fields) return asForward(fields, `its text says "${runOn.trim()}"`);
  const start = nextFilled(lines, i + 1);
  if (FORWARD_SEPARATOR.test(text)) {
    const found = headerBelowSeparator(lines, start) ?? authorOfAttribution(lines, start);
    return found && asForward(found, because);
  }
  const below = !answers && isOfOthers(text, subject) ? headerBelowSeparator(lines, start) : null;
  return below && asForward({ ...below, subject: below.subject ?? withoutForwardPrefix(subject) }, because);
}

/** Dashes around words that no list has. */
const isOfOthers = (text: string, subject: string) =>
  ANY_SEPARATOR.test(text) && (!ORIGINAL_SEPARATOR.test(text) || saysForwarded(subject));

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
  const [, name = "", address] =
    /([^,;:<>\d]{0,80}?)\s{0,3}[<(]{1,2}(?:mailto:)?([^\s<>()@]{1,64}@[^\s<>()@]{1,255})[>)]/.exec(text) ?? [];
  return address ? { from: `${nameAlone(name)} <${address}>` } : null;
}

/** Without what languages write between the date and a name: "um 10:00 Uhr schrieb Ann", "10:00 AM Ann", "użytkownik Ann". */
function nameAlone(words: string): string {
  const parts = words.replace(/["']/g, "").trim().split(/\s+/);
  const first = parts.findIndex((part) => !isNoName(part));
  return first < 0 ? "" : parts.slice(first).join(" ");
}

const PARTICLE = /^(?:de|da|di|do|du|dos|del|della|van|von|vom|zu|zum|der|den|la|le|el|al|bin|ibn|ter|ten|af|av)$/;
const CLOCK_WORD = /^(?:AM|PM|Uhr|[A-Z]{2,4}T|UTC|GMT|MEZ|MESZ)[+-]?$/;

const isNoName = (part: string) =>
  USER_WORDS.test(part) || CLOCK_WORD.test(part) || (/^\p{Ll}[\p{L}.]*$/u.test(part) && !PARTICLE.test(part));

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
