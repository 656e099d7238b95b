import { de } from "./de.ts";
import { en } from "./en.ts";

export const languages = ["en", "de"] as const;
export type Language = (typeof languages)[number];
export type Words = typeof en;

/** Each language has the same keys, or it does not compile. */
const texts: Record<Language, Words> = { en, de };

export const wordsIn = (language: Language): Words => texts[language];

/** The first language of a list that the portal speaks; English otherwise. */
export function firstSpoken(wanted: readonly (string | null | undefined)[]): Language {
  for (const tag of wanted) {
    const language = languages.find((known) => tag?.toLowerCase().split("-")[0] === known);
    if (language) return language;
  }
  return "en";
}
