import { readAddresses } from "./addresses.ts";
import { readAttachment } from "./attachments.ts";
import { readAuthentication } from "./authentication.ts";
import { type AttachedPart, type Bodies, collectBodies, isTnef } from "./bodies.ts";
import { readDate } from "./date.ts";
import { layOut, wordsOf } from "./html/lay-out.ts";
import { readAutoReply } from "./kinds/auto-reply.ts";
import { readAutomatic } from "./kinds/automatic.ts";
import { readBounce } from "./kinds/bounce.ts";
import { readCalendar } from "./kinds/calendar.ts";
import { readFeedbackReport } from "./kinds/feedback-report.ts";
import { readForward } from "./kinds/forward.ts";
import { readMessageIds } from "./message-ids.ts";
import { decodeText } from "./mime/charset.ts";
import { field, type HeaderField, readable } from "./mime/headers.ts";
import { readMime } from "./mime/tree.ts";
import { readProtection } from "./protection.ts";
import { splitHtml } from "./quotes/html.ts";
import type { Line } from "./quotes/lines.ts";
import { marksHistory, type Occasion } from "./quotes/split.ts";
import { splitText, textLines } from "./quotes/text.ts";
import type { MailAddress, MailAttachment, MailKind, ReadMail, ReadOptions, WholeMail } from "./read-mail.ts";
import { safeHtml, textToHtml } from "./safe-html.ts";
import { readTnef } from "./tnef/read-tnef.ts";
import { saysAnswered, saysForwarded } from "./words/subject-prefixes.ts";

const NOBODY_TRUSTED: ReadOptions = { trustedAuthservIds: [] };

/** Parses and understands one mail. Never throws: what cannot be read is empty, and `warnings` says so. */
export async function readMail(raw: Uint8Array, options: ReadOptions = NOBODY_TRUSTED): Promise<WholeMail> {
  try {
    return read(raw, options);
  } catch (error) {
    return unreadable(raw, error);
  }
}

/** What is left when reading fails: the beginning as text, so that an agent sees what came, and why it looks so. */
function unreadable(raw: Uint8Array, error: unknown): WholeMail {
  const { crowd: _nobody, ...envelope } = readEnvelope([]);
  const text = decodeText(raw.subarray(0, 100_000), null).text;
  const because = error instanceof Error ? error.message : String(error);
  return {
    ...envelope,
    text,
    visibleText: text,
    quotedText: "",
    html: "",
    visibleHtml: textToHtml(text),
    quotedHtml: "",
    attachments: [],
    incomplete: true,
    kind: "message",
    bounce: null,
    autoReply: null,
    automatic: { because: "it could not be read" },
    feedbackReport: null,
    forward: null,
    calendar: null,
    listId: null,
    protection: null,
    authentication: readAuthentication([], []),
    warnings: [`This mail could not be read (${because}). Its source is kept: open it with another program.`],
  };
}

function read(raw: Uint8Array, options: ReadOptions): WholeMail {
  const { root, warnings, incomplete } = readMime(raw);
  const { crowd, ...envelope } = readEnvelope(root.fields);
  const bodies = collectBodies(root);
  const attachments = bodies.attached.flatMap((attached) => filesOf(attached, bodies));
  const { lines, ...words } = readWords(bodies.text, bodies.html, occasionOf(envelope));
  const listId = readListId(root.fields);
  const about = { root, from: envelope.from, subject: envelope.subject, text: words.text };
  const feedbackReport = readFeedbackReport(root, envelope.subject, words.text);
  const bounce = feedbackReport ? null : readBounce(about);
  const forward = bounce || feedbackReport ? null : readForward(root, envelope.subject, lines);
  const machine = { ...about, forwards: forward?.from != null };
  const autoReply = feedbackReport || bounce ? null : readAutoReply(machine);
  const calendar = readCalendar(root);
  return {
    ...envelope,
    ...words,
    attachments: attachments.map((file) => ({ ...file, inline: isShownInWords(file, bodies.html) })),
    incomplete: incomplete || crowd.length > 0 || bodies.room < 0,
    kind: kindOf({ feedbackReport, bounce, calendar, autoReply }),
    bounce,
    autoReply,
    automatic: readAutomatic(machine, { bounce, autoReply, feedbackReport, listId }),
    feedbackReport,
    forward,
    calendar,
    listId,
    protection: readProtection(root, words.text),
    authentication: readAuthentication(root.fields, options.trustedAuthservIds),
    warnings: [...warnings, ...crowd, ...bodies.warnings],
  };
}

/** A part is one file; a winmail.dat is its files, and its words where the mail has none. */
function filesOf({ part, inline }: AttachedPart, bodies: Bodies): MailAttachment[] {
  const tnef = isTnef(part) ? readTnef(part.content()) : null;
  if (!tnef) return [readAttachment(part, inline)];
  if (bodies.text === null && bodies.html === null) Object.assign(bodies, { text: tnef.text, html: tnef.html });
  return tnef.files;
}

