import { z } from "zod";
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { canonicalAddress } from "../../platform/mail-address.ts";
import { contactsWhere } from "../contacts/view.ts";
import { type AlsoAddressed, NamedAddress } from "../contract/mails.ts";
import type { Desk } from "../database.ts";
import { withoutPlusTag } from "./matching/addresses.ts";

/** A mail to more people is a mailing, and nobody chooses among them. */
const most = 20;

export const Addressed = z.object({
  to: z.array(NamedAddress).default([]),
  cc: z.array(NamedAddress).default([]),
});
type Addressed = z.infer<typeof Addressed>;

/**
 * Who else a mail went to, ours left out: whom an agent may take onto the ticket. Of a forwarded mail, those to whom the
 * original went. Anybody can write any address there, so nobody takes part by it alone.
 */
export async function alsoAddressed(desk: Desk, { to, cc }: Addressed, author: string): Promise<AlsoAddressed[]> {
  const named = new Map([...to, ...cc].map(({ name, address }) => [canonicalAddress(address) ?? "", name]));
  for (const nobody of ["", canonicalAddress(author) ?? ""]) named.delete(nobody);
  if (named.size === 0 || named.size > most) return [];

  const addresses = [...named.keys()];
  const ours = await ownAmong(desk, addresses);
  const contacts = await contactsWhere(
    desk,
    Prisma.sql`c.id in (select contact_id from contact_addresses where address = any(${addresses}))`,
  );
  const others = addresses.filter((address) => !ours.has(address) && !ours.has(withoutPlusTag(address) ?? ""));
  return others.map((address) => ({
    address: { name: named.get(address) ?? "", address },
    contact: contacts.find((contact) => contact.addresses.includes(address)) ?? null,
  }));
}

async function ownAmong(desk: Desk, addresses: string[]) {
  const asked = addresses.flatMap((address) => [address, withoutPlusTag(address) ?? address]);
  const rows = await desk.$queryRaw<{ address: string }[]>`
    select lower(address) as address from mailboxes union select lower(address) from agents where lower(address) = any(${asked})`;
  return new Set(rows.map(({ address }) => address));
}
