import type { MailView } from "../../server/desk/contract/mails.ts";
import type { ContactView, NewContact } from "../../server/desk/contract/people.ts";

/** Whom the ticket will be for: a contact, or one that is created with it. */
export type Requester = { kind: "contact"; contact: ContactView } | { kind: "new"; contact: NewContact };

/** The contact whose mail it is; for a stranger, a contact made of the sender's own name and address. */
export function proposedRequester({ sender }: MailView): Requester {
  if (sender.contact) return { kind: "contact", contact: sender.contact };
  return newFrom(sender.address, sender.organization?.id);
}

export const newFrom = ({ name, address }: { name: string; address: string }, organizationId?: string): Requester => ({
  kind: "new",
  contact: { name: name || address, address, ...(organizationId ? { organizationId } : {}) },
});

export const wishFor = (requester: Requester) =>
  requester.kind === "contact" ? { contactId: requester.contact.id } : { newContact: requester.contact };
