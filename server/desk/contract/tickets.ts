/** Tickets, their timeline, and what an agent can do to them. */
import { z } from "zod";
import { AgentView, ContactView, Id, Instant, MailAddress, NewContact } from "./people.ts";

export const Status = z.enum([
  "new",
  "in_progress",
  "waiting_on_customer",
  "waiting_on_third_party",
  "resolved",
  "closed",
  "cancelled",
]);
export type Status = z.infer<typeof Status>;

/** Whose turn it is follows from the status. */
export const turnOf = {
  new: "ours",
  in_progress: "ours",
  waiting_on_customer: "customer",
  waiting_on_third_party: "third_party",
  resolved: "nobody",
  closed: "nobody",
  cancelled: "nobody",
} as const satisfies Record<Status, "ours" | "customer" | "third_party" | "nobody">;

export const Priority = z.enum(["low", "normal", "high", "urgent"]);
export type Priority = z.infer<typeof Priority>;

export const TicketSummary = z.strictObject({
  id: Id,
  number: z.number().int(),
  subject: z.string(),
  status: Status,
  turn: z.enum(["ours", "customer", "third_party", "nobody"]),
  priority: Priority,
  requester: z.strictObject({ id: Id, name: z.string(), organization: z.string() }),
  assignee: AgentView.nullable(),
  updatedAt: Instant,
  /** The newest mail to the customer is known not to have arrived. */
  undelivered: z.boolean(),
});
export type TicketSummary = z.infer<typeof TicketSummary>;

export const EntryKind = z.enum([
  "mail_received",
  "reply",
  "note",
  "status_change",
  "assignment",
  "file",
  "time",
  "appointment",
  "portal_message",
  "resolution",
  "system",
]);

/** Whether the customer sees an entry, since when, and who decided so. */
export const Visibility = z.discriminatedUnion("to", [
  z.strictObject({
    to: z.literal("internal"),
    /** Once shown and taken back. */
    retracted: z.strictObject({ at: Instant, by: z.string() }).nullable(),
  }),
  z.strictObject({
    to: z.literal("customer"),
    releaseId: Id,
    releasedAt: Instant,
    /** An agent's name, or the rule that released it. */
    releasedBy: z.string(),
    /** Null while it waits for its grace period or for the portal. */
    publishedAt: Instant.nullable(),
  }),
]);

export const EntryFile = z.strictObject({
  id: Id,
  name: z.string(),
  type: z.string(),
  size: z.number(),
  inline: z.boolean(),
  /** Shown inside the words, where they name `cid:` this. */
  contentId: z.string().nullable().default(null),
  /** Whether the customer sees this file. */
  released: z.boolean(),
});

/** What an invitation, its change or an answer to one says. */
export const AppointmentView = z.strictObject({
  /** REQUEST invites, CANCEL calls off, REPLY answers, COUNTER proposes another time. */
  method: z.string(),
  summary: z.string().nullable(),
  location: z.string().nullable(),
  /** An instant, or a date alone for whole days. */
  start: z.string().nullable(),
  end: z.string().nullable(),
  organizer: z.string().nullable(),
  /** Who answered what: ACCEPTED, DECLINED, TENTATIVE; NEEDS-ACTION of those who did not yet. */
  answers: z.array(z.strictObject({ name: z.string(), answer: z.string().nullable() })),
});
export type AppointmentView = z.infer<typeof AppointmentView>;

export const Protection = z.enum(["smime_signed", "smime_encrypted", "pgp_signed", "pgp_encrypted"]);

