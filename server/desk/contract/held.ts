/** The tray: mails that are kept and believed by nobody yet, and what an agent can decide about them. */
import { z } from "zod";
import { NamedAddress } from "./mails.ts";
import { ContactView, Id, Instant } from "./people.ts";
import { Said } from "./sentences.ts";
import { TicketSummary } from "./tickets.ts";

export const FindHeldMails = z.strictObject({ cursor: z.string().max(200).optional() });

export const HeldMailView = z.strictObject({
  heldId: Id,
  /** Null when not even its bytes could be fetched. */
  messageId: Id.nullable(),
  /** The address as it is; the name is whatever somebody calls himself. */
  sender: NamedAddress,
  /** Whether Exchange vouched for the sender's domain (SPF, DKIM, DMARC). */
  authenticated: z.enum(["pass", "fail", "none"]),
  subject: z.string(),
  receivedAt: Instant,
  mailbox: z.string(),
  team: z.string().nullable(),
  because: Said,
  /** What failed, when it could not be processed: it can be tried again. */
  error: z.string().nullable(),
  /** Where it may belong and who it may be from, on evidence that a stranger could forge. */
  ticket: z.strictObject({ ticket: TicketSummary, because: z.string() }).nullable(),
  contact: z.strictObject({ contact: ContactView, because: z.string().nullable() }).nullable(),
  /** The files that go along when a ticket is made of it. */
  attachmentIds: z.array(Id),
});
export type HeldMailView = z.infer<typeof HeldMailView>;

/** Mails that go round or pour in: folded away under one line until an agent lifts it. */
export const LoopView = z.strictObject({
  loopId: Id,
  address: z.string(),
  ticket: z.number().nullable(),
  because: Said,
  foundAt: Instant,
  /** How many are folded away; a thousand stands for more. */
  mails: z.number(),
});
export type LoopView = z.infer<typeof LoopView>;

export const HeldMails = z.strictObject({
  mails: z.array(HeldMailView),
  /** With the first page only. */
  loops: z.array(LoopView),
  nextCursor: z.string().nullable(),
});
export type HeldMails = z.infer<typeof HeldMails>;

export const SpamMarkView = z.strictObject({
  messageId: Id,
  sender: NamedAddress,
  subject: z.string(),
  by: z.string(),
  at: Instant,
  /** How many mails are folded away under it; a thousand stands for more. */
  mails: z.number(),
});
export type SpamMarkView = z.infer<typeof SpamMarkView>;

export const SpamMarks = z.strictObject({ marks: z.array(SpamMarkView), nextCursor: z.string().nullable() });

/** Files a held mail on a ticket. By itself that shows it to nobody, and its sender is as unproven as before. */
export const AcceptMail = z.strictObject({
  messageId: Id,
  number: z.coerce.number().int().positive(),
  /** Whether its sender takes part in the ticket from now on; only somebody whom a server vouches for can. */
  participant: z.boolean().default(false),
});

/** `already`: a colleague was first, and what was asked for was not done again. */
export const Decided = z.strictObject({
  outcome: z.enum(["done", "already"]),
  /** The mail's ticket now, if it has one. */
  number: z.number().nullable(),
  /** "Anna filed it on #1042 12 s ago." */
  sentence: z.string().nullable(),
});
export type Decided = z.infer<typeof Decided>;

export const OneMail = z.strictObject({ messageId: Id });
export const OneHeld = z.strictObject({ heldId: Id });
export const OneLoop = z.strictObject({ loopId: Id });
