/** Two contacts turn out to be one person. Nothing is lost by it: undoing moves back what the merger moved. */
import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { conflict, notFound } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext, Asking } from "../context.ts";
import { ContactDetail, Id } from "../contract/people.ts";
import { type DeskTransaction, transact } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { agreeOnFormer } from "./agree-on-former.ts";
import {
  moveAddresses,
  moveAddressesBack,
  moveInvitation,
  moveInvitationBack,
  moveParticipations,
  moveParticipationsBack,
  moveTickets,
  moveTicketsBack,
} from "./contact-moves.ts";
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
  await agreeOnFormer(tx, merger);
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
  await agreeOnFormer(tx, merger);
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

/** Both rooms know the same people: who signs in as whom, and whose tickets are where. Before undoing as after merging. */
async function bringPortalUpToDate(tx: DeskTransaction, queue: DeskQueue, { mergedId, intoId }: Merger) {
  for (const contactId of [mergedId, intoId])
    await queue.enqueue(tx, "publish-contact", { contactId }, { key: contactId });
  await publishTicketsOf(tx, queue, mergedId);
}
