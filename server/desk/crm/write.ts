/**
 * Makes in the desk what was worked out for a batch, a statement for each kind of row. The rows travel as one JSON value:
 * a statement whose text grew with the batch would be prepared anew, and kept, for every size.
 */
import { rememberDomains } from "../contacts/create.ts";
import type { DeskTransaction } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import type { Batch } from "./batch.ts";
import { type Address, namesOf } from "./known.ts";
import type { CrmChange } from "./source.ts";

/** Somebody else has given away an address or a domain meanwhile: the batch has to be worked out anew. */
export class Overtaken extends Error {}

export async function write(
  tx: DeskTransaction,
  queue: Pick<DeskQueue, "enqueueAll">,
  batch: Batch,
  changes: CrmChange[],
) {
  await writeOrganizations(tx, batch);
  await writeDomains(tx, batch);
  await writeContacts(tx, batch);
  await writeAddresses(tx, batch);
  await writeLinks(tx, batch);
  await writeConflicts(tx, batch, changes);
  await clearAway(tx, batch);
  await writeAudit(tx, batch);
  await tellPortal(tx, queue, batch);
}

type Rows<Row> = { fresh: Row[]; changed: Row[]; dropped: Row[] };

function sorted<Row extends { isNew?: true; changed?: true; dropped?: true }>(rows: Iterable<Row>): Rows<Row> {
  const all = [...rows];
  return {
    fresh: all.filter(({ isNew, dropped }) => isNew && !dropped),
    changed: all.filter(({ isNew, changed, dropped }) => changed && !isNew && !dropped),
    dropped: all.filter(({ isNew, dropped }) => dropped && !isNew),
  };
}

async function writeOrganizations(tx: DeskTransaction, { known }: Batch) {
  const { fresh, changed } = sorted(known.organizations.values());
  if (fresh.length)
    await tx.$executeRaw`
      insert into organizations (id, name, personal, language, time_zone, portal_scope)
      select id, name, personal, language, "timeZone", "portalScope"::"PortalScope"
        from jsonb_to_recordset(${json(fresh)}::jsonb)
          as n(id uuid, name text, personal boolean, language text, "timeZone" text, "portalScope" text)`;
  if (changed.length)
    await tx.$executeRaw`
      update organizations o
         set name = n.name, language = n.language, time_zone = n."timeZone", portal_scope = n."portalScope"::"PortalScope",
             former_at = n."formerAt"
        from jsonb_to_recordset(${json(changed)}::jsonb)
          as n(id uuid, name text, language text, "timeZone" text, "portalScope" text, "formerAt" timestamptz)
       where o.id = n.id`;
}

async function writeDomains(tx: DeskTransaction, { known }: Batch) {
  const { fresh, changed, dropped } = sorted(known.domains.values());
  if (dropped.length)
    await tx.$executeRaw`delete from organization_domains where domain = any(${dropped.map(({ domain }) => domain)}::text[])`;
  if (changed.length)
    await tx.$executeRaw`
      update organization_domains d set organization_id = n."organizationId"
        from jsonb_to_recordset(${json(changed)}::jsonb) as n(domain text, "organizationId" uuid) where d.domain = n.domain`;
  if (fresh.length === 0) return;
  const count = await tx.$executeRaw`
    insert into organization_domains (domain, organization_id)
    select domain, "organizationId" from jsonb_to_recordset(${json(fresh)}::jsonb) as n(domain text, "organizationId" uuid)
    on conflict do nothing`;
  if (count !== fresh.length) throw new Overtaken();
}

async function writeContacts(tx: DeskTransaction, { known }: Batch) {
  const { fresh, changed } = sorted(known.contacts.values());
  if (fresh.length)
    await tx.$executeRaw`
      insert into contacts (id, name, language, organization_id)
      select id, name, language, "organizationId"
        from jsonb_to_recordset(${json(fresh)}::jsonb) as n(id uuid, name text, language text, "organizationId" uuid)`;
  if (changed.length)
    await tx.$executeRaw`
      update contacts c
         set name = n.name, language = n.language, organization_id = n."organizationId", former_at = n."formerAt"
        from jsonb_to_recordset(${json(changed)}::jsonb)
          as n(id uuid, name text, language text, "organizationId" uuid, "formerAt" timestamptz)
       where c.id = n.id`;
}

