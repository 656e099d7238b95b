/**
 * One line of a mail, as a reader sees it. HTML says more than its words: that a line stands in a quote, that history or a
 * signature begins with it.
 */
export type Line = { text: string; inQuote: boolean; mark: LineMark | null };

export type LineMark = "history" | "signature";

export const isBlank = ({ text }: Line) => text.trim() === "";

/** `> …`, or with initials `AM> …`; but `>From` is how mailbox files write From at the start of a line. */
export const isMarked = ({ text }: Line) => /^\s{0,3}\p{Lu}{0,4}>(?!From )/u.test(text);

export const isQuoted = (line: Line) => line.inQuote || isMarked(line);

export const textLines = (text: string): Line[] =>
  text.split("\n").map((line) => ({ text: line, inQuote: false, mark: null }));
