/** Among whom a customer's words belong when tickets of different people were merged. */
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import type { DeskTransaction } from "../database.ts";
import type { Place, Way } from "../tickets/place.ts";

/** A contact, and on which tickets of the way he takes part beside their requesters. */
export type Author = { id: string; organizationId: string; takesPartIn: string[] };

/** From the alias `c` (contacts). */
export const authorJson = (way: Way) => Prisma.sql`json_build_object('id', c.id, 'organizationId', c.organization_id,
  'takesPartIn', array(select p.ticket_id from participants p
    where p.contact_id = c.id and p.ticket_id = any(${way.map(({ id }) => id)}::uuid[])))`;

export async function findAuthor(tx: DeskTransaction, contactId: string, way: Way): Promise<Author | null> {
  const [found] = await tx.$queryRaw<{ author: Author }[]>`
    select ${authorJson(way)} as author from contacts c where c.id = ${contactId}::uuid`;
  return found?.author ?? null;
}

export const isOnTicket = (ticket: Place, { id, takesPartIn }: Author) =>
  id === ticket.requesterId || takesPartIn.includes(ticket.id);

/**
 * A colleague of the requester who wrote to the ticket takes part from now on; somebody of another organization never by
 * writing alone, and nobody because an agent put a mail here: that is no release, and the requester might read it.
 */
export const mayTakePart = (ticket: Place, author: Author) =>
  !isOnTicket(ticket, author) && author.organizationId === ticket.organizationId;

/**
 * The ticket whose customers he belongs to: the nearest on the way that knows him, otherwise the one he wrote to. Nobody
 * sees what was released on another's ticket because an agent merged the two.
 */
export const homeOf = (way: Way, author: Author | null): Place =>
  way.findLast((ticket) => author !== null && isOnTicket(ticket, author)) ?? way[0];

/** A fact of the entry: his words show on his home, not where they are filed. */
export const wroteOn = (home: Place, place: Place) => (home.id === place.id ? {} : { wroteOn: home.id });
