/** Two organizations turn out to be one company. Undoing moves back what the merger moved. */
import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { conflict, notFound } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext, Asking } from "../context.ts";
import { Id, OrganizationDetail } from "../contract/people.ts";
import { type DeskTransaction, transact } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { forgetMoves, type Merger, moveAll, moveAllBack, pointersToOrganization, refuseItself } from "./moves.ts";
import { organizationDetail } from "./organization.ts";
import { publishTicketsOf } from "./publish-tickets-of.ts";

export const mergeOrganization = endpoint({
  summary:
    "Says that an organization is the same company as another one, which gets its contacts, tickets and domains.",
  status: 201,
  input: z.strictObject({ organizationId: Id, intoId: Id }),
  output: OrganizationDetail,
  run: ({ organizationId: mergedId, intoId }, { desk, queue, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      await merge(tx, queue, { mergedId, intoId }, asking);
      return organizationDetail(tx, intoId);
    }),
});

export const unmergeOrganization = endpoint({
  summary: "Undoes a merger of organizations: what it moved goes back, what came later stays where it is.",
  input: z.strictObject({ organizationId: Id }),
  output: OrganizationDetail,
  run: ({ organizationId: mergedId }, { desk, queue, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      await undo(tx, queue, mergedId, asking);
      return organizationDetail(tx, mergedId);
    }),
});

async function merge(tx: DeskTransaction, queue: DeskQueue, merger: Merger, asking: Asking) {
  refuseItself(merger);
  const { mergedId, intoId } = merger;
  const { merged, into } = await lockBoth(tx, merger);
  if (merged.mergedIntoId) throw conflict("merged_already", `${merged.name} has been merged already. Undo that first.`);
  if (into.mergedIntoId)
    throw conflict("merged_already", `${into.name} has been merged into another organization. Choose that one.`);

  await tx.organization.update({
    where: { id: mergedId },
    data: { mergedIntoId: intoId, mergedAt: new Date(), mergedById: asking.agent.id },
    select: { id: true },
  });
  await moveAll(tx, pointersToOrganization, merger);
  await audit(tx, asking, { act: "organization_merged", subject: mergedId, details: { intoId } });
  await bringPortalUpToDate(tx, queue, mergedId);
}

async function undo(tx: DeskTransaction, queue: DeskQueue, mergedId: string, asking: Asking) {
  const known = await tx.organization.findUnique({ where: { id: mergedId }, select: { mergedIntoId: true } });
  if (!known) throw notFound("This organization");
  const { merged } = await lockBoth(tx, { mergedId, intoId: known.mergedIntoId ?? mergedId });
  const intoId = merged.mergedIntoId;
  if (!intoId) throw conflict("not_merged", `${merged.name} is not merged into another organization.`);

  await bringPortalUpToDate(tx, queue, mergedId);
  await tx.organization.update({
    where: { id: mergedId },
    data: { mergedIntoId: null, mergedAt: null, mergedById: null },
    select: { id: true },
  });
  await moveAllBack(tx, pointersToOrganization, { mergedId, intoId });
  await forgetMoves(tx, mergedId);
  await audit(tx, asking, { act: "organization_merger_undone", subject: mergedId, details: { intoId } });
}

type Locked = { id: string; name: string; mergedIntoId: string | null };

/** In one order for everybody, so that two mergers cannot cross each other. */
async function lockBoth(tx: DeskTransaction, { mergedId, intoId }: Merger) {
  const rows = await tx.$queryRaw<Locked[]>`
    select id, name, merged_into_id as "mergedIntoId" from organizations
     where id in (${mergedId}::uuid, ${intoId}::uuid) order by id for no key update`;
  const merged = rows.find(({ id }) => id === mergedId);
  const into = rows.find(({ id }) => id === intoId);
  if (!merged || !into) throw notFound("This organization");
  return { merged, into };
}

/** The portal is divided by organizations: everybody signs in anew, and every ticket is published in its new place. */
async function bringPortalUpToDate(tx: DeskTransaction, queue: DeskQueue, mergedId: string) {
  const contacts = await tx.mergerMove.findMany({ where: { mergedId, kind: "contact" }, select: { what: true } });
  await queue.enqueueAll(
    tx,
    "publish-contact",
    contacts.map(({ what: contactId }) => ({ data: { contactId }, key: contactId })),
  );
  await publishTicketsOf(tx, queue, mergedId);
}
