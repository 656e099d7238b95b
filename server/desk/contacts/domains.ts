/** Whoever writes from a domain of an organization belongs to it. */
import { getPublicSuffix } from "tldts";
import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { canonicalDomain } from "../../platform/mail-address.ts";
import { conflict, notFound, problem } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext } from "../context.ts";
import { Id, OrganizationDetail } from "../contract/people.ts";
import { type DeskTransaction, transact } from "../database.ts";
import { domainOf, isFreeMail } from "../mail/matching/addresses.ts";
import { rememberDomains } from "./create.ts";
import { organizationDetail } from "./organization.ts";

const Domain = z.string().trim().min(1).max(253);

export const addDomain = endpoint({
  summary: "Gives an organization a domain, with what lies below it or without.",
  status: 201,
  input: z.strictObject({ organizationId: Id, domain: Domain, includeSubdomains: z.boolean().default(false) }),
  output: OrganizationDetail,
  run: ({ organizationId, domain: written, includeSubdomains }, { desk, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      await organizationDetail(tx, organizationId);
      const domain = await acceptable(tx, written);
      await tx.organizationDomain.createMany({ data: [{ domain, organizationId }], skipDuplicates: true });
      const { organization } = await tx.organizationDomain.findUniqueOrThrow({
        where: { domain },
        select: { organization: { select: { id: true, name: true } } },
      });
      if (organization.id !== organizationId)
        throw conflict("domain_taken", `${domain} is a domain of ${organization.name}. Take it away there first.`);
      await tx.organizationDomain.update({ where: { domain }, data: { includeSubdomains }, select: { domain: true } });
      await rememberDomains(tx, [`any@${domain}`]);
      await audit(tx, asking, { act: "domain_added", subject: organizationId, details: { domain, includeSubdomains } });
      return organizationDetail(tx, organizationId);
    }),
});

export const removeDomain = endpoint({
  summary: "Takes a domain away from an organization. Its contacts stay.",
  input: z.strictObject({ organizationId: Id, domain: Domain }),
  output: OrganizationDetail,
  run: ({ organizationId, domain: written }, { desk, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      const domain = canonicalDomain(written) ?? "";
      const { count } = await tx.organizationDomain.deleteMany({ where: { domain, organizationId } });
      if (count === 0) throw notFound("This domain of the organization");
      await audit(tx, asking, { act: "domain_removed", subject: organizationId, details: { domain } });
      return organizationDetail(tx, organizationId);
    }),
});

/** Only a domain that belongs to one company says which company it is. */
async function acceptable(tx: DeskTransaction, written: string): Promise<string> {
  const domain = canonicalDomain(written);
  if (!domain?.includes("."))
    throw problem(422, "no_domain", `${written} is no domain. Write it like harbourlight.example.`);
  if (isFreeMail(domain))
    throw problem(422, "free_mail", `Anybody can have an address at ${domain}, so it says nothing about a company.`);
  if (getPublicSuffix(domain, { allowPrivateDomains: true }) === domain)
    throw problem(422, "public_suffix", `Many companies have a name below ${domain}. Write the whole of this one's.`);
  const mailboxes = await tx.mailbox.findMany({ select: { address: true } });
  if (mailboxes.some(({ address }) => domainOf(address) === domain))
    throw problem(422, "our_domain", `${domain} is ours: our mailboxes have it.`);
  return domain;
}
