import emailProviders from "email-providers";
import { getDomain } from "tldts";
import type { ReadMail } from "../reading/read-mail.ts";

/** One way of writing an address, used wherever two are compared. */
export const canonical = (address: string) => address.trim().toLowerCase();

export const domainOf = (address: string) => canonical(address).slice(canonical(address).lastIndexOf("@") + 1);

/** The same address without its plus tag (RFC 5233), or null when it has none. */
export function withoutPlusTag(address: string): string | null {
  const [, local, domain] = /^([^+@]+)\+[^@]*@([^@]+)$/.exec(canonical(address)) ?? [];
  return local && domain ? `${local}@${domain}` : null;
}

const freeMail = new Set<string>(emailProviders);

/** Where anybody can have an address: such a domain says nothing about an organization. */
export const isFreeMail = (domain: string) => freeMail.has(domain) || freeMail.has(getDomain(domain) ?? domain);

/** The domain and those above it that can still belong to one organization: not co.uk, not github.io. */
export function domainsAbove(domain: string): string[] {
  const registrable = getDomain(domain, { allowPrivateDomains: true }) ?? domain;
  const extra = domain.split(".").length - registrable.split(".").length;
  return Array.from({ length: Math.max(0, extra) + 1 }, (_, skip) => domain.split(".").slice(skip).join("."));
}

/** RFC 2142's mailbox names and what companies of several languages use beside them. */
const roles =
  /^(info|office|sales|support|service|help|helpdesk|contact|kontakt|mail|hello|team|admin|administration|billing|invoice|invoices|rechnung|rechnungen|buchhaltung|accounting|einkauf|purchasing|vertrieb|marketing|hr|jobs|it|edv|webmaster|postmaster|hostmaster|abuse|noc|security|reception|empfang|zentrale|sekretariat|direction|compta|contabilidad|ventas|soporte|amministrazione)$/;

/** An address that several people read. */
export const isRoleAddress = (address: string) => roles.test(canonical(address).split("@")[0] ?? "");

const noReply = /^(no[-_.]?reply|do[-_.]?not[-_.]?reply|noreply-.*|web|website|form|forms|formular|contact-?form)$/;

/** An address nobody reads, such as that of a form on our own website. */
export const isNoReply = (address: string) => noReply.test(canonical(address).split("@")[0] ?? "");

/** Who wrote it, when the mail names exactly one sender and names it so that every program reads the same. */
export function soleSender(mail: ReadMail): string | null {
  const fields = mail.headers.filter(([name]) => name === "from");
  const address = canonical(mail.from?.address ?? "");
  return fields.length <= 1 && /^[^\s@"<>(),:;[\]\\\p{C}]+@[^\s@"<>(),:;[\]\\\p{C}]+$/u.test(address) ? address : null;
}
