/** A mailbox as a mail names it. `address` is "" where the mail gives a name alone. */
export type MailAddress = { name: string; address: string };

/** What sort of mail this is; the first that fits, in the order: feedback report, bounce, calendar, automatic reply, message. */
export type MailKind = "message" | "auto_reply" | "bounce" | "feedback_report" | "calendar";

/** A file of a mail; its content lies in the file store by its hash. */
export type MailFile = {
  /** As the mail names it, without folders and control characters; null where it names none. */
  name: string | null;
  /** Lower-case media type, such as `application/pdf`. */
  type: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
  /** Content-ID without angle brackets; the HTML shows it as `cid:…`. */
  contentId: string | null;
  /** Shown inside the words rather than below them. */
  inline: boolean;
};

/** …and with its content at hand. */
export type MailAttachment = MailFile & { content: Uint8Array };

/** A mail that says another mail was not delivered (RFC 3464, and the shapes older than it). */
export type MailBounce = {
  /** Enhanced status code (RFC 3463) such as `5.1.1`. */
  status: string | null;
  /** Who did not get it. */
  recipient: string | null;
  /** A later attempt will not help either. */
  permanent: boolean;
  /** What the receiving server said, where the report tells. */
  diagnostic: string | null;
  /** Message-ID of the mail that did not arrive: how a bounce finds its ticket. */
  originalMessageId: string | null;
};

/** A mail that a program wrote: an absence note, a receipt, a list server's refusal. Nobody waits for an answer to it. */
export type MailAutoReply = {
  /** One sentence of evidence, such as "the header Auto-Submitted says auto-replied". */
  because: string;
};

/**
 * Why nothing may answer this mail automatically. It says nothing of what the mail is: a person's letter stays a `message`
 * although its sender forbids automatic answers.
 */
export type MailAutomatic = {
  /** One sentence of evidence. */
  because: string;
};

/** A complaint in the Abuse Reporting Format (RFC 5965). */
export type MailFeedbackReport = {
  /** `abuse`, `fraud`, `not-spam`, … */
  type: string | null;
  recipient: string | null;
  originalMessageId: string | null;
};

/** A mail that hands on another one: who wrote that. Anybody can write such a block, so it only suggests. */
export type MailForward = {
  is: true;
  from: MailAddress | null;
  subject: string | null;
  to: MailAddress[];
  cc: MailAddress[];
  /** As written; dates of forwards follow no format. */
  date: string | null;
  because: string;
};

export type MailCalendar = {
  /** Upper case: `REQUEST`, `CANCEL`, `REPLY`, `PUBLISH`, `COUNTER`, …; null where the part does not say. */
  method: string | null;
  uid: string | null;
  sequence: number;
  summary: string | null;
  location: string | null;
  /** ISO 8601 in UTC; a date alone (`2026-05-04`) for whole days. */
  start: string | null;
  end: string | null;
  allDay: boolean;
  /** `CONFIRMED`, `TENTATIVE`, `CANCELLED` or null. */
  status: string | null;
  organizer: MailAddress | null;
  attendees: (MailAddress & { /** `ACCEPTED`, `DECLINED`, `TENTATIVE`, `NEEDS-ACTION`, … */ answer: string | null })[];
};

export type AuthenticationResult =
  | "pass"
  | "fail"
  | "softfail"
  | "neutral"
  | "none"
  | "temperror"
  | "permerror"
  | "bestguesspass";

/** What a server that we trust found out about the sender (RFC 8601). */
export type MailAuthentication = {
  spf: AuthenticationResult | null;
  dkim: AuthenticationResult | null;
  dmarc: AuthenticationResult | null;
  /** `pass`: the domain in From is the sender's. `fail`: it is not. `none`: nobody whom we trust has said. */
  verdict: "pass" | "fail" | "none";
};

/** S/MIME and OpenPGP are kept and labelled, not opened. */
export type MailProtection = "smime_signed" | "smime_encrypted" | "pgp_signed" | "pgp_encrypted";

/** One mail, parsed and understood, without looking anything up. */
export type ReadMail = {
  /** Decoded, on one line; "" where there is none. */
  subject: string;
  from: MailAddress | null;
  /** The Sender header: who sent it on behalf of `from`. */
  sender: MailAddress | null;
  to: MailAddress[];
  cc: MailAddress[];
  replyTo: MailAddress[];
  date: Date | null;
  /** Ids without angle brackets. */
  messageId: string | null;
  inReplyTo: string | null;
  references: string[];
  /** Every header in order: lower-case name, decoded and unfolded value. */
  headers: [name: string, value: string][];
  /** All words of the mail; made from the HTML where it has no text. */
  text: string;
  /** The words that are new: without quoted history and signature. */
  visibleText: string;
  /** The rest: history, signature, the line above a quote. `visibleText` and `quotedText` together are `text`. */
  quotedText: string;
  /** Safe to show; "" where the mail has no HTML. */
  html: string;
  /** Safe HTML of the new words; made from the text where the mail is plain. */
  visibleHtml: string;
  /** Safe HTML of the rest; "" where everything is new. */
  quotedHtml: string;
  attachments: MailFile[];
  kind: MailKind;
  bounce: MailBounce | null;
  autoReply: MailAutoReply | null;
  /** Why nothing may answer it automatically; null where nothing speaks against it. */
  automatic: MailAutomatic | null;
  feedbackReport: MailFeedbackReport | null;
  forward: MailForward | null;
  calendar: MailCalendar | null;
  /** Sent through a mailing list; its List-Id (RFC 2919), or "" where it has none. */
  listId: string | null;
  protection: MailProtection | null;
  authentication: MailAuthentication;
  /** Sentences about what was wrong with the mail and what was made of it. */
  warnings: string[];
};

/** A mail with the contents of its files. */
export type WholeMail = Omit<ReadMail, "attachments"> & {
  attachments: MailAttachment[];
  /** Something of it was left out: the mail as it came should go with it. */
  incomplete: boolean;
};

export type ReadOptions = {
  /** The servers whose Authentication-Results are believed, such as the tenant's own. Anybody can write that header, so none are by default. */
  trustedAuthservIds: string[];
};
