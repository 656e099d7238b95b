/**
 * Who may see which ticket: the one place.
 * A ticket is visible to a customer who has access to it; through a secure link, to that link's customer and that ticket only.
 */
import type { PortalDatabase } from "./database.ts";

/** Somebody who may read, as the database knew them at the beginning of this request. */
export type Viewer = {
  organizationId: string;
  contactId: string;
  /** Set for the holder of a secure link: nothing but this ticket. */
  onlyTicketId: string | null;
  name: string;
  /** The address that codes go to. */
  address: string;
  language: string | null;
  timeZone: string;
  statusLabels: Record<string, string | null>;
};

/** `$1` to `$3` are `seenBy(viewer)`; `a` is the access, `t` the ticket. Continue with `and …`. */
export const visibleTickets = `
  from ticket_access a
  join published_tickets t on t.organization_id = a.organization_id and t.ticket_id = a.ticket_id
  where a.organization_id = $1::uuid and a.contact_id = $2::uuid and ($3::uuid is null or a.ticket_id = $3::uuid)`;

export const seenBy = (viewer: Viewer) => [viewer.organizationId, viewer.contactId, viewer.onlyTicketId];

const customerColumns = `
  c.organization_id as "organizationId", c.contact_id as "contactId", c.name,
  coalesce(c.language, o.language) as language, o.time_zone as "timeZone", o.status_labels as "statusLabels"`;

/** A customer is whoever holds the session of an address that a customer, who was not disabled, may sign in with. */
export async function customerOfSession({ read }: PortalDatabase, token: string) {
  const [found] = await read<Viewer & { ages: boolean }>(
    "customer_of_session",
    `select ${customerColumns}, null as "onlyTicketId", ca.address, s.expires_at < now() + interval '11 hours 50 minutes' as ages
       from portal_sessions s
       join portal_accounts p on p.id = s.account_id
       join customer_addresses ca on ca.address = p.email
       join customers c on c.organization_id = ca.organization_id and c.contact_id = ca.contact_id
       join organizations o on o.organization_id = c.organization_id
      where s.token = $1 and s.expires_at > now() and s.created_at > now() - interval '30 days' and c.disabled_at is null`,
    [token],
  );
  return found ?? null;
}

const linkHolder = (by: "link_id = $1::uuid" | "secret_hash = $1") => `
  select ${customerColumns}, l.ticket_id as "onlyTicketId", l.link_id as "linkId",
         coalesce((select ca.address from customer_addresses ca where ca.contact_id = c.contact_id
                    order by ca."primary" desc, ca.address limit 1), '') as address
    from secure_links l
    join customers c on c.organization_id = l.organization_id and c.contact_id = l.contact_id
    join organizations o on o.organization_id = c.organization_id
    join ticket_access a on a.organization_id = l.organization_id and a.contact_id = l.contact_id and a.ticket_id = l.ticket_id
   where l.${by} and l.expires_at > now() and l.revoked_at is null and c.disabled_at is null`;

export type LinkHolder = Viewer & { linkId: string; onlyTicketId: string };

export async function holderOfLink({ read }: PortalDatabase, linkId: string) {
  const [found] = await read<LinkHolder>("holder_of_link", linkHolder("link_id = $1::uuid"), [linkId]);
  return found ?? null;
}

/** `secretHash`: sha256 of the link's secret, in hex. */
export async function holderOfSecret({ read }: PortalDatabase, secretHash: string) {
  const [found] = await read<LinkHolder>("holder_of_secret", linkHolder("secret_hash = $1"), [secretHash]);
  return found ?? null;
}
