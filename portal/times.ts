import type { Language } from "./text/index.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant in words, where the reader is: "22 Nov 2026, 14:03". */
export function inWords(instant: string, language: Language, timeZone: string) {
  const key = `${language} ${timeZone}`;
  const format = formats.get(key) ?? makeFormat(language, timeZone);
  formats.set(key, format);
  return format.format(new Date(instant));
}

function makeFormat(language: Language, timeZone: string) {
  const locale = { en: "en-GB", de: "de-DE" }[language];
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone });
}

const units = ["B", "kB", "MB", "GB"];

/** A file's size in words: "1.4 MB". */
export function sizeInWords(bytes: number, language: Language) {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  const digits = power > 0 && value < 10 ? 1 : 0;
  return `${value.toLocaleString(language, { maximumFractionDigits: digits })} ${units[power]}`;
}
