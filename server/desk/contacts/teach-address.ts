import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { canonicalAddress } from "../../platform/mail-address.ts";
import { notFound, problem } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext } from "../context.ts";
import { ContactView, Id, MailAddress } from "../contract/people.ts";
import { tellCrm } from "../crm/out/intend.ts";
import { type DeskTransaction, transact } from "../database.ts";
import { isRoleAddress } from "../mail/matching/addresses.ts";
import { giveAddress } from "./create.ts";
import { contactView } from "./view.ts";

export const teachAddress = endpoint({
  summary: "Teaches that an address is this contact's too.",
  status: 201,
  input: z.strictObject({ contactId: Id, address: MailAddress }),
  output: ContactView,
  run: ({ contactId, address }, { desk, queue, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      if (!(await contactView(tx, contactId))) throw notFound("This contact");
      if (isRoleAddress(address)) await refuseWhenShared(tx, contactId, address);
      await giveAddress(tx, { contactId, address, primary: false, taughtById: asking.agent.id });
      await audit(tx, asking, { act: "address_taught", subject: contactId });
      await tellCrm(tx, { queue, settings: asking.settings }, { contactId, address: canonicalAddress(address) });
      // The portal knows with which addresses a customer may sign in.
      await queue.enqueue(tx, "publish-contact", { contactId }, { key: contactId });
      const contact = await contactView(tx, contactId);
      if (!contact) throw notFound("This contact");
      return contact;
    }),
});

/** Taught to one of several, it would put what the others write under that one's name. */
async function refuseWhenShared(tx: DeskTransaction, contactId: string, address: string) {
  const [shared] = await tx.$queryRaw<{ organization: string }[]>`
    select o.name as organization from contacts c join organizations o on o.id = c.organization_id
     where c.id = ${contactId}::uuid and exists (select from contacts other
       where other.organization_id = o.id and other.id <> c.id and other.merged_into_id is null)`;
  if (shared)
    throw problem(
      422,
      "shared_address",
      `Several people of ${shared.organization} may read ${address}. Choose the person at each mail, or make it a contact of its own.`,
    );
}
