/** An address that a contact used to have: still recognised, but nothing is sent to it, and it opens nothing. */
import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { canonicalAddress } from "../../platform/mail-address.ts";
import { notFound } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext } from "../context.ts";
import { ContactDetail, Id, MailAddress } from "../contract/people.ts";
import { transact } from "../database.ts";
import { giveAddress } from "./create.ts";
import { contactDetail } from "./detail.ts";
import { takeOff } from "./forget-address.ts";

export const endAddress = endpoint({
  summary: "Says that a contact no longer has an address: mails from it are asked about, and nothing is sent to it.",
  status: 201,
  input: z.strictObject({ contactId: Id, address: MailAddress }),
  output: ContactDetail,
  run: ({ contactId, address: written }, { desk, queue, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      const { address } = await takeOff(tx, contactId, written);
      const data = { address, contactId, endedById: asking.agent.id };
      await tx.formerAddress.createMany({ data: [data], skipDuplicates: true });
      await audit(tx, asking, { act: "address_ended", subject: contactId });
      await queue.enqueue(tx, "publish-contact", { contactId }, { key: contactId });
      return contactDetail(tx, contactId);
    }),
});

export const resumeAddress = endpoint({
  summary: "Says that a former address is the contact's again, unless it is somebody else's now.",
  input: z.strictObject({ contactId: Id, address: z.string().max(254) }),
  output: ContactDetail,
  run: ({ contactId, address: written }, { desk, queue, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      const address = canonicalAddress(written) ?? "";
      const known = await tx.formerAddress.findUnique({ where: { address_contactId: { address, contactId } } });
      if (!known) throw notFound("This former address");
      const primary = (await tx.contactAddress.count({ where: { contactId } })) === 0;
      await giveAddress(tx, { contactId, address, primary, taughtById: asking.agent.id });
      await audit(tx, asking, { act: "address_resumed", subject: contactId });
      await queue.enqueue(tx, "publish-contact", { contactId }, { key: contactId });
      return contactDetail(tx, contactId);
    }),
});
