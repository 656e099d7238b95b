/** What people did, what was promised to them, and so what must be found at the end. */

export type Times = "once" | "at most once" | "never";

/** Words that somebody wrote, with a sign of their own by which they are found wherever they got to. */
export type Words = {
  sign: string;
  text: string;
  customer: string;
  /** How often they may stand on the desk's timelines, in the customer's portal, and in mails to the customer. */
  desk: Times;
  portal: Times;
  mailed: Times;
  /** The ticket they must be on. */
  ticket: number | null;
  files: { name: string; sha256: string }[];
  /** Where they came in by mail, and under which Message-ID. */
  mailboxes: string[];
  internetMessageId: string | null;
  happened: { at: number; what: string }[];
};

export type Kill = { at: number; who: string[]; moment: string };

export type Story = ReturnType<typeof beginStory>;

export function beginStory() {
  const began = Date.now();
  const all = new Map<string, Words>();
  const kills: Kill[] = [];
  const seen: string[] = [];
  let count = 0;
  const now = () => Date.now() - began;

  return {
    now,
    kills,
    /** What nobody should ever have seen, noticed while it was there. */
    seen,
    words: () => [...all.values()],
    /** Begins with nothing promised: until somebody says so, they may be anywhere once or nowhere. */
    write: (what: string, customer: string, facts: Partial<Words> = {}): Words => {
      const sign = `sign${String(++count).padStart(5, "0")}`;
      const words: Words = {
        ...{ sign, text: `${what} ${sign} of ${customer.split("@")[0]}`, customer, ticket: null },
        ...{ desk: "at most once", portal: "at most once", mailed: "never", files: [], mailboxes: [] },
        internetMessageId: null,
        ...facts,
        happened: [{ at: now(), what }],
      };
      all.set(sign, words);
      return words;
    },
    /** Something was acknowledged, or asked for, that changes what must be found. */
    tell: (words: Words, what: string, facts: Partial<Words> = {}) => {
      Object.assign(words, facts);
      words.happened.push({ at: now(), what });
    },
  };
}
