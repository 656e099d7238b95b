/**
 * What points to one contact or organization and is to point to another: moved, and written down row by row, so that
 * undoing moves back just that. What was changed since stays as it is.
 */
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { problem } from "../../platform/problems.ts";
import type { DeskTransaction } from "../database.ts";

export type Pointer = {
  kind: string;
  table: string;
  column: string;
  /** SQL over the table that names a row for good. */
  key: string;
  /** SQL over the table: what stays when the rest goes back. */
  stays?: string;
};

/** Where a contact stands with nothing more to it than that. */
export const pointersToContact: Pointer[] = [
  { kind: "entry", table: "entries", column: "contact_id", key: "id" },
  { kind: "link", table: "secure_links", column: "contact_id", key: "id" },
  { kind: "crm link", table: "crm_links", column: "contact_id", key: "source_id || ' ' || external_id" },
  { kind: "crm writing", table: "crm_writings", column: "contact_id", key: "id" },
  { kind: "merged", table: "contacts", column: "merged_into_id", key: "id" },
];

export const pointersToOrganization: Pointer[] = [
  { kind: "contact", table: "contacts", column: "organization_id", key: "id" },
  {
    ...{ kind: "ticket", table: "tickets", column: "organization_id", key: "id" },
    // Its requester may have become another contact since: a ticket is where its requester is.
    stays: "exists (select from contacts c where c.id = requester_id and c.organization_id = tickets.organization_id)",
  },
  { kind: "domain", table: "organization_domains", column: "organization_id", key: "domain" },
  { kind: "crm link", table: "crm_links", column: "organization_id", key: "source_id || ' ' || external_id" },
  { kind: "merged", table: "organizations", column: "merged_into_id", key: "id" },
];

export type Merger = { mergedId: string; intoId: string };

export function refuseItself({ mergedId, intoId }: Merger) {
  if (mergedId === intoId) throw problem(422, "same", "This is one and the same already. Choose another one.");
}

export async function moveAll(tx: DeskTransaction, pointers: Pointer[], { mergedId, intoId }: Merger) {
  for (const { kind, table, column, key } of pointers) {
    const [rows, pointing, name] = [table, column, key].map(Prisma.raw);
    await tx.$executeRaw`
      with moved as (
        update ${rows} set ${pointing} = ${intoId}::uuid where ${pointing} = ${mergedId}::uuid returning (${name})::text as what
      )
      insert into merger_moves (merged_id, kind, what) select ${mergedId}::uuid, ${kind}, what from moved`;
  }
}

/** Only what still points to where the merger moved it. */
export async function moveAllBack(tx: DeskTransaction, pointers: Pointer[], { mergedId, intoId }: Merger) {
  for (const { kind, table, column, key, stays = "false" } of pointers) {
    const [rows, pointing, name, remains] = [table, column, key, stays].map(Prisma.raw);
    await tx.$executeRaw`
      update ${rows} set ${pointing} = ${mergedId}::uuid
       where ${pointing} = ${intoId}::uuid and not ${remains}
         and (${name})::text in (select what from merger_moves where merged_id = ${mergedId}::uuid and kind = ${kind})`;
  }
}

export const forgetMoves = (tx: DeskTransaction, mergedId: string) => tx.mergerMove.deleteMany({ where: { mergedId } });
