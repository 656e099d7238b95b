import { WINDOWS_ZONES } from "../words/windows-zones.ts";

/** A wall-clock time (as if it were UTC, in milliseconds) in a zone that iCalendar or Windows names, as the moment it is. */
export function zonedToUtc(local: number, zone: string): number {
  const name = zone.replace(/^\/[^/]+\/[^/]+\//, ""); // "/freeassociation.sourceforge.net/Europe/Berlin"
  const format = formatFor(WINDOWS_ZONES[name] ?? name);
  if (!format) return local;
  const guess = local - offsetAt(format, local);
  return local - offsetAt(format, guess); // the offset may change between the two
}

function formatFor(timeZone: string): Intl.DateTimeFormat | null {
  if (!Intl.supportedValuesOf("timeZone").includes(timeZone) && !/^[A-Z]\w+\/\w+/.test(timeZone)) return null;
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return null; // a zone that only its own VTIMEZONE explains
  }
}

function offsetAt(format: Intl.DateTimeFormat, time: number): number {
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const at = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return (
    Date.UTC(at("year"), at("month") - 1, at("day"), at("hour"), at("minute"), at("second")) -
    Math.floor(time / 1000) * 1000
  );
}
