import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { notFound } from "../../platform/problems.ts";
import type { AgentContext } from "../context.ts";
import { Id, OrganizationDetail } from "../contract/people.ts";
import type { Desk, DeskTransaction } from "../database.ts";

export const showOrganization = endpoint({
  summary: "One organization, with its domains and the organizations that turned out to be the same company.",
  input: z.strictObject({ organizationId: Id }),
  output: OrganizationDetail,
  run: ({ organizationId }, { desk }: AgentContext) => organizationDetail(desk, organizationId),
});

export async function organizationDetail(
  desk: Desk | DeskTransaction,
  organizationId: string,
): Promise<OrganizationDetail> {
  const found = await desk.organization.findFirst({
    where: { id: organizationId, mergedIntoId: null },
    select: {
      id: true,
      name: true,
      personal: true,
      domains: { select: { domain: true, includeSubdomains: true }, orderBy: { domain: "asc" } },
    },
  });
  if (!found) throw notFound("This organization");
  const { domains, ...organization } = found;
  const merged = await desk.$queryRaw<{ id: string; name: string; at: Date; by: string }[]>`
    select o.id, o.name, o.merged_at as at, coalesce(a.name, '') as by
      from organizations o left join agents a on a.id = o.merged_by_id
     where o.merged_into_id = ${organizationId}::uuid order by o.merged_at desc, o.id`;
  return { organization, domains, merged: merged.map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() })) };
}
