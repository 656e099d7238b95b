/** A mail that is open in Outlook, as the pane reads it. */
import { z } from "zod";
import { ContactView, Id, Instant, OrganizationView } from "./people.ts";
import { Said } from "./sentences.ts";
import { Priority, TicketSummary } from "./tickets.ts";

/** What Outlook knows of the selected mail. Ids change in Outlook; each is a hint, and the desk says which mail it is. */
export const SelectedMail = z.strictObject({
  /** The mailbox in which the mail is open: the shared one, or the agent's own. */
  mailbox: z.string().max(254),
  itemId: z.string().max(1000).optional(),
  internetMessageId: z.string().max(2000).optional(),
  /** Whose address Outlook shows: anybody can send a mail again under the Message-ID of another one. */
  from: z.string().max(254).optional(),
});
export type SelectedMail = z.infer<typeof SelectedMail>;

export const NamedAddress = z.strictObject({ name: z.string(), address: z.string() });

/** How large these files make a mail, in MB: base64 makes four bytes of three (RFC 2045, 6.8). */
export const mailSizeMb = (files: readonly { size: number }[]) =>
  files.reduce((sum, { size }) => sum + (size * 4) / 3, 0) / (1024 * 1024);

export const FileView = z.strictObject({
  id: Id,
  name: z.string(),
  type: z.string(),
  size: z.number(),
  inline: z.boolean(),
});
export type FileView = z.infer<typeof FileView>;

/** Whose mail it is, and why we think so. `suggestions` rest on evidence that a stranger could forge. */
export const SenderView = z.strictObject({
  address: NamedAddress,
  contact: ContactView.nullable(),
  organization: OrganizationView.nullable(),
  because: z.array(z.string()),
  suggestions: z.array(z.strictObject({ contact: ContactView, because: z.string() })),
  /** People whom nobody here knows, suggested in the same way. */
  strangers: z.array(z.strictObject({ address: NamedAddress, because: z.string() })).default([]),
  /** Whether Exchange vouched for the sender's domain (SPF, DKIM, DMARC). */
  authenticated: z.enum(["pass", "fail", "none"]),
});

/** Somebody else to whom the mail went, or to whom the forwarded one did. */
export const AlsoAddressed = z.strictObject({ address: NamedAddress, contact: ContactView.nullable() });
export type AlsoAddressed = z.infer<typeof AlsoAddressed>;

export const MailView = z.strictObject({
  messageId: Id,
  subject: z.string(),
  receivedAt: Instant,
  sender: SenderView,
  /** The original sender of a forwarded mail, proposed and never assumed. */
  forwardedFrom: z
    .strictObject({ address: NamedAddress, contact: ContactView.nullable(), because: z.string() })
    .nullable(),
  alsoAddressed: z.array(AlsoAddressed).default([]),
  attachments: z.array(FileView),
  /** The ticket it belongs to. */
  ticket: z.strictObject({ number: z.number(), because: z.array(z.string()) }).nullable(),
  /** Why nobody believes it yet. */
  heldBecause: Said.nullable(),
  /** How it lies in the tray, when it does. */
  held: z
    .strictObject({
      heldId: Id,
      /** What failed, when it could not be processed. */
      error: z.string().nullable(),
      spam: z.strictObject({ by: z.string(), at: Instant }).nullable(),
    })
    .nullable(),
  warnings: z.array(z.string()),
  /** Further mailboxes of ours that the same mail was addressed to. */
  alsoIn: z.array(z.string()),
  openTickets: z.array(TicketSummary),
  /** Tickets it may belong to, on weak evidence. */
  suggestedTickets: z.array(z.strictObject({ ticket: TicketSummary, because: z.string() })),
  /** What "Create ticket" does when nothing is changed. `requesterId` is null when the sender is unknown. */
  proposal: z.strictObject({
    requesterId: Id.nullable(),
    subject: z.string(),
    team: z.string().nullable(),
    priority: Priority,
    attachmentIds: z.array(Id),
  }),
});
export type MailView = z.infer<typeof MailView>;

/** `arriving`: the desk has asked Graph for it just now; ask again in a second. `elsewhere`: not a mailbox it reads. */
export const OpenMail = z.discriminatedUnion("state", [
  z.strictObject({ state: z.literal("known"), mail: MailView }),
  z.strictObject({ state: z.literal("arriving"), detail: z.string(), trouble: Said.nullable() }),
  z.strictObject({ state: z.literal("elsewhere"), detail: z.string() }),
]);
export type OpenMail = z.infer<typeof OpenMail>;
