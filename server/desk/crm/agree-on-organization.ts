import { newId } from "../new-id.ts";
import { type Batch, follow, type Item, isFree, linkOf, live, livesIn, succeed, touch } from "./batch.ts";
import type { Organization, Wrote } from "./known.ts";
import type { CrmOrganization } from "./source.ts";

/** What an organization has before anybody set anything (prisma/desk/schema.prisma). */
const unset = { language: "en", timeZone: "UTC", portalScope: "none" } as const;

export function agreeOnOrganization(batch: Batch, item: Item<CrmOrganization>): Organization {
  const { record } = item;
  const link = linkOf(batch, record);
  const known = link.organizationId ? batch.known.organizations.get(link.organizationId) : undefined;
  const same = known ?? namesake(batch, record);
  if (same && !known) succeed(batch, same.id, link);
  const organization = same ?? create(batch, record, link.wrote);
  link.organizationId = organization.id;
  live(batch, organization.id, record.externalId);
  if (organization.formerAt) {
    organization.formerAt = null;
    touch(organization);
    item.what.push(`is in ${batch.source.name} again`);
  }

  agreeOnName(batch, item, organization, link.wrote);
  for (const field of ["language", "timeZone", "portalScope"] as const) {
    const said = record[field];
    if (said === undefined) continue;
    const before = organization[field];
    const outcome = follow(organization, link.wrote, field, said, before === unset[field]);
    if (outcome === "followed") item.what.push(`${words[field]} ${before} → ${said}`);
    if (outcome === "kept")
      item.conflict(
        `${organization.name} has the ${words[field]} ${before} here, which somebody set, and ${said} in ${batch.source.name}. Ours stays; make the two the same.`,
      );
  }
  agreeOnDomains(batch, item, organization, link.wrote);
  return organization;
}

const words = { language: "language", timeZone: "time zone", portalScope: "portal scope" } as const;

/** One company of that name that no record of this CRM is: its own record. With two of them we do not guess. */
function namesake(batch: Batch, { name }: CrmOrganization): Organization | undefined {
  const same = [...batch.known.organizations.values()].filter(
    (one) => !one.personal && one.name.toLowerCase() === name.toLowerCase() && !livesIn(batch, one.id),
  );
  return same.length === 1 ? same[0] : undefined;
}

function create({ known }: Batch, { name }: CrmOrganization, wrote: Wrote): Organization {
  const organization: Organization = { id: newId(), name, personal: false, formerAt: null, ...unset, isNew: true };
  wrote.name = name;
  known.organizations.set(organization.id, organization);
  return organization;
}

function agreeOnName(batch: Batch, item: Item<CrmOrganization>, organization: Organization, wrote: Wrote) {
  const before = organization.name;
  // Found by its name: how it is written is the CRM's.
  const outcome = follow(
    organization,
    wrote,
    "name",
    item.record.name,
    before.toLowerCase() === item.record.name.toLowerCase(),
  );
  if (outcome === "followed") item.what.push(`name “${before}” → “${organization.name}”`);
  if (outcome === "kept")
    item.conflict(
      `“${before}” was named so here, and is “${item.record.name}” in ${batch.source.name}. Ours stays; rename one of the two.`,
    );
}

function agreeOnDomains(batch: Batch, item: Item<CrmOrganization>, organization: Organization, wrote: Wrote) {
  const { domains: wanted } = item.record;
  if (!wanted) return;
  const { known, source } = batch;
  const brought = new Set(wrote.domains ?? []);

  for (const domain of wanted) {
    const row = known.domains.get(domain);
    const owner = row && known.organizations.get(row.organizationId);
    if (!row && brought.has(domain)) {
      item.conflict(
        `${domain} was taken from ${organization.name} here, and is still there in ${source.name}. It stays away; take it from there too.`,
      );
      continue;
    }
    if (!row || row.dropped) known.domains.set(domain, { domain, organizationId: organization.id, isNew: true });
    else if (row.organizationId === organization.id) continue;
    else if (isFree(batch, owner)) Object.assign(row, { organizationId: organization.id, changed: true });
    else {
      item.conflict(
        `${domain} is a domain of ${owner?.name ?? "another organization"} here, and of ${organization.name} in ${source.name}. It stays where it is; merge the two, or correct one.`,
      );
      continue;
    }
    brought.add(domain);
    item.what.push(`domain ${domain}`);
  }
  for (const domain of [...brought].filter((one) => !wanted.includes(one))) {
    const row = known.domains.get(domain);
    brought.delete(domain);
    if (row?.organizationId !== organization.id) continue;
    row.dropped = true;
    item.what.push(`no longer domain ${domain}`);
  }
  wrote.domains = [...brought];
}
