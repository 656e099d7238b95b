/** Whose mail it is. Strongest evidence first: the first rule that finds somebody wins. */
import { canonicalAddress } from "../../../platform/mail-address.ts";
import type { ReadMail } from "../reading/read-mail.ts";
import { domainOf, isFreeMail, withoutPlusTag } from "./addresses.ts";
import { claimedAuthor } from "./claimed.ts";
import type { Evidence, KnownContact } from "./evidence.ts";
import type { Match } from "./match.ts";

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
  const domain = domainOf(sender);
  const because =
    domain === nearest.domain
      ? `${domain} is a domain of ${nearest.organization}`
      : `${domain} is below ${nearest.domain}, a domain of ${nearest.organization}`;
  return { contact: null, organizationId: nearest.organizationId, because };
};

const rules: Rule[] = [byExactAddress, byPlusAddress, byDomain];

export function whoseMail(mail: ReadMail, evidence: Evidence): Whose | null {
  for (const rule of rules) {
    const found = rule(mail, evidence);
    if (found) return found;
  }
  return null;
}

type Suggested = Match["suggestions"];

/** Who else it could be from, for an agent to decide. */
export function suggestContacts(mail: ReadMail, evidence: Evidence): Pick<Suggested, "contacts" | "addresses"> {
  const { sender, contacts, formerly, behindRole, mailboxes } = evidence;
  const forwarded = mail.forward?.from && contacts.get(canonicalAddress(mail.forward.from.address) ?? "");
  const claimed = claimedAuthor(mail, mailboxes);
  const author = claimed && contacts.get(claimed.address);
  return {
    contacts: [
      ...formerly.map(({ contactId, name }) => ({ contactId, because: `${sender} used to be an address of ${name}` })),
      ...(forwarded
        ? [{ contactId: forwarded.contactId, because: `the mail forwards one from ${forwarded.address}` }]
        : []),
      ...(claimed && author ? [{ contactId: author.contactId, because: claimed.because }] : []),
      ...behindRole.map(({ contactId, organization }) => ({
        contactId,
        because: `several people of ${organization} may write as ${sender}`,
      })),
    ],
    addresses: claimed && !author ? [claimed] : [],
  };
}