/**
 * Shown in the words: what the HTML refers to, whatever its disposition says; and pictures and texts that ask for it.
 * Apple Mail marks every PDF inline, but a reader expects it below.
 */
function isShownInWords({ contentId, inline, type }: MailAttachment, html: string | null): boolean {
  if (contentId && html?.includes(`cid:${contentId}`)) return true;
  return inline && /^(image|text)\//.test(type);
}

type Found = Pick<ReadMail, "feedbackReport" | "bounce" | "calendar" | "autoReply">;

/** The first that fits: a bounce is automatic too, but it is more than that. */
function kindOf({ feedbackReport, bounce, calendar, autoReply }: Found): MailKind {
  if (feedbackReport) return "feedback_report";
  if (bounce) return "bounce";
  if (calendar?.method && calendar.method !== "PUBLISH") return "calendar"; // published dates are files, nobody awaits an answer
  return autoReply ? "auto_reply" : "message";
}

/** Whoever writes a mail that names no earlier one, and whose subject is no answer's, writes a letter. */
function occasionOf({
  from,
  subject,
  inReplyTo,
  references,
}: Pick<ReadMail, "from" | "subject" | "inReplyTo" | "references">): Occasion {
  const answers = inReplyTo !== null || references.length > 0 || saysAnswered(subject) || saysForwarded(subject);
  return from === null || answers ? "answer" : "letter";
}

type Words = Pick<ReadMail, "text" | "visibleText" | "quotedText" | "html" | "visibleHtml" | "quotedHtml"> & {
  lines: readonly Line[];
};

/** New words and history, of the text where there is one, of the HTML where there is one: it is parsed once for all. */
function readWords(written: string | null, unsafe: string | null, occasion: Occasion): Words {
  const html = unsafe === null ? "" : seenHtml(unsafe);
  const page = html === "" ? null : layOut(html);
  const fromHtml = page && splitHtml(page, occasion);
  const text = written ?? (page ? wordsOf(page.lines) : "");
  const lines = written === null && page ? page.lines : textLines(text);
  const fromText =
    written === null && fromHtml ? fromHtml : splitText(lines, page && marksHistory(page.lines) ? "answer" : occasion);
  return {
    lines,
    text,
    visibleText: fromText.visible,
    quotedText: fromText.quoted,
    html,
    visibleHtml: fromHtml?.visibleHtml ?? textToHtml(fromText.visible),
    quotedHtml: fromHtml?.quotedHtml ?? textToHtml(fromText.quoted),
  };
}

/** Without what nobody sees, unless that is all there is. */
function seenHtml(unsafe: string): string {
  const seen = safeHtml(unsafe, "goes");
  const shows = seen.includes("<img") || seen.replace(/<[^<>]*>|\s|&nbsp;/g, "") !== "";
  return shows ? seen : safeHtml(unsafe);
}

/** RFC 2919; older lists tell by other headers. */
function readListId(fields: HeaderField[]): string | null {
  const id = field(fields, "list-id");
  if (id !== null) return /<([^<>]{1,300})>/.exec(readable(id))?.[1] ?? readable(id);
  const isList = ["list-post", "list-unsubscribe", "mailing-list", "x-mailing-list", "x-mailman-version"].some(
    (name) => field(fields, name) !== null,
  );
  return isList ? "" : null;
}

/** Exchange takes no more recipients of one mail, unless an administrator raises it. */
const MOST_PEOPLE = 1000;

function readEnvelope(fields: HeaderField[]) {
  const value = (name: string) => readable(field(fields, name) ?? "");
  const crowd: string[] = [];
  const addresses = (name: string): MailAddress[] => {
    const people = fields.filter((one) => one.name === name).flatMap(({ raw }) => readAddresses(raw));
    if (people.length > MOST_PEOPLE)
      crowd.push(`More than ${MOST_PEOPLE} people are in ${name}; all of them are in the attached mail as it came.`);
    return people.slice(0, MOST_PEOPLE);
  };
  return {
    subject: value("subject"),
    from: addresses("from")[0] ?? null,
    sender: addresses("sender")[0] ?? null,
    to: addresses("to"),
    cc: addresses("cc"),
    replyTo: addresses("reply-to"),
    date: readDate(value("date")),
    messageId: readMessageIds(value("message-id"))[0] ?? null,
    inReplyTo: readMessageIds(value("in-reply-to"))[0] ?? null,
    references: readMessageIds(value("references")),
    headers: fields.map(({ name, raw }): [string, string] => [name, readable(raw)]),
    crowd,
  };
}
