import type { ContactMerger, OrganizationMerger } from "../../server/desk/contract/people.ts";

/** A contact and its organization. */
const en = {
  addresses: "Addresses",
  formerAddress: (address: string) => `Used to be ${address}`,
  noLongerUsed: "No longer used",
  notTheirs: "Not theirs",
  useAgain: "Use again",
  samePerson: "Same person as …",
  samePersonAs: (name: string) => `${name} is the same person as`,
  isSamePerson: (into: string) => `Yes, it is ${into}`,
  contactMerger: ({ contact, into, tickets, participations, inPortal }: ContactMerger) => {
    const all = [
      ...contact.addresses,
      tickets === 1 ? "1 ticket" : `${tickets} tickets`,
      ...(participations > 0 ? [`a part in ${participations === 1 ? "1 more" : `${participations} more`}`] : []),
    ];
    const moves = tickets > 0 && contact.organization.id !== into.organization.id;
    return [
      `${into.name} gets everything of ${contact.name}: ${all.join(", ")}.`,
      ...(moves ? [`The tickets move from ${contact.organization.name} to ${into.organization.name}.`] : []),
      ...(inPortal ? [`In the portal both addresses then show the tickets of both.`] : []),
      "You can undo this.",
    ].join(" ");
  },
  contactsMerged: (name: string, into: string) => `${name} is ${into} from now on.`,
  mergedContact: (name: string, by: string, when: string) => `${name} is the same person · ${by}, ${when}`,
  undoMerger: (name: string) => `Undo: ${name} is not the same`,
  mergerUndone: (name: string) => `${name} stands alone again. What came later stays where it is.`,
  sameCompany: "Same company as …",
  sameCompanyAs: (name: string) => `${name} is the same company as`,
  isSameCompany: (into: string) => `Yes, it is ${into}`,
  searchOrganization: "Name of the organization",
  noOrganizationFound: "No organization found.",
  organizationMerger: ({ organization, into, contacts, tickets, domains }: OrganizationMerger) =>
    `${into.name} gets everything of ${organization.name}: ${[
      contacts === 1 ? "1 contact" : `${contacts} contacts`,
      tickets === 1 ? "1 ticket" : `${tickets} tickets`,
      ...domains,
    ].join(", ")}. Its settings for the portal hold for them too. You can undo this.`,
  organizationsMerged: (name: string, into: string) => `${name} is ${into} from now on.`,
  mergedOrganization: (name: string, by: string, when: string) => `${name} is the same company · ${by}, ${when}`,
  domains: "Domains",
  domain: "Domain",
  domainHint: "Who writes from it belongs to this organization.",
  domainAndBelow: (domain: string) => `${domain} and what lies below it`,
  includeSubdomains: "Also what lies below it",
  noDomains: "No domain yet",
  addDomain: "Add a domain",
  remove: "Remove",
  addressIs: {
    forgotten: (address: string, name: string) => `${address} is not known as an address of ${name} any more.`,
    ended: (address: string, name: string) =>
      `${address} is a former address of ${name} now: nothing is sent to it, and mails from it are asked about.`,
    resumed: (address: string, name: string) => `${address} is an address of ${name} again.`,
  },
  teach: (address: string, name: string) => `${address} also belongs to ${name}`,
  teachHint: "The next mail from this address is recognized.",
  taught: (address: string, name: string) => `${address} also belongs to ${name} now.`,
};

const de: typeof en = {
  addresses: "Adressen",
  formerAddress: (address) => `Früher ${address}`,
  noLongerUsed: "Gilt nicht mehr",
  notTheirs: "Gehört nicht dazu",
  useAgain: "Gilt wieder",
  samePerson: "Dieselbe Person wie …",
  samePersonAs: (name) => `${name} ist dieselbe Person wie`,
  isSamePerson: (into) => `Ja, das ist ${into}`,
  contactMerger: ({ contact, into, tickets, participations, inPortal }) => {
    const all = [
      ...contact.addresses,
      tickets === 1 ? "1 Ticket" : `${tickets} Tickets`,
      ...(participations > 0
        ? [`Teilnahme an ${participations === 1 ? "1 weiteren" : `${participations} weiteren`}`]
        : []),
    ];
    const moves = tickets > 0 && contact.organization.id !== into.organization.id;
    return [
      `${into.name} bekommt alles von ${contact.name}: ${all.join(", ")}.`,
      ...(moves ? [`Die Tickets wechseln von ${contact.organization.name} zu ${into.organization.name}.`] : []),
      ...(inPortal ? ["Im Portal zeigen dann beide Adressen die Tickets von beiden."] : []),
      "Sie können das rückgängig machen.",
    ].join(" ");
  },
  contactsMerged: (name, into) => `${name} ist ab jetzt ${into}.`,
  mergedContact: (name, by, when) => `${name} ist dieselbe Person · ${by}, ${when}`,
  undoMerger: (name) => `Rückgängig: ${name} ist jemand anderes`,
  mergerUndone: (name) => `${name} steht wieder für sich. Was später kam, bleibt, wo es ist.`,
  sameCompany: "Dieselbe Firma wie …",
  sameCompanyAs: (name) => `${name} ist dieselbe Firma wie`,
  isSameCompany: (into) => `Ja, das ist ${into}`,
  searchOrganization: "Name der Organisation",
  noOrganizationFound: "Keine Organisation gefunden.",
  organizationMerger: ({ organization, into, contacts, tickets, domains }) =>
    `${into.name} bekommt alles von ${organization.name}: ${[
      contacts === 1 ? "1 Kontakt" : `${contacts} Kontakte`,
      tickets === 1 ? "1 Ticket" : `${tickets} Tickets`,
      ...domains,
    ].join(", ")}. Ihre Einstellungen für das Portal gelten dann auch für diese. Sie können das rückgängig machen.`,
  organizationsMerged: (name, into) => `${name} ist ab jetzt ${into}.`,
  mergedOrganization: (name, by, when) => `${name} ist dieselbe Firma · ${by}, ${when}`,
  domains: "Domains",
  domain: "Domain",
  domainHint: "Wer von dort schreibt, gehört zu dieser Organisation.",
  domainAndBelow: (domain) => `${domain} und alles darunter`,
  includeSubdomains: "Auch alles darunter",
  noDomains: "Noch keine Domain",
  addDomain: "Domain hinzufügen",
  remove: "Entfernen",
  addressIs: {
    forgotten: (address, name) => `${address} gilt nicht mehr als Adresse von ${name}.`,
    ended: (address, name) =>
      `${address} ist jetzt eine frühere Adresse von ${name}: Dorthin geht nichts mehr, und bei Mails von dort wird gefragt.`,
    resumed: (address, name) => `${address} ist wieder eine Adresse von ${name}.`,
  },
  teach: (address, name) => `${address} gehört auch zu ${name}`,
  teachHint: "Die nächste Mail von dieser Adresse wird erkannt.",
  taught: (address, name) => `${address} gehört jetzt auch zu ${name}.`,
};

export const peopleText = { en, de };
