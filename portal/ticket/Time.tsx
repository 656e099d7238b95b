/** @jsxRuntime automatic */
import type { Language } from "../text/index.ts";
import { inWords } from "../times.ts";

export type Reader = { language: Language; timeZone: string };

/** An instant, for people and for programs. */
export function Time({ at, reader }: { at: string; reader: Reader }) {
  return <time dateTime={at}>{inWords(at, reader.language, reader.timeZone)}</time>;
}
