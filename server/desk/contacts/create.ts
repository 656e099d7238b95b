import { endpoint } from "../../platform/endpoint.ts";
import { canonicalAddress } from "../../platform/mail-address.ts";
import { conflict, notFound, problem } from "../../platform/problems.ts";
import { type Actor, audit } from "../audit.ts";
import type { AgentContext } from "../context.ts";
import { ContactView, NewContact } from "../contract/people.ts";
import { tellCrm } from "../crm/out/intend.ts";
import { type DeskTransaction, transact } from "../database.ts";
import { domainOf, registrable } from "../mail/matching/addresses.ts";
import { lookOf } from "../mail/matching/look-alike.ts";
import { contactView } from "./view.ts";

export const addContact = endpoint({
  summary: "Adds a contact, in an organization that exists, a new one, or one of their own.",
  status: 201,
  input: NewContact,
  output: ContactView,
  run: (wish, { desk, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      const { id } = await createContact(tx, { ...wish, taughtById: asking.agent.id }, asking);
      await tellCrm(tx, asking, { contactId: id });
      const contact = await contactView(tx, id);
      if (!contact) throw notFound("The contact");
      return contact;
    }),
});

type Wish = {
  name: string;
  address: string;
  organizationId?: string | undefined;
  organizationName?: string | undefined;
  taughtById?: string | undefined;
};

/** Makes a contact. With neither an organization nor a name for a new one, the contact gets one of their own. */
export async function createContact(
  tx: DeskTransaction,
  { name, address, organizationId, organizationName, taughtById }: Wish,
  actor: Actor = { rule: "a sender nobody knew gets a contact" },
): Promise<{ id: string; organizationId: string }> {
  const home = organizationId
    ? await existing(tx, organizationId)
    : await newOrganization(tx, organizationName ?? name, organizationName === undefined);
  const contact = await tx.contact.create({
    data: { name, organizationId: home },
    select: { id: true, organizationId: true },
  });
  await giveAddress(tx, { contactId: contact.id, address, primary: true, taughtById });
  await audit(tx, actor, { act: "contact_created", subject: contact.id, details: { organizationId: home } });
  return contact;
}

/** An address belongs to one contact; the database has the last word, and we say whose it is. */
export async function giveAddress(
  tx: DeskTransaction,
  { address, ...rest }: { contactId: string; address: string; primary: boolean; taughtById?: string | undefined },
) {
  const canonical = canonicalAddress(address);
  if (!canonical) throw problem(422, "no_address", `${address} is no e-mail address that everybody reads alike.`);
  const data = { ...rest, address: canonical, taughtById: rest.taughtById ?? null };
  await rememberDomains(tx, [canonical]);
  const { count } = await tx.contactAddress.createMany({ data: [data], skipDuplicates: true });
  if (count === 1) {
    await tx.formerAddress.deleteMany({ where: { address: canonical, contactId: rest.contactId } });
    return;
  }

  const { contact } = await tx.contactAddress.findUniqueOrThrow({
    where: { address: canonical },
    select: { contact: { select: { id: true, name: true, organization: { select: { name: true } } } } },
  });
  if (contact.id === rest.contactId) return;
  const whose =
    contact.organization.name === contact.name ? contact.name : `${contact.name} (${contact.organization.name})`;
  throw conflict("address_taken", `${canonical} belongs to ${whose}. Choose that contact, or give another address.`, {
    contactId: contact.id,
  });
}

/** What a stranger's domain could be mistaken for. */
export async function rememberDomains(tx: DeskTransaction, addresses: string[]) {
  const domains = new Set(addresses.map((address) => registrable(domainOf(address))));
  const looks = [...domains].map(lookOf);
  await tx.$executeRaw`
    insert into known_domains (domain, look) select * from unnest(${[...domains]}::text[], ${looks}::text[])
    on conflict do nothing`;
}

async function existing(tx: DeskTransaction, id: string) {
  const organization = await tx.organization.findUnique({ where: { id }, select: { id: true, mergedIntoId: true } });
  if (!organization) throw notFound("This organization");
  return organization.mergedIntoId ?? organization.id;
}

async function newOrganization(tx: DeskTransaction, name: string, personal: boolean) {
  if (!personal) await refuseNamesake(tx, name);
  const { id } = await tx.organization.create({ data: { name, personal }, select: { id: true } });
  return id;
}

/** Two companies may share a name, but far more often somebody has overlooked the first. */
async function refuseNamesake(tx: DeskTransaction, name: string) {
  const namesake = await tx.organization.findFirst({
    where: { name: { equals: name, mode: "insensitive" }, personal: false, mergedIntoId: null },
    select: { id: true, name: true },
  });
  if (namesake)
    throw conflict(
      "organization_exists",
      `There is already an organization named ${namesake.name}. Choose it, or give the new one another name.`,
      { organizationId: namesake.id },
    );
}
