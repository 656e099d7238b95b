/** What a contact has, given to another one and back, each kind in its own way. Rows that only point to it: `moves.ts`. */
import type { DeskTransaction } from "../database.ts";
import type { Merger } from "./moves.ts";

/** The other's primary address stays the primary one. */
export const moveAddresses = async (tx: DeskTransaction, { mergedId, intoId }: Merger) => {
  await tx.$executeRaw`
    with his as (select address, "primary" from contact_addresses where contact_id = ${mergedId}::uuid),
    moved as (
      update contact_addresses a set contact_id = ${intoId}::uuid, "primary" = his."primary" and not exists (
          select from contact_addresses own where own.contact_id = ${intoId}::uuid and own."primary")
      from his where a.address = his.address
    )
    insert into merger_moves (merged_id, kind, what, was)
    select ${mergedId}::uuid, 'address', address, jsonb_build_object('primary', "primary") from his`;
  await tx.$executeRaw`
    with moved as (
      update former_addresses f set contact_id = ${intoId}::uuid where contact_id = ${mergedId}::uuid
        and not exists (select from former_addresses own where own.address = f.address and own.contact_id = ${intoId}::uuid)
      returning address
    )
    insert into merger_moves (merged_id, kind, what) select ${mergedId}::uuid, 'former address', address from moved`;
};

export const moveAddressesBack = async (tx: DeskTransaction, { mergedId, intoId }: Merger) => {
  await tx.$executeRaw`
    update contact_addresses a set contact_id = ${mergedId}::uuid, "primary" = (m.was->>'primary')::boolean
      from merger_moves m where m.merged_id = ${mergedId}::uuid and m.kind = 'address'
       and a.address = m.what and a.contact_id = ${intoId}::uuid`;
  await tx.$executeRaw`
    update former_addresses a set contact_id = ${mergedId}::uuid
      from merger_moves m where m.merged_id = ${mergedId}::uuid and m.kind = 'former address'
       and a.address = m.what and a.contact_id = ${intoId}::uuid`;
};

/** A ticket is a matter of its requester's organization. Whoever has it open sees that it changed. */
export const moveTickets = (
  tx: DeskTransaction,
  { mergedId, intoId }: Merger,
  organization: { from: string; to: string },
) => tx.$executeRaw`
  with his as (select id, organization_id from tickets where requester_id = ${mergedId}::uuid for update),
  moved as (
    update tickets t set requester_id = ${intoId}::uuid, organization_id = ${organization.to}::uuid, version = version + 1
    from his where t.id = his.id
  )
  insert into merger_moves (merged_id, kind, what, was)
  select ${mergedId}::uuid, 'ticket', id, jsonb_build_object('organizationId', nullif(organization_id, ${organization.from}::uuid))
    from his`;

/** To where its requester is now; a ticket that was in another organization, to there, or to what that one became. */
export const moveTicketsBack = (tx: DeskTransaction, { mergedId, intoId }: Merger) => tx.$executeRaw`
  update tickets t set requester_id = ${mergedId}::uuid, version = version + 1,
         organization_id = (select coalesce(o.merged_into_id, o.id) from organizations o
                             where o.id = coalesce((m.was->>'organizationId')::uuid, c.organization_id))
    from merger_moves m, contacts c
   where m.merged_id = ${mergedId}::uuid and m.kind = 'ticket' and c.id = m.merged_id and t.id = m.what::uuid and t.requester_id = ${intoId}::uuid`;

/** Nobody takes part in a ticket twice: where the other one does already, the first one's part is kept for the undoing. */
export const moveParticipations = (tx: DeskTransaction, { mergedId, intoId }: Merger) => tx.$executeRaw`
  with his as (
    select p.ticket_id, p.because, p.added_at,
      exists (select from participants q where q.ticket_id = p.ticket_id and q.contact_id = ${intoId}::uuid) as twice
    from participants p where p.contact_id = ${mergedId}::uuid
  ), moved as (
    update participants p set contact_id = ${intoId}::uuid from his
     where p.ticket_id = his.ticket_id and p.contact_id = ${mergedId}::uuid and not his.twice
  ), dropped as (
    delete from participants p using his
     where p.ticket_id = his.ticket_id and p.contact_id = ${mergedId}::uuid and his.twice
  )
  insert into merger_moves (merged_id, kind, what, was)
  select ${mergedId}::uuid, case when twice then 'second participation' else 'participation' end, ticket_id,
    jsonb_build_object('because', because, 'addedAt', added_at) from his`;

export const moveParticipationsBack = async (tx: DeskTransaction, { mergedId, intoId }: Merger) => {
  await tx.$executeRaw`
    update participants p set contact_id = ${mergedId}::uuid
      from merger_moves m where m.merged_id = ${mergedId}::uuid and m.kind = 'participation'
       and p.ticket_id = m.what::uuid and p.contact_id = ${intoId}::uuid
       and not exists (select from participants q where q.ticket_id = p.ticket_id and q.contact_id = ${mergedId}::uuid)`;
  await tx.$executeRaw`
    insert into participants (ticket_id, contact_id, because, added_at)
    select t.id, ${mergedId}::uuid, m.was->>'because', (m.was->>'addedAt')::timestamptz
      from merger_moves m join tickets t on t.id = m.what::uuid
     where m.merged_id = ${mergedId}::uuid and m.kind = 'second participation'
    on conflict do nothing`;
};

/** Who might sign in to the portal still may, under the other's name. */
export const moveInvitation = (tx: DeskTransaction, { mergedId, intoId }: Merger) => tx.$executeRaw`
  with invited as (
    update contacts c set invited_at = his.invited_at, invited_by_id = his.invited_by_id
      from contacts his where his.id = ${mergedId}::uuid and his.invited_at is not null
       and c.id = ${intoId}::uuid and c.invited_at is null returning c.id
  )
  insert into merger_moves (merged_id, kind, what) select ${mergedId}::uuid, 'invitation', id from invited`;

export const moveInvitationBack = (tx: DeskTransaction, { mergedId, intoId }: Merger) => tx.$executeRaw`
  update contacts c set invited_at = null, invited_by_id = null
    from merger_moves m, contacts his
   where m.merged_id = ${mergedId}::uuid and m.kind = 'invitation' and his.id = ${mergedId}::uuid
     and c.id = ${intoId}::uuid and c.id = m.what::uuid and c.invited_at = his.invited_at`;