export const EntryView = z.strictObject({
  id: Id,
  /** The ticket it was written on: one that was merged into the shown one keeps its entries. */
  number: z.number().int(),
  kind: EntryKind,
  at: Instant,
  author: z.strictObject({
    side: z.enum(["team", "customer", "third_party", "system"]),
    name: z.string(),
    address: z.string().nullable(),
  }),
  /** Safe HTML of the new words, and of the history below them. */
  html: z.string(),
  quotedHtml: z.string(),
  files: z.array(EntryFile),
  visibility: Visibility,
  /** On which ticket's page the customer sees it: a merged ticket keeps its own. */
  shownOn: z.number().int().nullable(),
  /** A reply's way out: until `sendAfter` it can be taken back. */
  sending: z
    .strictObject({
      state: z.enum(["waiting", "drafted", "sending", "sent", "taken_back", "failed"]),
      sendAfter: Instant,
      sentAt: Instant.nullable(),
      to: z.array(z.string()),
      error: z.string().nullable(),
    })
    .nullable(),
  /** To whom this mail did not come, or not yet: what the mail servers reported. */
  bounces: z.array(
    z.strictObject({
      recipient: z.string(),
      /** Enhanced status code (RFC 3463), such as 5.2.2. */
      status: z.string().nullable(),
      permanent: z.boolean(),
      at: Instant,
    }),
  ),
  /** Kind-specific facts for a sentence: { from, to } of a status change, { to } of an assignment. */
  facts: z.record(z.string(), z.unknown()),
  warnings: z.array(z.string()),
  appointment: AppointmentView.nullable(),
  /** Signed or encrypted (S/MIME, OpenPGP); nobody here opened or checked it. */
  protection: Protection.nullable(),
  /** Further mailboxes of ours that the same mail was addressed to. */
  alsoIn: z.array(z.string()),
});
export type EntryView = z.infer<typeof EntryView>;

/** Another ticket that this one has to do with, and the act that joined or parted them. */
const LinkedTicket = z.strictObject({
  number: z.number().int(),
  subject: z.string(),
  requester: z.string(),
  /** To be named with the undoing of the act. */
  version: z.number().int(),
  /** Who did it; null when a rule did. */
  by: z.string().nullable(),
  at: Instant,
});

const Origin = LinkedTicket.extend({ kind: z.enum(["follows", "split"]) });

export const TicketView = TicketSummary.extend({
  version: z.number().int(),
  team: z.string().nullable(),
  channel: z.enum(["email", "portal", "phone", "web_service"]),
  createdAt: Instant,
  closedAt: Instant.nullable(),
  contact: ContactView,
  participants: z.array(ContactView),
  mailbox: z.string().nullable(),
  /** Whether the customer sees that this ticket exists. */
  inPortal: z.strictObject({ since: Instant, by: z.string() }).nullable(),
  /** Where it is continued. */
  mergedInto: LinkedTicket.nullable(),
  /** What was merged into it; the timeline shows their entries, too. */
  merged: z.array(LinkedTicket),
  /** The ticket that it follows or was split from. */
  origin: Origin.nullable(),
  /** Tickets that follow it or were split from it. */
  offspring: z.array(Origin),
  /** Oldest first; the newest page. */
  entries: z.array(EntryView),
  /** Give it as `before` for the page of older entries. */
  olderCursor: z.string().nullable(),
});
export type TicketView = z.infer<typeof TicketView>;

export const EntryPage = z.strictObject({ entries: z.array(EntryView), olderCursor: z.string().nullable() });
export const TicketList = z.strictObject({ tickets: z.array(TicketSummary), nextCursor: z.string().nullable() });

// ---------------------------------------------------------------- what an agent can do

/** PostgreSQL's largest integer; no number goes further. */
export const TicketNumber = z.coerce.number().int().positive().max(2_147_483_647);
const Html = z.string().max(1_000_000, "is longer than a million characters; attach it as a file");
const Subject = z.string().trim().min(1, "Give the ticket a subject.").max(500);
const Files = z.array(Id).max(50).default([]);

export const FindTickets = z.strictObject({
  search: z.string().trim().max(200).optional(),
  contactId: Id.optional(),
  mine: z.stringbool().optional(),
  open: z.stringbool().optional(),
  cursor: z.string().max(200).optional(),
});

export const OpenTicket = z.strictObject({
  messageId: Id,
  /** The requester: a contact we have, or one to create. */
  requester: z.union([z.strictObject({ contactId: Id }), z.strictObject({ newContact: NewContact })]),
  /** Further contacts on the ticket, such as those who got the mail too. */
  participants: z
    .array(z.union([z.strictObject({ contactId: Id }), z.strictObject({ newContact: NewContact })]))
    .max(20)
    .default([]),
  subject: Subject,
  team: z.string().trim().max(100).nullable().default(null),
  priority: Priority.default("normal"),
  /** The files of the mail that belong on the ticket; left out files stay with the kept mail. */
  attachmentIds: Files,
});
export type OpenTicket = z.infer<typeof OpenTicket>;

