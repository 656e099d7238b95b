/** Two contacts turn out to be one person. Nothing is lost by it: undoing moves back what the merger moved. */
import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { conflict, notFound } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext, Asking } from "../context.ts";
import { ContactDetail, Id } from "../contract/people.ts";
import { type DeskTransaction, transact } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { contactDetail } from "./detail.ts";
import { forgetMoves, type Merger, moveAll, moveAllBack, pointersToContact, refuseItself } from "./moves.ts";
import { publishTicketsOf } from "./publish-tickets-of.ts";

export const mergeContact = endpoint({
  summary: "Says that a contact is the same person as another one, who gets all that the first one had.",
  status: 201,
  input: z.strictObject({ contactId: Id, intoId: Id }),
  output: ContactDetail,
  run: ({ contactId: mergedId, intoId }, { desk, queue, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      await mergeContacts(tx, queue, { mergedId, intoId }, asking);
      return contactDetail(tx, intoId);
    }),
});

export const unmergeContact = endpoint({
  summary: "Undoes a merger: what it moved goes back, what came later stays where it is.",
  input: z.strictObject({ contactId: Id }),
  output: ContactDetail,
  run: ({ contactId: mergedId }, { desk, queue, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      await undoMerger(tx, queue, mergedId, asking);
      return contactDetail(tx, mergedId);
    }),
});

export async function mergeContacts(tx: DeskTransaction, queue: DeskQueue, merger: Merger, asking: Asking) {
  refuseItself(merger);
  const { mergedId, intoId } = merger;
  const { merged, into } = await lockBoth(tx, merger);
  if (merged.mergedIntoId) throw conflict("merged_already", `${merged.name} has been merged already. Undo that first.`);
  if (into.mergedIntoId)
    throw conflict("merged_already", `${into.name} has been merged into another contact. Choose that one.`);

  await tx.contact.update({
    where: { id: mergedId },
    data: { mergedIntoId: intoId, mergedAt: new Date(), mergedById: asking.agent.id },
    select: { id: true },
  });
  await moveAddresses(tx, merger);
  await moveTickets(tx, merger, { from: merged.organizationId, to: into.organizationId });
  await moveParticipations(tx, merger);
  await moveInvitation(tx, merger);
  await moveAll(tx, pointersToContact, merger);
  await audit(tx, asking, { act: "contact_merged", subject: mergedId, details: { intoId } });
  await bringPortalUpToDate(tx, queue, merger);
}

async function undoMerger(tx: DeskTransaction, queue: DeskQueue, mergedId: string, asking: Asking) {
  const known = await tx.contact.findUnique({ where: { id: mergedId }, select: { mergedIntoId: true } });
  if (!known) throw notFound("This contact");
  const { merged } = await lockBoth(tx, { mergedId, intoId: known.mergedIntoId ?? mergedId });
  const intoId = merged.mergedIntoId;
  if (!intoId) throw conflict("not_merged", `${merged.name} is not merged into anybody.`);

  const merger = { mergedId, intoId };
  await bringPortalUpToDate(tx, queue, merger);
  await tx.contact.update({
    where: { id: mergedId },
    data: { mergedIntoId: null, mergedAt: null, mergedById: null },
    select: { id: true },
  });
  await moveAllBack(tx, pointersToContact, merger);
  await moveInvitationBack(tx, merger);
  await moveParticipationsBack(tx, merger);
  await moveTicketsBack(tx, merger);
  await moveAddressesBack(tx, merger);
  await forgetMoves(tx, mergedId);
  await audit(tx, asking, { act: "contact_merger_undone", subject: mergedId, details: { intoId } });
}

type Locked = { id: string; name: string; organizationId: string; mergedIntoId: string | null };

/** Both until the transaction ends, in one order for everybody, so that two mergers cannot cross each other. */
async function lockBoth(tx: DeskTransaction, { mergedId, intoId }: Merger) {
  const rows = await tx.$queryRaw<Locked[]>`
    select id, name, organization_id as "organizationId", merged_into_id as "mergedIntoId" from contacts
     where id in (${mergedId}::uuid, ${intoId}::uuid) order by id for no key update`;
  const merged = rows.find(({ id }) => id === mergedId);
  const into = rows.find(({ id }) => id === intoId);
  if (!merged || !into) throw notFound("This contact");
  return { merged, into };
}

/** The other's primary address stays the primary one. */
const moveAddresses = async (tx: DeskTransaction, { mergedId, intoId }: Merger) => {
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

const moveAddressesBack = async (tx: DeskTransaction, { mergedId, intoId }: Merger) => {
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
const moveTickets = (
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
const moveTicketsBack = (tx: DeskTransaction, { mergedId, intoId }: Merger) => tx.$executeRaw`
  update tickets t set requester_id = ${mergedId}::uuid, version = version + 1,
         organization_id = (select coalesce(o.merged_into_id, o.id) from organizations o
                             where o.id = coalesce((m.was->>'organizationId')::uuid, c.organization_id))
    from merger_moves m, contacts c
   where m.merged_id = ${mergedId}::uuid and m.kind = 'ticket' and c.id = m.merged_id and t.id = m.what::uuid and t.requester_id = ${intoId}::uuid`;

/** Nobody takes part in a ticket twice: where the other one does already, the first one's part is kept for the undoing. */
const moveParticipations = (tx: DeskTransaction, { mergedId, intoId }: Merger) => tx.$executeRaw`
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

const moveParticipationsBack = async (tx: DeskTransaction, { mergedId, intoId }: Merger) => {
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
const moveInvitation = (tx: DeskTransaction, { mergedId, intoId }: Merger) => tx.$executeRaw`
  with invited as (
    update contacts c set invited_at = his.invited_at, invited_by_id = his.invited_by_id
      from contacts his where his.id = ${mergedId}::uuid and his.invited_at is not null
       and c.id = ${intoId}::uuid and c.invited_at is null returning c.id
  )
  insert into merger_moves (merged_id, kind, what) select ${mergedId}::uuid, 'invitation', id from invited`;

const moveInvitationBack = (tx: DeskTransaction, { mergedId, intoId }: Merger) => tx.$executeRaw`
  update contacts c set invited_at = null, invited_by_id = null
    from merger_moves m, contacts his
   where m.merged_id = ${mergedId}::uuid and m.kind = 'invitation' and his.id = ${mergedId}::uuid
     and c.id = ${intoId}::uuid and c.id = m.what::uuid and c.invited_at = his.invited_at`;

/** Both rooms know the same people: who signs in as whom, and whose tickets are where. Before undoing as after merging. */
async function bringPortalUpToDate(tx: DeskTransaction, queue: DeskQueue, { mergedId, intoId }: Merger) {
  for (const contactId of [mergedId, intoId])
    await queue.enqueue(tx, "publish-contact", { contactId }, { key: contactId });
  await publishTicketsOf(tx, queue, mergedId);
}