async function writeAddresses(tx: DeskTransaction, { known }: Batch) {
  const { fresh, changed, dropped } = sorted(known.addresses.values());
  if (dropped.length)
    await tx.$executeRaw`delete from contact_addresses where address = any(${dropped.map(({ address }) => address)}::text[])`;
  if (changed.length)
    await tx.$executeRaw`
      update contact_addresses a
         set contact_id = n."contactId", "primary" = n."primary",
             taught_by_id = case when n.taught then a.taught_by_id end
        from jsonb_to_recordset(${json(changed)}::jsonb)
          as n(address text, "contactId" uuid, "primary" boolean, taught boolean)
       where a.address = n.address`;
  if (fresh.length) await giveAddresses(tx, fresh);
  await writeFormerAddresses(tx, known.addresses.values());
}

async function giveAddresses(tx: DeskTransaction, fresh: Address[]) {
  const count = await tx.$executeRaw`
    insert into contact_addresses (address, contact_id, "primary")
    select address, "contactId", "primary"
      from jsonb_to_recordset(${json(fresh)}::jsonb) as n(address text, "contactId" uuid, "primary" boolean)
    on conflict do nothing`;
  if (count !== fresh.length) throw new Overtaken();
  await rememberDomains(
    tx,
    fresh.map(({ address }) => address),
  );
}

/** Whose an address was is remembered: an old mail, or one from an old machine, still finds him. */
async function writeFormerAddresses(tx: DeskTransaction, addresses: Iterable<Address>) {
  const all = [...addresses];
  const ended = all.flatMap(({ address, endedFor, contactId, dropped, isNew }) =>
    endedFor && !isNew && (dropped || endedFor !== contactId) ? [{ address, contactId: endedFor }] : [],
  );
  if (ended.length) await tx.formerAddress.createMany({ data: ended, skipDuplicates: true });
  const current = all.filter(({ isNew, changed, dropped }) => (isNew || changed) && !dropped);
  if (current.length)
    await tx.$executeRaw`
      delete from former_addresses f
       using unnest(${current.map(({ address }) => address)}::text[], ${current.map(({ contactId }) => contactId)}::uuid[])
         as n(address, contact_id)
       where f.address = n.address and f.contact_id = n.contact_id`;
}

async function writeLinks(tx: DeskTransaction, { known, source, round }: Batch) {
  const changed = [...known.links.values()].filter((link) => link.changed);
  const rows = changed.map(({ said, ...link }) => ({ ...link, said, kind: said.kind }));
  if (rows.length)
    await tx.$executeRaw`
      insert into crm_links (source_id, kind, external_id, organization_id, contact_id, said, wrote, round, gone_at)
      select ${source.id}, kind::"CrmKind", "externalId", "organizationId", "contactId", said, wrote, round, "goneAt"
        from jsonb_to_recordset(${json(rows)}::jsonb)
          as n(kind text, "externalId" text, "organizationId" uuid, "contactId" uuid, said jsonb, wrote jsonb, round int,
               "goneAt" timestamptz)
      on conflict (source_id, kind, external_id) do update
         set organization_id = excluded.organization_id, contact_id = excluded.contact_id, said = excluded.said,
             wrote = excluded.wrote, round = excluded.round, gone_at = excluded.gone_at`;
  const seen = [...known.links.values()].filter((link) => link.seen && !link.changed);
  if (seen.length)
    await tx.$executeRaw`
      update crm_links l set round = ${round}
        from unnest(${seen.map(({ said }) => said.kind)}::text[], ${seen.map(({ externalId }) => externalId)}::text[])
          as n(kind, external_id)
       where l.source_id = ${source.id} and l.kind = n.kind::"CrmKind" and l.external_id = n.external_id
         and l.round <> ${round}`;
}

