import type { MailView } from "../../server/desk/contract/mails.ts";
import type { ContactView, NewContact } from "../../server/desk/contract/people.ts";

/** Whom the ticket will be for: a contact, or one that is created with it. */
export type Requester = { kind: "contact"; contact: ContactView } | { kind: "new"; contact: NewContact };

/**
 * The contact whose mail it is; for a stranger, a contact made of the sender's own name and address.
 * What a colleague forwards is its author's matter. A stranger's forward is not believed: the block above it can be forged.
 */
export function proposedRequester({ sender, forwardedFrom }: MailView, fromColleague: boolean): Requester {
  if (fromColleague && forwardedFrom?.contact) return { kind: "contact", contact: forwardedFrom.contact };
  if (sender.contact) return { kind: "contact", contact: sender.contact };
  return newFrom(sender.address, sender.organization?.id);
}

export const newFrom = ({ name, address }: { name: string; address: string }, organizationId?: string): Requester => ({
  kind: "new",
  contact: { name: name || address, address, ...(organizationId ? { organizationId } : {}) },
});

export const domainOf = (address: string) => address.slice(address.lastIndexOf("@") + 1).toLowerCase();

/** Our people write from the domain of our mailboxes; a forged one is nobody's colleague. */
export const isFromColleague = ({ sender }: MailView, mailboxes: { address: string }[]) =>
  sender.authenticated !== "fail" &&
  mailboxes.some(({ address }) => domainOf(address) === domainOf(sender.address.address));

/** Whether the mail comes from an address of the requester; only then does what is known of the sender hold for them. */
export const isSender = (requester: Requester, { sender }: MailView) => isOf(requester, sender.address.address);

export function isOf(requester: Requester, wanted: string): boolean {
  const addresses = requester.kind === "contact" ? requester.contact.addresses : [requester.contact.address];
  return addresses.some((address) => address.toLowerCase() === wanted.toLowerCase());
}

export const wishFor = (requester: Requester) =>
  requester.kind === "contact" ? { contactId: requester.contact.id } : { newContact: requester.contact };
