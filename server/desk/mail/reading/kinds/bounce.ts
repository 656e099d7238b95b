import { readAddresses } from "../addresses.ts";
import { field, type HeaderField, readable } from "../mime/headers.ts";
import { type MimePart, walk } from "../mime/tree.ts";
import type { MailAddress, MailBounce } from "../read-mail.ts";
import {
  CAUSES,
  DAEMON_ADDRESS,
  DAEMON_NAME,
  FAILURE_SUBJECTS,
  FAILURE_WORDS,
  GREETING,
  NOBODY_ADDRESS,
  OFFICE_ADDRESS,
  ROBOT_ADDRESS,
} from "../words/delivery-failures.ts";
import { saysAnswered, saysForwarded } from "../words/subject-prefixes.ts";
import { soundsAutomatic } from "./auto-reply.ts";
import { originalHeader, originalMessageId } from "./original.ts";
import { addressesIn, addressOf, readFieldGroups } from "./report-fields.ts";
import { hasSender, isNullSender, submittedBy } from "./sender.ts";

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
  if (groups.length === 0) return fromWords(report);
  return isHandedOn(report) ? null : fromReport(groups, report);
}

/** A person forwards a report with its parts: it is no report to us. */
const isHandedOn = ({ root, from, subject }: Report) =>
  root.type !== "multipart/report" &&
  !isNullSender(root.fields) &&
  !(from && ROBOT_ADDRESS.test(from.address)) &&
  (saysForwarded(subject) || saysAnswered(subject));

/** RFC 3464, 2.3.3. The others (delivered, relayed, expanded) are good news. */
const FAILED = /^(failed|failure|delayed|expired|undeliverable|error)/i;

function fromReport(groups: Map<string, string>[], { root, text }: Report): MailBounce | null {
  const failed = worstOf(groups);
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

/** Of several recipients the one who will never get it counts, then the one who has not got it yet. */
function worstOf(groups: Map<string, string>[]): Map<string, string> | undefined {
  const rank = (group: Map<string, string>) => {
    const [action, status] = [group.get("action")?.trim() ?? "", group.get("status")?.trim() ?? ""];
    if (!FAILED.test(action) && (group.has("action") || !/^[45]/.test(status))) return 0;
    if (/^delayed/i.test(action)) return 1;
    return status.startsWith("4") ? 2 : 3;
  };
  return groups.filter((group) => rank(group) > 0).sort((a, b) => rank(b) - rank(a))[0];
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

/**
 * Structure first. A mail server's daemon writes nothing but failures, in whatever language. A header for failed recipients,
 * our own mail that comes back attached, an envelope without a sender: the more they prove, the less the words must say.
 * A person who tells of a bounce has only words, or attaches what somebody else had sent.
 */
function soundsReturned(report: Report, words: string): boolean {
  const { root, from, subject } = report;
  if (field(root.fields, "x-failed-recipients") !== null) return true;
  if (from && DAEMON_ADDRESS.test(from.address)) return submittedBy(root.fields) !== "no";
  const said = FAILURE_SUBJECTS.some((pattern) => pattern.test(subject.toLowerCase()));
  const told = FAILURE_WORDS.test(words) || serverAnswer(words.slice(0, 5_000)) !== null;
  const returned = isOurMailReturned(report);
  if (isAnswered(root)) return isRobot(report) && said && told;
  if (isServersOwn(report)) return said || told || returned;
  if (isRobot(report)) return returned || ((said || told) && !isPersons(report, words));
  if (returned && from && (OFFICE_ADDRESS.test(from.address) || NOBODY_ADDRESS.test(from.address))) return true;
  return said && told && (returned || /^(loop alert|\*\*message)/i.test(subject));
}

/** An absence note also comes from the null sender (RFC 3834, 3.3). */
const isAnswered = (root: MimePart) =>
  field(root.fields, "in-reply-to") !== null && !ROBOT_ADDRESS.test(readable(field(root.fields, "from") ?? ""));

/** A postmaster may be a person. */
const isRobot = ({ from, ...report }: Report) =>
  isServersOwn({ from, ...report }) || [from?.address, from?.name].some((name) => name && ROBOT_ADDRESS.test(name));

/** Named as a mail system, or without a sender in its envelope and no absence note. */
function isServersOwn({ root, from, subject }: Report): boolean {
  if (from && (DAEMON_NAME.test(from.name) || DAEMON_ADDRESS.test(from.name))) return true;
  if (!isNullSender(root.fields)) return false;
  return submittedBy(root.fields) === null
    ? !soundsAutomatic(subject)
    : from !== null && ROBOT_ADDRESS.test(from.address);
}

/**
 * A mail that the reader of this one had sent to somebody else. What a person attaches was sent by another, or to her.
 */
function isOurMailReturned({ root, from }: Report): boolean {
  const original = originalHeader(root);
  if (!original) return false;
  const ours = new Set(addressesOf(root.fields, "to", "delivered-to", "x-original-to"));
  const wasOurs = addressesOf(original, "from", "sender", "return-path").some((address) => ours.has(address));
  return wasOurs && !addressesOf(original, "to").includes(from?.address.toLowerCase() ?? "");
}

const addressesOf = (fields: HeaderField[], ...names: string[]) =>
  fields
    .filter(({ name }) => names.includes(name))
    .flatMap(({ raw }) => readAddresses(raw))
    .map(({ address }) => address.toLowerCase())
    .filter((address) => address !== "");

/** A server tells who sent it, it greets, or it names nobody who did not get a mail: a postmaster who asks us something. */
const isPersons = (report: Report, words: string) =>
  hasSender(report.root.fields) || GREETING.test(words) || !namesAnother(report, words);

/** A report names who did not get it: neither its reader nor its writer. */
function namesAnother({ root, from }: Report, words: string): boolean {
  const known = [...addressesOf(root.fields, "to", "cc"), from?.address.toLowerCase() ?? ""];
  const domains = new Set(known.slice(0, -1).map(domainOf));
  const named = addressesIn(words.slice(0, 20_000)).map((address) => address.toLowerCase());
  return named.some((address) => !known.includes(address) && !domains.has(domainOf(address)));
}

const domainOf = (address: string) => address.slice(address.lastIndexOf("@") + 1).toLowerCase();

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
  const reader = addressesOf(root.fields, "to", "from");
  const named = [
    words
      .slice(0, 20_000)
      .match(/<[^<>\s@]{1,64}@[^<>\s@]{1,255}>/g)
      ?.join(" ") ?? "",
    words.slice(0, 3_000),
  ];
  const others = named.flatMap((some) => addressesIn(some)).filter((one) => !reader.includes(one.toLowerCase()));
  return others[0] ?? addressesIn(words.slice(0, 3_000))[0] ?? null;
}
