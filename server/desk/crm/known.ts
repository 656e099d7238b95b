/** The part of the desk that a batch of changes is about, read and locked at once. */
import { z } from "zod";
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { PortalScope } from "../../../prisma/generated/desk/enums.ts";
import type { DeskTransaction } from "../database.ts";
import { type CrmChange, type CrmContact, type CrmOrganization, CrmRecord } from "./source.ts";

const instant = z.coerce.date().nullable();

const OrganizationRow = z.object({
  id: z.string(),
  name: z.string(),
  personal: z.boolean(),
  language: z.string(),
  timeZone: z.string(),
  portalScope: z.enum(PortalScope),
  formerAt: instant,
});
const ContactRow = z.object({
  id: z.string(),
  organizationId: z.string(),
  name: z.string(),
  language: z.string().nullable(),
  formerAt: instant,
});
const AddressRow = z.object({ address: z.string(), contactId: z.string(), primary: z.boolean(), taught: z.boolean() });
const DomainRow = z.object({ domain: z.string(), organizationId: z.string() });

/** What we wrote from a record, by which a change of an agent's is told from an older one of the CRM's. */
const Wrote = z.object({
  name: z.string().optional(),
  language: z.string().optional(),
  timeZone: z.string().optional(),
  portalScope: z.string().optional(),
  domains: z.array(z.string()).optional(),
  organizationId: z.string().optional(),
  addresses: z.array(z.string()).optional(),
  primary: z.string().optional(),
});
export type Wrote = z.infer<typeof Wrote>;

const LinkRow = z.object({
  externalId: z.string(),
  organizationId: z.string().nullable(),
  contactId: z.string().nullable(),
  said: CrmRecord,
  wrote: Wrote,
  round: z.number(),
  goneAt: instant,
});
const Living = z.object({ ours: z.string(), sourceId: z.string(), externalId: z.string(), complete: z.boolean() });
const Named = z.object({ kind: z.enum(["organization", "contact"]), externalId: z.string() });

/** `isNew` has to be inserted, `changed` updated. */
type Kept = { isNew?: true; changed?: true };

export type Organization = z.infer<typeof OrganizationRow> & Kept;
export type Contact = z.infer<typeof ContactRow> & Kept;
/** `endedFor`: the contact whose former address it now is. */
export type Address = z.infer<typeof AddressRow> & Kept & { dropped?: true; endedFor?: string };
export type Domain = z.infer<typeof DomainRow> & Kept & { dropped?: true };
/** `seen`: only its round moves on. */
export type Link = z.infer<typeof LinkRow> & { changed?: true; seen?: true };

export type Known = {
  links: Map<string, Link>;
  organizations: Map<string, Organization>;
  contacts: Map<string, Contact>;
  addresses: Map<string, Address>;
  domains: Map<string, Domain>;
  /** By our id: the records, of any CRM, that are this contact or organization and are not gone. */
  living: Map<string, z.infer<typeof Living>[]>;
  /** The records with conflicts that are still open. */
  inConflict: Set<string>;
};

export const keyOf = ({ kind, externalId }: Pick<CrmRecord, "kind" | "externalId">) => `${kind} ${externalId}`;

export async function readKnown(tx: DeskTransaction, sourceId: string, changes: CrmChange[]): Promise<Known> {
  // PostgreSQL's statistics say that the tables are as small as they were before a file filled them; every way is by an index.
  await tx.$executeRaw`set local enable_seqscan = off`;
  const records = changes.flatMap((change) => ("record" in change ? [change.record] : []));
  const people = records.filter((record): record is CrmContact => record.kind === "contact");
  const companies = records.filter((record): record is CrmOrganization => record.kind === "organization");

  const links = await readLinks(tx, sourceId, changes, people);
  const addresses = people.flatMap((person) => person.addresses);
  const contacts = await readContacts(tx, links, addresses);
  const organizations = await readOrganizations(tx, links, contacts, companies);
  const ours = [...contacts, ...organizations].map(({ id }) => id);
  return {
    links: new Map([...(await readLeft(tx, sourceId, ours)), ...links].map((link) => [keyOf(link.said), link])),
    organizations: byId(organizations),
    contacts: byId(contacts),
    addresses: await readAddresses(tx, contacts),
    domains: await readDomains(tx, organizations, companies),
    living: Map.groupBy(await readLiving(tx, ours), (link) => link.ours),
    inConflict: await readConflicts(tx, sourceId, changes),
  };
}

const linkColumns = Prisma.sql`
  external_id as "externalId", organization_id as "organizationId", contact_id as "contactId",
  said, wrote, round, gone_at as "goneAt"`;

const byId = <Row extends { id: string }>(rows: Row[]) => new Map(rows.map((row) => [row.id, row]));

