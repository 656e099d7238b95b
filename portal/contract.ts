/**
 * What a customer may see. The portal's addresses answer with these and its pages read these; an unexpected field is an error.
 * Free of server code: the pane renders the same page from the same view.
 */
import { z } from "zod";

const instant = z.iso.datetime({ offset: true });

export const statuses = [
  "new",
  "in_progress",
  "waiting_on_customer",
  "waiting_on_third_party",
  "resolved",
  "closed",
  "cancelled",
] as const;

/** What a customer can do in the portal; the door has one way to take each of them in. */
export const ActKind = z.enum(["message", "new_ticket", "close"]);
export type ActKind = z.infer<typeof ActKind>;

/** `label`: the organization's own word for it; null means the portal's own words. A hidden status is null as a whole. */
export const StatusView = z
  .strictObject({
    key: z.enum(statuses),
    label: z.string().nullable(),
    turn: z.enum(["ours", "customer", "third_party", "nobody"]),
  })
  .nullable();
export type StatusView = z.infer<typeof StatusView>;

export const FileView = z.strictObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  size: z.number().int(),
  /** Shown inside the words, where they name `cid:` this. */
  contentId: z.string().nullable(),
});
export type FileView = z.infer<typeof FileView>;

export const EntryView = z.strictObject({
  id: z.string(),
  kind: z.string(),
  side: z.enum(["team", "customer"]),
  authorName: z.string(),
  /** The released words: made safe when they were released. */
  html: z.string(),
  at: instant,
  files: z.array(FileView),
});
export type EntryView = z.infer<typeof EntryView>;

/** What a customer sent that the desk has not taken in yet. */
export const SentView = z.strictObject({
  id: z.string(),
  kind: ActKind,
  subject: z.string(),
  text: z.string(),
  at: instant,
  files: z.array(z.strictObject({ name: z.string(), size: z.number().int() })),
});
export type SentView = z.infer<typeof SentView>;

export const TicketView = z.strictObject({
  number: z.number().int(),
  subject: z.string(),
  status: StatusView,
  open: z.boolean(),
  requesterName: z.string(),
  createdAt: instant,
  updatedAt: instant,
  closedAt: instant.nullable(),
  /** The number of the ticket in which this one is continued, for those who may see that one. */
  continuedIn: z.number().int().nullable(),
  entries: z.array(EntryView),
  sent: z.array(SentView),
});
export type TicketView = z.infer<typeof TicketView>;

export const TicketRow = z.strictObject({
  number: z.number().int(),
  subject: z.string(),
  status: StatusView,
  open: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  continuedIn: z.number().int().nullable(),
});
export type TicketRow = z.infer<typeof TicketRow>;

export const TicketListView = z.strictObject({
  show: z.enum(["open", "closed"]),
  search: z.string(),
  tickets: z.array(TicketRow),
  /** New tickets that have no number yet. */
  sent: z.array(SentView),
  /** Continues the list; null at its end. */
  next: z.string().nullable(),
});
export type TicketListView = z.infer<typeof TicketListView>;

/** A new ticket on its way: `number` once it has one. */
export const SentTicketView = z.strictObject({ sent: SentView, number: z.number().int().nullable() });
export type SentTicketView = z.infer<typeof SentTicketView>;
