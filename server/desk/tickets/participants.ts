import { canonicalAddress } from "../../platform/mail-address.ts";
import { notFound } from "../../platform/problems.ts";
import { createContact } from "../contacts/create.ts";
import type { Asking } from "../context.ts";
import type { OpenTicket } from "../contract/tickets.ts";
import type { DeskTransaction } from "../database.ts";
import { domainOf, isFreeMail } from "../mail/matching/addresses.ts";

type Wish = OpenTicket["participants"][number];

/** The contacts whom an agent takes onto a ticket from the beginning; who was unknown becomes one. */
export async function participantsFrom(tx: DeskTransaction, wishes: Wish[], requesterId: string, asking: Asking) {
  const ids = new Set<string>();
  for (const wish of wishes)
    ids.add(
      "contactId" in wish
        ? await standingContact(tx, wish.contactId)
        : await known(tx, wish.newContact, requesterId, asking),
    );
  ids.delete(requesterId);
  return [...ids];
}

/** The contact, or whom he turned out to be. */
export async function standingContact(tx: DeskTransaction, id: string) {
  const contact = await tx.contact.findUnique({ where: { id }, select: { id: true, mergedIntoId: true } });
  if (!contact) throw notFound("This contact");
  return contact.mergedIntoId ?? contact.id;
}

/** A colleague of the requester by the domain of their addresses; otherwise somebody of his own. */
async function known(
  tx: DeskTransaction,
  { name, address }: { name: string; address: string },
  requesterId: string,
  asking: Asking,
) {
  const there = await tx.contactAddress.findUnique({
    where: { address: canonicalAddress(address) ?? "" },
    select: { contactId: true },
  });
  if (there) return there.contactId;
  const requester = await tx.contact.findUnique({
    where: { id: requesterId },
    select: { organizationId: true, addresses: { select: { address: true } } },
  });
  const domain = domainOf(address);
  const colleague = !isFreeMail(domain) && requester?.addresses.some((own) => domainOf(own.address) === domain);
  const home = colleague && requester ? { organizationId: requester.organizationId } : {};
  return (await createContact(tx, { name, address, ...home, taughtById: asking.agent.id }, asking)).id;
}
