/** Whose mail it is. Strongest evidence first: the first rule that finds somebody wins. */
import { canonicalAddress } from "../../../platform/mail-address.ts";
import type { ReadMail } from "../reading/read-mail.ts";
import { domainOf, isFreeMail, isNoReply, withoutPlusTag } from "./addresses.ts";
import type { Evidence, KnownContact } from "./evidence.ts";

export type Whose = { contact: KnownContact | null; organizationId: string; because: string };
type Rule = (mail: ReadMail, evidence: Evidence) => Whose | null;

const byExactAddress: Rule = (_, { sender, contacts }) => {
  const contact = sender ? contacts.get(sender) : undefined;
  if (!contact) return null;
  const because = contact.taught
    ? `an agent taught us that ${sender} is ${contact.name}`
    : `${sender} is an address of ${contact.name}`;
  return { contact, organizationId: contact.organizationId, because };
};

const byPlusAddress: Rule = (_, { sender, contacts }) => {
  const plain = sender && withoutPlusTag(sender);
  const contact = plain ? contacts.get(plain) : undefined;
  return contact
    ? { contact, organizationId: contact.organizationId, because: `${sender} is ${contact.name}'s address with a tag` }
    : null;
};

/** Only the company: which of its people wrote it stays open. */
const byDomain: Rule = (_, { sender, domains }) => {
  const nearest = domains[0];
  if (!sender || !nearest || isFreeMail(domainOf(sender))) return null;
  return {
    contact: null,
    organizationId: nearest.organizationId,
    because: `${nearest.domain} is a domain of ${nearest.organization}`,
  };
};

const rules: Rule[] = [byExactAddress, byPlusAddress, byDomain];

export function whoseMail(mail: ReadMail, evidence: Evidence): Whose | null {
  for (const rule of rules) {
    const found = rule(mail, evidence);
    if (found) return found;
  }
  return null;
}

/** Who else it could be from, for an agent to decide. */
export function suggestContacts(mail: ReadMail, evidence: Evidence): { contactId: string; because: string }[] {
  const { sender, contacts, behindRole, mailboxes } = evidence;
  const suggestions: { contactId: string; because: string }[] = [];
  const forwarded = mail.forward?.from && contacts.get(canonicalAddress(mail.forward.from.address) ?? "");
  if (forwarded)
    suggestions.push({ contactId: forwarded.contactId, because: `the mail forwards one from ${forwarded.address}` });

  const replyTo = contacts.get(canonicalAddress(mail.replyTo[0]?.address ?? "") ?? "");
  const ownDomain = sender && mailboxes.some((mailbox) => domainOf(mailbox) === domainOf(sender));
  if (replyTo && sender && ownDomain && isNoReply(sender))
    suggestions.push({
      contactId: replyTo.contactId,
      because: `${sender} is ours and asks to answer to ${replyTo.address}`,
    });

  for (const { contactId, organization } of behindRole)
    suggestions.push({ contactId, because: `several people of ${organization} may write as ${sender}` });
  return suggestions;
}
