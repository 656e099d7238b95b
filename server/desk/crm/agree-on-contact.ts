import { isRoleAddress } from "../mail/matching/addresses.ts";
import { newId } from "../new-id.ts";
import { agreeOnAddresses } from "./agree-on-addresses.ts";
import { type Batch, follow, type Item, linkOf, live, livesIn, succeed, touch } from "./batch.ts";
import { type Contact, keyOf, type Link, type Organization } from "./known.ts";
import type { CrmContact } from "./source.ts";

export function agreeOnContact(batch: Batch, item: Item<CrmContact>): Contact {
  const { record } = item;
  const link = linkOf(batch, record);
  const known = link.contactId ? batch.known.contacts.get(link.contactId) : undefined;
  const same = known ?? samePerson(batch, item);
  if (same && !known) succeed(batch, same.id, link);
  const contact = same ?? create(batch, record, link);
  link.contactId = contact.id;
  live(batch, contact.id, record.externalId);
  if (contact.formerAt) {
    contact.formerAt = null;
    touch(contact);
    item.what.push(`is in ${batch.source.name} again`);
  }

  agreeOnName(batch, item, contact, link);
  if (record.language !== undefined) {
    const before = contact.language;
    const outcome = follow(contact, link.wrote, "language", record.language, before === null);
    if (outcome === "followed") item.what.push(`language ${before ?? "of the organization"} → ${record.language}`);
    if (outcome === "kept")
      item.conflict(
        `${contact.name} has the language ${before} here, which somebody set, and ${record.language} in ${batch.source.name}. Ours stays; make the two the same.`,
      );
  }
  agreeOnHome(batch, item, contact, link);
  agreeOnAddresses(batch, item, contact, link.wrote);
  return contact;
}

/**
 * A contact here with one of the addresses, whom no record of this CRM is yet: the same person, made by a mail, by an
 * agent, or by a record that the CRM has deleted since. Several people may stand behind a role address, so it is no proof.
 */
function samePerson(batch: Batch, { record }: Item<CrmContact>): Contact | undefined {
  const { contacts, addresses } = batch.known;
  for (const address of record.addresses) {
    const row = addresses.get(address);
    const owner = row && !row.dropped ? contacts.get(row.contactId) : undefined;
    if (!owner || livesIn(batch, owner.id)) continue;
    if (!isRoleAddress(address) || owner.name.toLowerCase() === record.name.toLowerCase()) return owner;
  }
  return undefined;
}

function create(batch: Batch, { name }: CrmContact, { wrote }: Link): Contact {
  const contact: Contact = { id: newId(), name, language: null, organizationId: "", formerAt: null, isNew: true };
  wrote.name = name;
  batch.known.contacts.set(contact.id, contact);
  return contact;
}

function agreeOnName(batch: Batch, item: Item<CrmContact>, contact: Contact, link: Link) {
  const before = contact.name;
  const outcome = follow(contact, link.wrote, "name", item.record.name, !isAgentsOwn(batch, contact));
  if (outcome === "followed") {
    item.what.push(`name “${before}” → “${contact.name}”`);
    const home = batch.known.organizations.get(contact.organizationId);
    if (home?.personal && home.name === before) {
      home.name = contact.name;
      touch(home);
    }
  }
  if (outcome === "kept")
    item.conflict(
      `“${before}” was named so here, and is “${item.record.name}” in ${batch.source.name}. Ours stays; rename one of the two.`,
    );
}

/** An agent made the contact, and gave it its name and organization; others were made by their first mail. */
const isAgentsOwn = ({ known }: Batch, contact: Contact) =>
  [...known.addresses.values()].some((row) => row.contactId === contact.id && row.primary && row.taught);

/** A person without an organization has one of their own. */
function agreeOnHome(batch: Batch, item: Item<CrmContact>, contact: Contact, { wrote }: Link) {
  const { known, source } = batch;
  const here = known.organizations.get(contact.organizationId);
  const said = item.record.organization;
  const company = said ? companyOf(batch, item, said) : null;
  if (!here) return settle(contact, wrote, company ?? ownHome(batch, contact));
  if (said === undefined || company === undefined) return;
  if (company === here || (company === null && here.personal)) {
    wrote.organizationId = here.id;
    return;
  }

  const free =
    wrote.organizationId === undefined
      ? here.personal || !isAgentsOwn(batch, contact)
      : wrote.organizationId === here.id;
  if (!free)
    return item.conflict(
      `${contact.name} belongs to ${here.name} here, as somebody decided, and to ${company?.name ?? "no organization"} in ${source.name}. Ours stays; make the two the same.`,
    );
  settle(contact, wrote, company ?? ownHome(batch, contact));
  item.what.push(company ? `moves from ${here.name} to ${company.name}` : `leaves ${here.name}`);
  if (here.personal) batch.leftAlone.add(here.id);
}

/** Undefined: the CRM names a company that it has not told us of. */
function companyOf({ known, source }: Batch, item: Item<CrmContact>, externalId: string): Organization | undefined {
  const link = known.links.get(keyOf({ kind: "organization", externalId }));
  const company = link?.organizationId ? known.organizations.get(link.organizationId) : undefined;
  if (!company)
    item.conflict(
      `${source.name} has not told us of the organization of ${item.record.name} yet. Until it does, nothing else is assumed.`,
    );
  return company;
}

function settle(contact: Contact, wrote: Link["wrote"], home: Organization) {
  contact.organizationId = home.id;
  wrote.organizationId = home.id;
  touch(contact);
}

function ownHome({ known }: Batch, { name }: Contact): Organization {
  const home: Organization = {
    id: newId(),
    name,
    personal: true,
    language: "en",
    timeZone: "UTC",
    portalScope: "none",
    formerAt: null,
    isNew: true,
  };
  known.organizations.set(home.id, home);
  return home;
}
