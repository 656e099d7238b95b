import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { notFound } from "../../platform/problems.ts";
import type { AgentContext } from "../context.ts";
import { ContactDetail, Id } from "../contract/people.ts";
import type { Desk, DeskTransaction } from "../database.ts";
import { contactView } from "./view.ts";

export const showContact = endpoint({
  summary: "One contact, with former addresses and the contacts that turned out to be the same person.",
  input: z.strictObject({ contactId: Id }),
  output: ContactDetail,
  run: ({ contactId }, { desk }: AgentContext) => contactDetail(desk, contactId),
});

export async function contactDetail(desk: Desk | DeskTransaction, contactId: string): Promise<ContactDetail> {
  const contact = await contactView(desk, contactId);
  if (!contact) throw notFound("This contact");
  const former = await desk.formerAddress.findMany({
    where: { contactId },
    select: { address: true },
    orderBy: [{ endedAt: "desc" }, { address: "asc" }],
  });
  const merged = await desk.$queryRaw<{ id: string; name: string; at: Date; by: string }[]>`
    select c.id, c.name, c.merged_at as at, coalesce(a.name, '') as by
      from contacts c left join agents a on a.id = c.merged_by_id
     where c.merged_into_id = ${contactId}::uuid order by c.merged_at desc, c.id`;
  return {
    contact,
    formerAddresses: former.map(({ address }) => address),
    merged: merged.map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() })),
  };
}
