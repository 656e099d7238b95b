/** One line of a mail, as a reader sees it. HTML says more than its words: see `html/quote-marks.ts`. */
export type Line = {
  text: string;
  inQuote: boolean;
  mark: LineMark | null;
  /** Stands inside an element that holds the signature; what follows that element is no part of it. */
  signed: boolean;
};

/** History begins with this line. */
export type LineMark = "history";

export const isBlank = ({ text }: Line) => text.trim() === "";

/** `> …`, or with initials `AM> …`; but `>From` is how mailbox files write From at the start of a line. */
export const isMarked = ({ text }: Line) => /^\s{0,3}\p{Lu}{0,4}>(?!From )/u.test(text);

export const isQuoted = (line: Line) => line.inQuote || isMarked(line);
