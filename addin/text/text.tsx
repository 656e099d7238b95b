import { createContext, type ReactNode, use, useMemo } from "react";
import { en, type Text } from "./en.ts";

const TextContext = createContext<Speech>({ text: en, locale: "en" });

export type Speech = { text: Text; locale: string };

/** Outlook's language if we speak it, English otherwise; only that language is fetched. Dates follow Outlook's own locale. */
export async function speechFor(locale: string): Promise<Speech> {
  const text = locale.toLowerCase().startsWith("de") ? (await import("./de.ts")).de : en;
  return { text, locale };
}

export const Speaking = ({ speech, children }: { speech: Speech; children: ReactNode }) => (
  <TextContext value={speech}>{children}</TextContext>
);

/** What the pane says. The words of a part that is fetched later come with that part, in both languages: `useText(trayText)`. */
export function useText(): Text;
export function useText<Own extends object>(own: Record<Text["language"], Own>): Text & Own;
export function useText(own?: Record<Text["language"], object>): Text {
  const { text } = use(TextContext);
  return useMemo(() => (own ? { ...text, ...own[text.language] } : text), [text, own]);
}

/** Times as people say them: the hour today, the date otherwise. */
export function useTimes() {
  const { locale } = use(TextContext);
  return {
    short: (instant: string) => shortTime(instant, locale),
    full: (instant: string) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" }).format(new Date(instant)),
    /** A date alone, which is the same day in every time zone. */
    day: (date: string) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`)),
  };
}

function shortTime(instant: string, locale: string) {
  const date = new Date(instant);
  const today = new Date();
  if (date.toDateString() === today.toDateString())
    return new Intl.DateTimeFormat(locale, { timeStyle: "short" }).format(date);
  const sameYear = date.getFullYear() === today.getFullYear();
  return new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    ...(sameYear ? { hour: "numeric", minute: "2-digit" } : { year: "numeric" }),
  }).format(date);
}
