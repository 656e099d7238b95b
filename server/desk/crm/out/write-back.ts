/**
 * Tells a CRM what agents taught here, exactly once: the intent is a row, the CRM is looked at before anything is written,
 * what is written names its row and version, and what came of it is recorded. After a crash the next one looks again.
 */
import { z } from "zod";
import { audit } from "../../audit.ts";
import type { DeskContext } from "../../context.ts";
import { type Desk, type DeskTransaction, transact } from "../../database.ts";
import { type CrmContact, CrmTrouble, type CrmWriter } from "../source.ts";
import { readState } from "../state.ts";
import { noteCrmTrouble } from "../trouble.ts";

const Writing = z.object({
  id: z.string(),
  contactId: z.string(),
  address: z.string().nullable(),
  attempts: z.number(),
});
type Writing = z.infer<typeof Writing>;

/** Carries out what is due, one after the other. */
export async function writeBack({ desk }: Pick<DeskContext, "desk">, writer: CrmWriter, until: Date) {
  while (Date.now() < until.getTime()) {
    const writing = await takeNext(desk, writer.id);
    if (!writing) return;
    try {
      await carryOut(desk, writer, writing);
    } catch (error) {
      if (!(error instanceof CrmTrouble)) throw error;
      await putOff(desk, writing, error.retryAt);
      if (error.kind === "lasting") await noteCrmTrouble(desk, writer.id, error.message);
      return;
    }
  }
}

/** Whoever holds it has so long; then another may look and go on. */
const leaseMs = 5 * 60_000;

async function takeNext(desk: Desk, sourceId: string): Promise<Writing | undefined> {
  const rows = await desk.$queryRaw`
    update crm_writings set due_at = ${new Date(Date.now() + leaseMs)}, attempts = attempts + 1
     where id = (select id from crm_writings
                  where source_id = ${sourceId} and state = 'waiting' and due_at <= ${new Date()}
                  order by due_at limit 1 for update skip locked)
    returning id, contact_id as "contactId", address, attempts`;
  return z.array(Writing).parse(rows)[0];
}

async function carryOut(desk: Desk, writer: CrmWriter, writing: Writing) {
  const person = await whoItIs(desk, writer.id, writing.contactId);
  const isOthers = async (externalId: string) =>
    (await desk.crmLink.count({
      where: { sourceId: writer.id, kind: "contact", externalId, contactId: { not: person.id } },
    })) > 0;
  const written = await writer.bring({ ...person, taught: writing.address, isOthers });
  await transact(desk, async (tx) => {
    if ("externalId" in written && !person.externalId) await link(tx, writer.id, person.id, written.said);
    await tx.crmWriting.update({
      where: { id: writing.id },
      data:
        "externalId" in written
          ? { state: "done", doneAt: new Date() }
          : { state: "refused", because: written.refused, doneAt: new Date() },
      select: { id: true },
    });
    const act = "externalId" in written ? "crm_told" : "crm_not_told";
    await audit(tx, { rule: `${writer.id} learns what agents teach` }, { act, subject: person.id });
  });
}

const Person = z.object({
  id: z.string(),
  name: z.string(),
  addresses: z.array(z.string()),
  /** Its own record there, and its company's. */
  externalId: z.string().nullable(),
  organization: z.string().nullable(),
});

/** The contact, or the one whom it was merged into meanwhile. */
async function whoItIs(desk: Desk, sourceId: string, contactId: string) {
  const rows = await desk.$queryRaw`
    with recursive same as (
      select id, merged_into_id from contacts where id = ${contactId}::uuid
      union select c.id, c.merged_into_id from contacts c join same on c.id = same.merged_into_id)
    select c.id, c.name,
      (select coalesce(jsonb_agg(a.address order by a."primary" desc, a.created_at, a.address), '[]')
         from contact_addresses a where a.contact_id = c.id) as addresses,
      (select min(l.external_id) from crm_links l
        where l.contact_id = c.id and l.source_id = ${sourceId} and l.gone_at is null) as "externalId",
      (select min(l.external_id) from crm_links l
        where l.organization_id = c.organization_id and l.source_id = ${sourceId} and l.gone_at is null) as organization
      from same join contacts c on c.id = same.id where same.merged_into_id is null`;
  return z.tuple([Person]).parse(rows)[0];
}

/** What we wrote comes back with the next changes, and says nothing new. */
async function link(tx: DeskTransaction, sourceId: string, contactId: string, said: CrmContact) {
  const { round } = await readState(tx, { id: sourceId, complete: true });
  const { organizationId } = await tx.contact.findUniqueOrThrow({
    where: { id: contactId },
    select: { organizationId: true },
  });
  const wrote = { name: said.name, ...(said.organization && { organizationId }), addresses: [] };
  await tx.crmLink.createMany({
    data: [{ sourceId, kind: "contact", externalId: said.externalId, contactId, said, wrote, round }],
    skipDuplicates: true,
  });
}

/** Twice as long each time, up to five minutes, or as the CRM asked. */
const putOff = (desk: Desk, { id, attempts }: Writing, retryAt: Date | null) =>
  transact(desk, (tx) =>
    tx.crmWriting.update({
      where: { id },
      data: { dueAt: retryAt ?? new Date(Date.now() + Math.min(2 ** attempts * 1000, leaseMs)) },
      select: { id: true },
    }),
  );