/** `opened`: this request made it. `already`: a colleague was first; theirs is the ticket. */
export const Opened = z.strictObject({
  outcome: z.enum(["opened", "already"]),
  ticket: TicketView,
  /** "Anna made #1042 of this 12 s ago" — null when this request opened it. */
  sentence: z.string().nullable(),
});
export type Opened = z.infer<typeof Opened>;

export const AddMail = z.strictObject({ number: TicketNumber, messageId: Id, attachmentIds: Files });

/** Sent with `If-Match: "<version>"`; what is absent stays. */
export const ChangeTicket = z.strictObject({
  number: TicketNumber,
  status: Status.optional(),
  priority: Priority.optional(),
  team: z.string().trim().max(100).nullable().optional(),
  assigneeId: Id.nullable().optional(),
  subject: Subject.optional(),
});

/** Sent with `If-Match: "<version>"` of the ticket that is merged. */
export const MergeTicket = z.strictObject({ number: TicketNumber, into: TicketNumber });

/** Sent with `If-Match: "<version>"`. */
export const SplitTicket = z.strictObject({
  number: TicketNumber,
  entryIds: z.array(Id).min(1, "Choose at least one entry.").max(100),
  /** Of the new ticket; by default that of the first mail. */
  subject: Subject.optional(),
});

export const SplitOf = z.strictObject({ number: TicketNumber, splitNumber: TicketNumber });

export const WriteNote = z.strictObject({
  number: TicketNumber,
  html: Html.min(1, "Write something first."),
  attachmentIds: Files,
});

/** The newest reply that its writer had on screen, null for none: a colleague's after it is told before this one goes out. */
const SeenReply = Id.nullable().optional();

/** A reply for the customer: released, then mailed when the grace period is over. */
export const WriteReply = z.strictObject({
  number: TicketNumber,
  html: Html.min(1, "Write something first."),
  attachmentIds: Files,
  /** Contacts' addresses beside the requester's; each must belong to the ticket's requester or participants. */
  cc: z.array(MailAddress).max(20).default([]),
  /** The entry whose history goes below the words; only what was released of it does. */
  quoteEntryId: Id.nullable().default(null),
  /** The status after it was sent. */
  thenStatus: Status.optional(),
  seenReplyId: SeenReply,
});

/**
 * A new mail on a ticket, with a subject of its own. For the customer it is released like a reply, and goes to people of
 * the ticket only; an internal one goes to whomever the agent chose, and the customer sees nothing of it.
 */
export const WriteNewMail = z.strictObject({
  number: TicketNumber,
  audience: z.enum(["internal", "customer"]),
  subject: Subject,
  html: Html.min(1, "Write something first."),
  attachmentIds: Files,
  toContactIds: z.array(Id).min(1, "Choose to whom it goes.").max(20),
  thenStatus: Status.optional(),
  seenReplyId: SeenReply,
});

/** Releases what an entry says: the new words always, everything else only when named. */
export const ReleaseEntry = z.strictObject({
  number: TicketNumber,
  entryId: Id,
  attachmentIds: Files,
  withQuoted: z.boolean().default(false),
  withInlineImages: z.boolean().default(false),
});

export const EntryOf = z.strictObject({ number: TicketNumber, entryId: Id });

/** What the customer's page would show if this were released now. */
export const PreviewRelease = z.strictObject({
  number: TicketNumber,
  /** A reply being written… */
  html: Html.optional(),
  /** …or an entry about to be released. */
  entryId: Id.optional(),
  attachmentIds: Files,
  withQuoted: z.boolean().default(false),
  withInlineImages: z.boolean().default(false),
});

export const Retracted = z.strictObject({
  entry: EntryView,
  /** What cannot be taken back: "The mail that was sent to alice@… cannot be recalled." */
  sentence: z.string(),
});

export const TakenBack = z.strictObject({
  /** The words go back into the composer. */
  html: z.string(),
  attachmentIds: z.array(Id),
});