/** A record's conflicts are those of its last telling. Another try cannot end what is wrong in the CRM itself. */
async function writeConflicts(tx: DeskTransaction, batch: Batch, changes: CrmChange[]) {
  const { source, retry, conflicts, round, known } = batch;
  const { kinds, ids } = namesOf(changes);
  // In a file the same record may come again in a later line; what was said of the first one stays.
  const upTo = source.namesOnce && !retry ? round - 1 : round;
  if (known.inConflict.size)
    await tx.$executeRaw`
      delete from crm_conflicts
       where source_id = ${source.id} and round <= ${upTo} and not (in_source and ${retry})
         and (kind, external_id) in (select kind::"CrmKind", id from unnest(${kinds}::text[], ${ids}::text[]) as named(kind, id))`;
  const data = conflicts.map((conflict) => ({ ...conflict, sourceId: source.id, round }));
  if (data.length) await tx.crmConflict.createMany({ data, skipDuplicates: true });
}

/** Organizations of people's own that nobody is left in. Locked first: a ticket that was just being made there is then seen. */
async function clearAway(tx: DeskTransaction, { leftAlone }: Batch) {
  if (leftAlone.size === 0) return;
  const ids = [...leftAlone];
  await tx.$queryRaw`select id from organizations where id = any(${ids}::uuid[]) order by id for update`;
  await tx.$executeRaw`
    delete from organizations o
     where id = any(${ids}::uuid[]) and personal
       and not exists (select from contacts where organization_id = o.id)
       and not exists (select from tickets where organization_id = o.id)`;
}

async function writeAudit(tx: DeskTransaction, { source, known, now }: Batch) {
  const acts = [...actsOf("organization", known.organizations.values()), ...actsOf("contact", known.contacts.values())];
  if (acts.length)
    await tx.$executeRaw`
      insert into audit_records (at, rule, act, subject)
      select ${now}, ${`contacts follow ${source.id}`}, act, subject
        from jsonb_to_recordset(${json(acts)}::jsonb) as n(act text, subject text)`;
}

function actsOf(kind: "organization" | "contact", rows: Iterable<{ id: string; isNew?: true; changed?: true }>) {
  return [...rows]
    .filter(({ isNew, changed }) => isNew || changed)
    .map(({ id, isNew }) => ({ act: `${kind}_${isNew ? "created" : "changed"}`, subject: id }));
}

const inPortal = { portalTicket: { isNot: null } };

/** Who may sign in to the portal, and how they and their company are called there. New contacts were never let in. */
async function tellPortal(tx: DeskTransaction, queue: Pick<DeskQueue, "enqueueAll">, { known }: Batch) {
  const owners = [...known.addresses.values()].filter(({ changed, isNew, dropped }) => changed || isNew || dropped);
  const isKnown = (id: string) => !known.contacts.get(id)?.isNew;
  const contacts = new Set(owners.map(({ contactId }) => contactId).filter(isKnown));
  for (const { id, changed } of known.contacts.values()) if (changed) contacts.add(id);
  const companies = sorted(known.organizations.values()).changed.map(({ id }) => id);
  if (contacts.size + companies.length === 0) return;
  const admitted = await tx.contact.findMany({
    where: {
      AND: [
        { OR: [{ id: { in: [...contacts] } }, { organizationId: { in: companies } }] },
        {
          OR: [
            { invitedAt: { not: null } },
            { requested: { some: inPortal } },
            { participates: { some: { ticket: inPortal } } },
          ],
        },
      ],
    },
    select: { id: true },
  });
  await queue.enqueueAll(
    tx,
    "publish-contact",
    admitted.map(({ id }) => ({ data: { contactId: id } })),
  );
}

const json = (rows: unknown[]) => JSON.stringify(rows);
