import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { canonicalAddress } from "../../platform/mail-address.ts";
import { notFound, problem } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext } from "../context.ts";
import { ContactDetail, Id } from "../contract/people.ts";
import { type DeskTransaction, transact } from "../database.ts";
import { contactDetail } from "./detail.ts";

export const forgetAddress = endpoint({
  summary: "Takes an address off a contact whose it never was: a correction that was a mistake.",
  input: z.strictObject({ contactId: Id, address: z.string().max(254) }),
  output: ContactDetail,
  run: ({ contactId, address }, { desk, queue, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      const { others } = await takeOff(tx, contactId, address);
      if (others === 0)
        throw problem(422, "only_address", "It is the only address of this contact. Give another one first.");
      await audit(tx, asking, { act: "address_forgotten", subject: contactId });
      await queue.enqueue(tx, "publish-contact", { contactId }, { key: contactId });
      return contactDetail(tx, contactId);
    }),
});

/** The contact has it no longer; the oldest of the others becomes the one that mails go to, if this was it. */
export async function takeOff(tx: DeskTransaction, contactId: string, written: string) {
  await tx.$queryRaw`select 1 from contacts where id = ${contactId}::uuid for no key update`;
  const address = canonicalAddress(written) ?? "";
  const { count } = await tx.contactAddress.deleteMany({ where: { address, contactId } });
  if (count === 0) throw notFound("This address of the contact");
  await tx.$executeRaw`
    update contact_addresses set "primary" = true where address = (
      select address from contact_addresses where contact_id = ${contactId}::uuid order by "primary" desc, created_at, address limit 1)`;
  return { address, others: await tx.contactAddress.count({ where: { contactId } }) };
}
