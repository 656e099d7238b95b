/** Who may use the portal. */
import { isDeepStrictEqual } from "node:util";
import { type Admitted, admitted } from "./admitted.ts";
import type { DoorContext } from "./context.ts";
import { changePortal, lock, type PortalTransaction } from "./publisher.ts";
import { readContact, type ShownContact, type ShownOrganization } from "./shown.ts";

/**
 * Lets a contact in: he signs in at his own organization. On a ticket of another one (`ticketOf`) he is known by name,
 * for the secure links of that ticket.
 */
export async function admit(tx: PortalTransaction, there: Admitted, contact: ShownContact, ticketOf?: string) {
  const own = contact.organization.organizationId;
  await agreeOnCustomer(tx, there, contact, own);
  if (ticketOf && ticketOf !== own) await agreeOnCustomer(tx, there, contact, ticketOf);
  await agreeOnAddresses(tx, there, contact);
}

export async function agreeOnOrganization(
  tx: PortalTransaction,
  { organizations }: Admitted,
  organization: ShownOrganization,
) {
  const { organizationId, ...facts } = organization;
  if (!organizations.some((row) => isDeepStrictEqual(row, organization)))
    await tx.portalOrganization.upsert({
      where: { organizationId },
      create: organization,
      update: facts,
      select: { organizationId: true },
    });
}

async function agreeOnCustomer(
  tx: PortalTransaction,
  { customers }: Admitted,
  { contactId, name, language, formerAt }: ShownContact,
  organizationId: string,
) {
  const where = { organizationId_contactId: { organizationId, contactId } };
  const row = { organizationId, contactId, name, language, disabledAt: formerAt };
  if (!customers.some((there) => isDeepStrictEqual(there, row)))
    await tx.customer.upsert({ where, create: row, update: row, select: { contactId: true } });
}

/** A contact signs in with the addresses the desk knows. A lost address, or one that now is another contact's, ends its sessions. */
async function agreeOnAddresses(
  tx: PortalTransaction,
  known: Admitted,
  { contactId, organization, addresses }: ShownContact,
) {
  const { organizationId } = organization;
  const there = known.addresses.filter((row) => row.contactId === contactId || addresses.includes(row.address));
  const stays = (row: (typeof there)[number]) =>
    row.contactId === contactId && row.organizationId === organizationId && addresses.includes(row.address);

  await dropAddresses(
    tx,
    there.filter((row) => !stays(row)),
  );
  const kept = there.filter(stays);
  const fresh = addresses.filter((address) => !kept.some((row) => row.address === address));
  const isPrimary = (address: string) => address === addresses[0];
  if (fresh.length)
    await tx.customerAddress.createMany({
      data: fresh.map((address) => ({ address, organizationId, contactId, primary: isPrimary(address) })),
      skipDuplicates: true,
    });
  for (const { address, primary } of kept)
    if (primary !== isPrimary(address))
      await tx.customerAddress.updateMany({ where: { address, contactId }, data: { primary: isPrimary(address) } });
}

/** Of whom we saw them: meanwhile somebody else may have got one. */
async function dropAddresses(tx: PortalTransaction, rows: { address: string; contactId: string }[]) {
  if (rows.length === 0) return;
  const addresses = rows.map(({ address }) => address);
  await tx.customerAddress.deleteMany({
    where: { OR: rows.map(({ address, contactId }) => ({ address, contactId })) },
  });
  await tx.portalSession.deleteMany({ where: { account: { email: { in: addresses } } } });
}

/** Brings the portal into agreement with one contact: who is invited, or on a ticket in the portal, may sign in. */
export async function publishContact({ desk, publisher }: DoorContext, contactId: string) {
  await changePortal(publisher, async (tx) => {
    await lock(tx, `contact:${contactId}`);
    const found = await readContact(desk, contactId);
    const onTickets = await tx.ticketAccess.count({ where: { contactId } });
    if (!found || !(found.invited || onTickets > 0)) return disable(tx, contactId);
    const { organization } = found.contact;
    const there = await admitted(tx, { organizations: [organization], contacts: [found.contact] });
    await agreeOnOrganization(tx, there, organization);
    await admit(tx, there, found.contact);
    await forgetElsewhere(tx, found.contact);
    await agreeElsewhere(tx, found.contact);
  });
}

/** An organization in which he is no more, and of which he has no ticket, does not know him any longer. */
const forgetElsewhere = (tx: PortalTransaction, { contactId, organization }: ShownContact) => tx.$executeRaw`
  delete from customers c where contact_id = ${contactId}::uuid and organization_id <> ${organization.organizationId}::uuid
     and not exists (select from ticket_access a where a.organization_id = c.organization_id and a.contact_id = c.contact_id)`;

/** Where he is known for the tickets of others, he has no other way in than at home. */
const agreeElsewhere = (tx: PortalTransaction, { contactId, formerAt }: ShownContact) => tx.$executeRaw`
  update customers set disabled_at = ${formerAt}::timestamptz
   where contact_id = ${contactId}::uuid and disabled_at is distinct from ${formerAt}::timestamptz`;

/** Takes a contact's access away: at the next request there is no session, no address to sign in with and no link. */
async function disable(tx: PortalTransaction, contactId: string) {
  await dropAddresses(
    tx,
    await tx.customerAddress.findMany({ where: { contactId }, select: { address: true, contactId: true } }),
  );
  await tx.portalSecureLink.deleteMany({ where: { contactId } });
  await tx.customer.updateMany({ where: { contactId, disabledAt: null }, data: { disabledAt: new Date() } });
}
