/** To whom a reply goes, and which mail it answers. */
import { z } from "zod";
import type { Prisma } from "../../prisma/generated/desk/client.ts";
import type { DeskTransaction } from "../desk/database.ts";
import { notFound, problem } from "../platform/problems.ts";

export type Recipient = {
  contactId: string;
  name: string;
  address: string;
  language: string;
  /** Whether the CRM has deleted him: an answer reaches him, the portal is closed. */
  former: boolean;
};

const contact = {
  id: true,
  name: true,
  language: true,
  formerAt: true,
  organization: { select: { language: true } },
  addresses: { select: { address: true }, orderBy: [{ primary: "desc" }, { createdAt: "asc" }] },
} satisfies Prisma.ContactSelect;

/** The requester, and of the ticket's contacts those whose addresses are named. Reply-To and Cc of a mail choose nobody. */
export async function recipientsOf(tx: DeskTransaction, ticketId: string, cc: readonly string[]) {
  const { requester, participants } = await tx.ticket.findUniqueOrThrow({
    where: { id: ticketId },
    select: { requester: { select: contact }, participants: { select: { contact: { select: contact } } } },
  });
  const known = [requester, ...participants.map((participant) => participant.contact)];
  const to = await addressFor(tx, ticketId, requester.id, requester.addresses);
  const named = [...new Set(cc.map((address) => address.toLowerCase()))].filter((address) => address !== to);
  return {
    to: to ? recipient(requester, to) : null,
    cc: named.map((address) => {
      const whose = known.find(({ addresses }) => addresses.some((own) => own.address === address));
      if (!whose)
        throw problem(
          422,
          "unknown_recipient",
          `${address} is not on this ticket. Add this contact to the ticket first.`,
        );
      return recipient(whose, address);
    }),
  };
}

/**
 * Contacts whom an agent chose one by one. What is for the customer goes to people of the ticket only: they are those who
 * see it in the portal.
 */
export async function recipientsNamed(
  tx: DeskTransaction,
  ticketId: string,
  contactIds: readonly string[],
  onTicketOnly: boolean,
): Promise<[Recipient, ...Recipient[]]> {
  const { requesterId, participants } = await tx.ticket.findUniqueOrThrow({
    where: { id: ticketId },
    select: { requesterId: true, participants: { select: { contactId: true } } },
  });
  const onTicket = new Set([requesterId, ...participants.map(({ contactId }) => contactId)]);
  const ids = [...new Set(contactIds)];
  const contacts = await tx.contact.findMany({ where: { id: { in: ids } }, select: contact });
  const recipients: Recipient[] = [];
  for (const id of ids) {
    const found = contacts.find((one) => one.id === id);
    if (!found) throw notFound("This contact");
    if (onTicketOnly && !onTicket.has(id))
      throw problem(
        422,
        "unknown_recipient",
        `${found.name} is not on this ticket. Write to ${found.name} internally, or add this contact to the ticket first.`,
      );
    const address = await addressFor(tx, ticketId, id, found.addresses);
    if (!address) throw problem(422, "no_address", `${found.name} has no address. Add one to the contact first.`);
    recipients.push(recipient(found, address));
  }
  const [first, ...others] = recipients;
  if (!first) throw problem(422, "unknown_recipient", "Choose to whom it goes.");
  return [first, ...others];
}

type Contact = {
  id: string;
  name: string;
  language: string | null;
  formerAt: Date | null;
  organization: { language: string };
};
const recipient = ({ id, name, language, formerAt, organization }: Contact, address: string): Recipient => ({
  contactId: id,
  name,
  address,
  language: language ?? organization.language,
  former: formerAt !== null,
});

/** A person with two addresses is answered at the one written from last. */
async function addressFor(tx: DeskTransaction, ticketId: string, contactId: string, own: { address: string }[]) {
  const last = await tx.message.findFirst({
    where: { ticketId, outgoing: false, fromAddress: { in: own.map(({ address }) => address) }, entry: { contactId } },
    select: { fromAddress: true },
    orderBy: { receivedAt: "desc" },
  });
  return last?.fromAddress ?? own[0]?.address ?? null;
}

/** The newest mail of a contact on the ticket: our answer goes into its thread. */
export async function mailToAnswer(tx: DeskTransaction, ticketId: string, contactIds: readonly string[]) {
  const entry = await tx.entry.findFirst({
    where: {
      ticketId,
      kind: "mail_received",
      contactId: { in: [...contactIds] },
      message: { outgoing: false, kind: "message", authentication: { path: ["verdict"], equals: "pass" } },
    },
    select: { messageId: true },
    orderBy: { at: "desc" },
  });
  return entry?.messageId ?? null;
}

const Mail = z.object({
  to: z.array(z.object({ address: z.string() })),
  cc: z.array(z.object({ address: z.string() })),
});

/** Everybody to whom a kept mail goes. */
export function addressesOf(mail: unknown): string[] {
  const { to, cc } = Mail.parse(mail);
  return [...to, ...cc].map(({ address }) => address);
}
