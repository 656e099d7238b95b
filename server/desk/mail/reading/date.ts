const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** RFC 5322, 4.3: the zones of old mail, in hours. Military letters mean nothing (there). */
const ZONES: Record<string, number> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  cet: 1,
  cest: 2,
  met: 1,
  mest: 2,
  bst: 1,
  jst: 9,
};

const DATE =
  /(\d{1,2})[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{2,4})[\s,]+(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:[.,]\d+)?\s*([ap]m)?\s*([+-]?\s?\d{4}\b|[+-]\d{2}:\d{2}|[a-z]{1,4}\b)?(?:\s*([+-]\d{4}))?/i;

/** The moment a Date header names, or null. Lenient where there is one meaning only. */
export function readDate(value: string): Date | null {
  const text = value
    .slice(0, 300)
    .replace(/\([^()]*\)/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  const moment = byRfc(text) ?? byPlatform(text);
  return moment && hasCommonYear(moment) ? moment : null;
}

/** Years of four digits (RFC 5322, 3.3), in UTC: what lies beyond them no mail means, and no database reads as written. */
const hasCommonYear = (moment: Date) => moment.getUTCFullYear() >= 1 && moment.getUTCFullYear() <= 9999;

function byRfc(text: string): Date | null {
  const [, day, monthName, year, hour, minute, second, half, zone, offset] = DATE.exec(text) ?? [];
  const month = MONTHS.indexOf(monthName?.slice(0, 3).toLowerCase() ?? "");
  if (month < 0) return null;
  const hours = (Number(hour) % (half ? 12 : 24)) + (half?.toLowerCase() === "pm" ? 12 : 0);
  const utc = Date.UTC(fullYear(Number(year)), month, Number(day), hours, Number(minute), Number(second ?? 0));
  const plausible = Number(day) <= 31 && Number(hour) <= 24 && Number(minute) < 60;
  return plausible && !Number.isNaN(utc) ? new Date(utc - minutesEast(offset ?? zone) * 60_000) : null;
}

/** RFC 5322, 4.3: two digits below 50 are this century's. */
const fullYear = (year: number) => (year < 50 ? year + 2000 : year < 1000 ? year + 1900 : year);

function minutesEast(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-]?)\s?(\d{2}):?(\d{2})$/.exec(zone ?? "") ?? [];
  if (hours) return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return (ZONES[zone?.toLowerCase() ?? ""] ?? 0) * 60;
}

/** Other orders, such as `Mon Jan 5 10:20:30 2026` or ISO 8601; without a zone they are UTC, wherever this runs. */
function byPlatform(text: string): Date | null {
  if (!/\d{4}/.test(text) || text.length > 60) return null;
  const zoned = /(?:[+-]\d{2}:?\d{2}|z|gmt|utc?|[ecmp][sd]t)\)?$/i.test(text) ? text : `${text} UTC`;
  const iso = /^\d{4}-\d\d-\d\dT/.test(text) && zoned !== text ? `${text}Z` : zoned;
  const time = Date.parse(iso);
  return Number.isNaN(time) ? null : new Date(time);
}
