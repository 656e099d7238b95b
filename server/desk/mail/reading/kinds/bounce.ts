import { field, type HeaderField, readable } from "../mime/headers.ts";
import { type MimePart, walk } from "../mime/tree.ts";
import type { MailAddress, MailBounce } from "../read-mail.ts";
import { CAUSES, FAILURE_SUBJECTS, FAILURE_WORDS, ROBOT_ADDRESS, ROBOT_NAME } from "../words/delivery-failures.ts";
import { originalHeader, originalMessageId } from "./original.ts";
import { addressOf, readFieldGroups } from "./report-fields.ts";

type Report = { root: MimePart; from: MailAddress | null; subject: string; text: string };

/** Whether a mail says that another did not arrive: from its delivery report (RFC 3464), else from who says it and how. */
export function readBounce(report: Report): MailBounce | null {
  const status = [...walk(report.root)].find(
    ({ type }) => type === "message/delivery-status" || type === "message/global-delivery-status",
  );
  const groups = status
    ? readFieldGroups(status.content()).filter(
        (group) => group.has("action") || group.has("status") || group.has("final-recipient"),
      )
    : [];
  return groups.length > 0 ? fromReport(groups, report) : fromWords(report);
}

/** RFC 3464, 2.3.3. The others (delivered, relayed, expanded) are good news. */
const FAILED = /^(failed|failure|delayed|expired|undeliverable|error)/i;

function fromReport(groups: Map<string, string>[], { root, text }: Report): MailBounce | null {
  const failed =
    groups.find((group) => FAILED.test(group.get("action")?.trim() ?? "")) ??
    groups.find((group) => !group.has("action") && /^[45]/.test(group.get("status")?.trim() ?? ""));
  if (!failed) return null;
  const diagnostic = failed.get("diagnostic-code")?.replace(/^[\w-]{1,30};\s*/, "") ?? null;
  const status = mostTelling(enhancedStatus(failed.get("status")), enhancedStatus(diagnostic), enhancedStatus(text));
  return {
    status,
    recipient:
      addressOf(failed.get("final-recipient")) ?? addressOf(failed.get("original-recipient")) ?? addressIn(root, text),
    permanent: status ? status.startsWith("5") : !/^delayed/i.test(failed.get("action") ?? ""),
    diagnostic,
    originalMessageId: originalMessageId(root, text),
  };
}

/** Exim writes 5.0.0 into the report whatever the cause; the server's own answer tells more. */
function mostTelling(...statuses: (string | null)[]): string | null {
  const [first = null] = statuses;
  const telling = statuses.find(
    (status) => status !== null && !/^\d\.0\.0$/.test(status) && (first === null || status[0] === first[0]),
  );
  return telling ?? first ?? null;
}

function fromWords(report: Report): MailBounce | null {
  const { root, subject, text } = report;
  const words = text.slice(0, 20_000);
  if (!soundsReturned(report, words)) return null;
  const answer = serverAnswer(words);
  const status =
    enhancedStatus(answer) ??
    enhancedStatus(words) ??
    CAUSES.find(([cause]) => cause.test(`${subject}\n${words}`))?.[1] ??
    null;
  const code = answer?.match(/\b([45])\d\d\b/)?.[1] ?? status?.[0] ?? (isDelay(subject, words) ? "4" : "5");
  return {
    status,
    recipient: addressIn(root, words),
    permanent: code === "5",
    diagnostic: answer,
    originalMessageId: originalMessageId(root, text),
  };
}

/** Two of three: it comes from a mail system, its subject says so, its words say so. A person's mail about a bounce has one. */
function soundsReturned({ root, from, subject }: Report, words: string): boolean {
  const robot = isRobot(root, from);
  const said = FAILURE_SUBJECTS.some((pattern) => pattern.test(subject.toLowerCase()));
  const told = FAILURE_WORDS.test(words) || (words.length < 5_000 && serverAnswer(words) !== null);
  const carriesOriginal = originalHeader(root) !== null || field(root.fields, "x-failed-recipients") !== null;
  if (field(root.fields, "x-failed-recipients") !== null) return true;
  if (isAnswered(root)) return robot && said && told;
  return (robot && (said || told)) || (said && told && (carriesOriginal || /^(loop alert|\*\*message)/i.test(subject)));
}

/** An absence note also comes from the null sender (RFC 3834, 3.3). */
const isAnswered = (root: MimePart) =>
  field(root.fields, "in-reply-to") !== null && !ROBOT_ADDRESS.test(readable(field(root.fields, "from") ?? ""));

function isRobot(root: MimePart, from: MailAddress | null): boolean {
  if (from && (ROBOT_ADDRESS.test(from.address) || ROBOT_NAME.test(from.name) || ROBOT_ADDRESS.test(from.name)))
    return true;
  return (
    isNullSender(root.fields) &&
    field(root.fields, "auto-submitted") === null &&
    !/^automatic reply|^auto/i.test(readable(field(root.fields, "subject") ?? ""))
  );
}

const isNullSender = (fields: HeaderField[]) => /^\s*<\s*>\s*$/.test(field(fields, "return-path") ?? "");

const isDelay = (subject: string, words: string) =>
  /delay|deferred|warning|verzögert|temporar/i.test(subject) &&
  /(still|will).{0,80}(try|retry|attempt)|will be retried|attempts? will continue|has not yet been delivered|wird weiterhin versucht/is.test(
    words,
  );

/** RFC 3463. Not a piece of a version or of an IP address. */
const STATUS = /(?<![\d.])[245]\.[0-9]{1,2}\.[0-9]{1,3}(?![\d.]*\d)/;
const enhancedStatus = (words: string | null | undefined) => words?.match(STATUS)?.[0] ?? null;

/** The line in which a server refuses: `550 5.1.1 …`, `… said: 452 …`. */
const ANSWER = /^.{0,300}?(?:^|[^\w.@-])([45][0-5]\d[ :-]{1,2}(?:#?[45]\.\d{1,2}\.\d{1,3}|\S).{0,400})$/m;
const serverAnswer = (words: string) => ANSWER.exec(words)?.[1]?.trim() ?? null;

/** Who did not get it: a header for that, the original's recipient, or the first address the words name. */
function addressIn(root: MimePart, words: string): string | null {
  const failed = field(root.fields, "x-failed-recipients");
  if (failed !== null) return addressOf(readable(failed));
  const original = originalHeader(root);
  const to = original && addressOf(readable(field(original, "to") ?? ""));
  if (to) return to;
  return addressOf(/<[^<>\s@]{1,64}@[^<>\s@]{1,255}>/.exec(words)?.[0]) ?? addressOf(words.slice(0, 3_000));
}