async function readLinks(tx: DeskTransaction, sourceId: string, changes: CrmChange[], people: CrmContact[]) {
  const { kinds, ids } = namesOf(changes);
  const employers = people.flatMap(({ organization }) => organization ?? []);
  const rows = await tx.$queryRaw`
    select ${linkColumns}
      from (select distinct kind::"CrmKind", external_id
              from (select * from unnest(${kinds}::text[], ${ids}::text[]) union all
                    select 'organization', unnest(${employers}::text[])) named(kind, external_id)) named
      join crm_links using (kind, external_id)
     where source_id = ${sourceId}`;
  return z.array(LinkRow).parse(rows);
}

/** The records, now gone, that these contacts and organizations were. By these, never by the source, which has all records. */
async function readLeft(tx: DeskTransaction, sourceId: string, ours: string[]) {
  const rows = await tx.$queryRaw`
    with theirs as materialized (
      select * from crm_links where contact_id = any(${ours}::uuid[]) union all
      select * from crm_links where organization_id = any(${ours}::uuid[])
    ) select ${linkColumns} from theirs where source_id = ${sourceId} and gone_at is not null`;
  return z.array(LinkRow).parse(rows);
}

/**
 * In the order of their ids, so that two who lock the same never wait for each other. Their keys stay, so that a mail which
 * comes in for one of them need not wait either.
 */
async function readContacts(tx: DeskTransaction, links: Link[], addresses: string[]) {
  const linked = links.flatMap(({ contactId }) => contactId ?? []);
  const rows = await tx.$queryRaw`
    select id, organization_id as "organizationId", name, language, former_at as "formerAt"
      from contacts
     where id in (select unnest(${linked}::uuid[])
                  union select contact_id from contact_addresses where address = any(${addresses}::text[]))
     order by id for no key update`;
  return z.array(ContactRow).parse(rows);
}

/** Those that are linked, those of the contacts, and those that bear the name of one that is new to us. */
async function readOrganizations(
  tx: DeskTransaction,
  links: Link[],
  contacts: Contact[],
  companies: CrmOrganization[],
) {
  const linked = links.flatMap(({ organizationId }) => organizationId ?? []);
  const ids = [...linked, ...contacts.map(({ organizationId }) => organizationId)];
  const known = new Set(links.map(({ said }) => keyOf(said)));
  const names = companies.filter((company) => !known.has(keyOf(company))).map(({ name }) => name.toLowerCase());
  const rows = await tx.$queryRaw`
    select id, name, personal, language, time_zone as "timeZone", portal_scope as "portalScope", former_at as "formerAt"
      from organizations
     where id in (select unnest(${ids}::uuid[])
                  union select id from organizations
                         where lower(name) = any(${names}::text[]) and not personal and merged_into_id is null)
     order by id for no key update`;
  return z.array(OrganizationRow).parse(rows);
}

async function readAddresses(tx: DeskTransaction, contacts: Contact[]) {
  const rows = await tx.$queryRaw`
    select address, contact_id as "contactId", "primary", taught_by_id is not null as taught
      from contact_addresses where contact_id = any(${contacts.map(({ id }) => id)}::uuid[])`;
  return new Map(
    z
      .array(AddressRow)
      .parse(rows)
      .map((row) => [row.address, row]),
  );
}

async function readDomains(tx: DeskTransaction, organizations: Organization[], companies: CrmOrganization[]) {
  const said = companies.flatMap(({ domains }) => domains ?? []);
  const rows = await tx.$queryRaw`
    select domain, organization_id as "organizationId" from organization_domains
     where domain = any(${said}::text[]) or organization_id = any(${organizations.map(({ id }) => id)}::uuid[])`;
  return new Map(
    z
      .array(DomainRow)
      .parse(rows)
      .map((row) => [row.domain, row]),
  );
}

async function readLiving(tx: DeskTransaction, ours: string[]) {
  const rows = await tx.$queryRaw`
    select coalesce(l.contact_id, l.organization_id) as ours, l.source_id as "sourceId",
           l.external_id as "externalId", s.complete
      from (select * from crm_links where contact_id = any(${ours}::uuid[]) union all
            select * from crm_links where organization_id = any(${ours}::uuid[])) l
      join crm_sources s on s.id = l.source_id
     where l.gone_at is null`;
  return z.array(Living).parse(rows);
}

async function readConflicts(tx: DeskTransaction, sourceId: string, changes: CrmChange[]) {
  const { kinds, ids } = namesOf(changes);
  const rows = await tx.$queryRaw`
    select distinct kind, external_id as "externalId" from crm_conflicts
     where source_id = ${sourceId}
       and (kind, external_id) in (select kind::"CrmKind", id from unnest(${kinds}::text[], ${ids}::text[]) as named(kind, id))`;
  return new Set(z.array(Named).parse(rows).map(keyOf));
}

/** Two arrays side by side, as `unnest` takes them. */
export function namesOf(changes: CrmChange[]) {
  const named = changes.flatMap((change) =>
    "record" in change ? [change.record] : "gone" in change ? [change.gone] : [],
  );
  return { kinds: named.map(({ kind }) => kind), ids: named.map(({ externalId }) => externalId) };
}
