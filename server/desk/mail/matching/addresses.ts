import emailProviders from "email-providers";
import { getDomain } from "tldts";
import { canonicalAddress } from "../../../platform/mail-address.ts";
import type { ReadMail } from "../reading/read-mail.ts";

/** Empty when it is the address of nobody, so that it is equal to no other. */
export const domainOf = (address: string) => canonicalAddress(address)?.split("@")[1] ?? "";

/** The same address without its plus tag (RFC 5233), or null when it has none. */
export function withoutPlusTag(address: string): string | null {
  const [, local, domain] = /^([^+@]+)\+[^@]*@([^@]+)$/.exec(canonicalAddress(address) ?? "") ?? [];
  return local && domain ? `${local}@${domain}` : null;
}

const freeMail = new Set<string>(emailProviders);

/** Where anybody can have an address: such a domain says nothing about an organization. */
export const isFreeMail = (domain: string) => freeMail.has(domain) || freeMail.has(getDomain(domain) ?? domain);

/** What somebody has registered: siemens.co.uk of mail.eu.siemens.co.uk, and somebody.github.io as it is. */
export const registrable = (domain: string) => getDomain(domain, { allowPrivateDomains: true }) ?? domain;

/** The domain and those above it that can still belong to one organization: not co.uk, not github.io. */
export function domainsAbove(domain: string): string[] {
  const extra = domain.split(".").length - registrable(domain).split(".").length;
  return Array.from({ length: Math.max(0, extra) + 1 }, (_, skip) => domain.split(".").slice(skip).join("."));
}

/** RFC 2142's mailbox names and what companies of several languages use beside them. */
const roles =
  /^(info|office|sales|support|service|help|helpdesk|contact|kontakt|mail|hello|team|admin|administration|billing|invoice|invoices|rechnung|rechnungen|buchhaltung|accounting|einkauf|purchasing|vertrieb|marketing|hr|jobs|it|edv|webmaster|postmaster|hostmaster|abuse|noc|security|reception|empfang|zentrale|sekretariat|direction|compta|contabilidad|ventas|soporte|amministrazione)$/;

const localPart = (address: string) => canonicalAddress(address)?.split("@")[0] ?? "";

/** An address that several people read. */
export const isRoleAddress = (address: string) => roles.test(localPart(address));

const noReply = /^(no[-_.]?reply|do[-_.]?not[-_.]?reply|noreply-.*|web|website|form|forms|formular|contact-?form)$/;

/** An address nobody reads, such as that of a form on our own website. */
export const isNoReply = (address: string) => noReply.test(localPart(address));

/** Who wrote it, when the mail names exactly one sender and names it so that every program reads the same. */
export function soleSender(mail: ReadMail): string | null {
  const fields = mail.headers.filter(([name]) => name === "from");
  return fields.length <= 1 ? canonicalAddress(mail.from?.address ?? "") : null;
}
