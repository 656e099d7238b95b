/** To whom a reply goes, and which mail it answers. */
import { z } from "zod";
import type { Prisma } from "../../prisma/generated/desk/client.ts";
import type { DeskTransaction } from "../desk/database.ts";
import { problem } from "../platform/problems.ts";

export type Recipient = { contactId: string; name: string; address: string; language: string };

const contact = {
  id: true,
  name: true,
  language: true,
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

type Contact = { id: string; name: string; language: string | null; organization: { language: string } };
const recipient = ({ id, name, language, organization }: Contact, address: string): Recipient => ({
  contactId: id,
  name,
  address,
  language: language ?? organization.language,
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
