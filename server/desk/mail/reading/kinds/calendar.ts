import { parseAddresses } from "../addresses.ts";
import { decodeText } from "../mime/charset.ts";
import { type MimePart, walk } from "../mime/tree.ts";
import type { MailCalendar } from "../read-mail.ts";
import { zonedToUtc } from "./time-zones.ts";

const TYPES = new Set(["text/calendar", "application/ics"]);

/** The invitation, answer or cancellation that a mail carries (iTIP, RFC 5546; iCalendar, RFC 5545). */
export function readCalendar(root: MimePart): MailCalendar | null {
  const parts = [...walk(root)].filter(({ type }) => TYPES.has(type));
  const part = parts.find(({ contentType }) => contentType.parameters.has("method")) ?? parts[0];
  if (!part) return null;
  const { text } = decodeText(part.content(), part.contentType.parameters.get("charset") ?? "utf-8");
  const lines = readLines(text);
  const method = part.contentType.parameters.get("method") ?? first(lines, "METHOD")?.value;
  return asCalendar(method?.trim().toUpperCase() || null, eventLines(lines));
}

type Property = { name: string; parameters: Map<string, string>; value: string };

/** RFC 5545, 3.1: lines are folded; names and parameters stand before the first colon outside quotes. */
function readLines(text: string): Property[] {
  return text
    .slice(0, 2_000_000)
    .replace(/\r?\n[ \t]/g, "")
    .split(/\r?\n/)
    .flatMap((line) => asProperty(line));
}

function asProperty(line: string): Property[] {
  const [, name, rawParameters = "", value = ""] =
    /^([A-Za-z0-9-]{1,60})((?:;[^=;:"]{1,60}=(?:"[^"]*"|[^;:",]*)(?:,(?:"[^"]*"|[^;:",]*))*)*):(.*)$/s.exec(line) ?? [];
  if (!name) return [];
  const parameters = new Map<string, string>();
  for (const [, key = "", quoted, plain = ""] of rawParameters.matchAll(/;([^=;:"]{1,60})=(?:"([^"]*)"|([^;:"]*))/g))
    parameters.set(key.toUpperCase(), quoted ?? plain);
  return [{ name: name.toUpperCase(), parameters, value }];
}

/** The lines of the first event, task or busy time, without alarms inside it. */
function eventLines(lines: Property[]): Property[] {
  const start = lines.findIndex(
    ({ name, value }) => name === "BEGIN" && /^V(EVENT|TODO|FREEBUSY|JOURNAL)$/i.test(value),
  );
  if (start < 0) return [];
  const inside: Property[] = [];
  let depth = 0;
  for (const line of lines.slice(start)) {
    if (line.name === "BEGIN") depth++;
    else if (line.name === "END" && --depth === 0) break;
    else if (depth === 1) inside.push(line);
  }
  return inside;
}

function asCalendar(method: string | null, event: Property[]): MailCalendar {
  const start = first(event, "DTSTART");
  const end = first(event, "DTEND") ?? first(event, "DUE");
  const organizer = first(event, "ORGANIZER");
  return {
    method,
    uid: text(event, "UID"),
    sequence: Number.parseInt(first(event, "SEQUENCE")?.value ?? "0", 10) || 0,
    summary: text(event, "SUMMARY"),
    location: text(event, "LOCATION"),
    start: start ? moment(start) : null,
    end: end ? moment(end) : null,
    allDay: start !== undefined && /^\d{8}$/.test(start.value),
    status: text(event, "STATUS")?.toUpperCase() ?? null,
    organizer: organizer ? person(organizer) : null,
    attendees: event
      .filter(({ name }) => name === "ATTENDEE")
      .slice(0, 500)
      .map((attendee) => ({ ...person(attendee), answer: attendee.parameters.get("PARTSTAT")?.toUpperCase() ?? null })),
  };
}

const first = (lines: Property[], name: string) => lines.find((line) => line.name === name);

/** RFC 5545, 3.3.11: `\n`, `\,`, `\;` and `\\`. */
function text(lines: Property[], name: string): string | null {
  const value = first(lines, name)?.value.replace(/\\([nN,;\\])/g, (_, sign: string) =>
    sign.toLowerCase() === "n" ? "\n" : sign,
  );
  return value?.trim() || null;
}

function person({ parameters, value }: Property) {
  const address = value.replace(/^mailto:/i, "").trim();
  const name = parameters.get("CN")?.trim() ?? "";
  return parseAddresses(`"${name.replace(/["\\]/g, "")}" <${address}>`)[0] ?? { name, address };
}

/** ISO 8601 in UTC. A date alone stays a date; a time without a known zone is taken as UTC. */
function moment({ parameters, value }: Property): string | null {
  const [, year, month, day, hour, minute, second, utc] =
    /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?/i.exec(value.trim()) ?? [];
  if (!year) return null;
  if (hour === undefined) return `${year}-${month}-${day}`;
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second ?? 0),
  );
  if (Number.isNaN(local)) return null;
  return new Date(utc ? local : zonedToUtc(local, parameters.get("TZID") ?? "UTC")).toISOString();
}
