/** Agents, contacts and organizations, as the pane reads them. */
import { z } from "zod";
import { Said } from "./sentences.ts";

export const Id = z.uuid();
export const Instant = z.iso.datetime();
export const MailAddress = z.email("is an e-mail address such as alice@example.com").max(254);

export const Role = z.enum(["agent", "lead", "admin"]);

export const AgentView = z.strictObject({ id: Id, name: z.string(), role: Role });
export type AgentView = z.infer<typeof AgentView>;

export const OrganizationView = z.strictObject({ id: Id, name: z.string(), personal: z.boolean() });
export type OrganizationView = z.infer<typeof OrganizationView>;

export const ContactView = z.strictObject({
  id: Id,
  name: z.string(),
  /** The primary address first. */
  addresses: z.array(z.string()),
  organization: OrganizationView,
  /** Whether the contact may sign in to the portal. */
  invited: z.boolean(),
  /** Whether the CRM has deleted the contact: then the portal is closed to them. */
  former: z.boolean(),
});
export type ContactView = z.infer<typeof ContactView>;

/** What the desk knows of a contact beyond what every list shows. */
export const ContactDetail = z.strictObject({
  contact: ContactView,
  /** Addresses that the contact used to have. */
  formerAddresses: z.array(z.string()),
  /** Contacts who turned out to be this one. */
  merged: z.array(z.strictObject({ id: Id, name: z.string(), at: Instant, by: z.string() })),
});
export type ContactDetail = z.infer<typeof ContactDetail>;

export const OrganizationDetail = z.strictObject({
  organization: OrganizationView,
  domains: z.array(z.strictObject({ domain: z.string(), includeSubdomains: z.boolean() })),
  merged: z.array(z.strictObject({ id: Id, name: z.string(), at: Instant, by: z.string() })),
});
export type OrganizationDetail = z.infer<typeof OrganizationDetail>;

/** What a merger would move. */
export const ContactMerger = z.strictObject({
  contact: ContactView,
  into: ContactView,
  /** Tickets that the contact asked for, and tickets that he takes part in. */
  tickets: z.number(),
  participations: z.number(),
  /** Whether customers see some of them in the portal. */
  inPortal: z.boolean(),
});
export type ContactMerger = z.infer<typeof ContactMerger>;

export const OrganizationMerger = z.strictObject({
  organization: OrganizationView,
  into: OrganizationView,
  contacts: z.number(),
  tickets: z.number(),
  domains: z.array(z.string()),
});
export type OrganizationMerger = z.infer<typeof OrganizationMerger>;

export const MailboxView = z.strictObject({
  id: Id,
  address: z.string(),
  name: z.string(),
  mode: z.enum(["on_conversion", "every_mail"]),
  team: z.string().nullable(),
  lastSyncedAt: Instant.nullable(),
  /** What is wrong and what to do, or null when all is well. */
  trouble: Said.nullable(),
});

/** A CRM that contacts follow, and how that goes. */
export const CrmView = z.strictObject({
  id: z.string(),
  lastSyncedAt: Instant.nullable(),
  /** A sentence that says what is wrong and what to do, or null when all is well. */
  trouble: z.string().nullable(),
});

export const Me = z.strictObject({
  agent: AgentView.extend({ address: z.string() }),
  agents: z.array(AgentView),
  mailboxes: z.array(MailboxView),
  crms: z.array(CrmView),
  /** Why sign-in codes and invitations do not go out by the SMTP server, and what to do; null when they do. */
  smtpTrouble: z.string().nullable(),
  /** The disks that fill up: on which the desk's files lie, or those of the portal. */
  fullDisks: z.array(z.strictObject({ store: z.enum(["desk", "portal"]), usedPercent: z.int() })),
  teams: z.array(z.string()),
  portalUrl: z.string(),
  graceSeconds: z.number(),
  /** The largest mail that the mailboxes send, in MB. */
  mailSizeMb: z.number(),
});
export type Me = z.infer<typeof Me>;

export const Search = z.strictObject({ search: z.string().trim().min(1).max(200) });
export const ContactList = z.strictObject({ contacts: z.array(ContactView) });
export const OrganizationList = z.strictObject({ organizations: z.array(OrganizationView) });

/** Either an organization that exists, or the name of a new one; with neither, the contact gets one of their own. */
export const NewContact = z.strictObject({
  name: z.string().trim().min(1, "Give the contact's name.").max(200),
  address: MailAddress,
  organizationId: Id.optional(),
  organizationName: z.string().trim().min(1).max(200).optional(),
});
export type NewContact = z.infer<typeof NewContact>;
