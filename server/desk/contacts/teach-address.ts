import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { notFound } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext } from "../context.ts";
import { ContactView, Id, MailAddress } from "../contract/people.ts";
import { transact } from "../database.ts";
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
      await giveAddress(tx, { contactId, address, primary: false, taughtById: asking.agent.id });
      await audit(tx, asking, { act: "address_taught", subject: contactId });
      // The portal knows with which addresses a customer may sign in.
      await queue.enqueue(tx, "publish-contact", { contactId }, { key: contactId });
      const contact = await contactView(tx, contactId);
      if (!contact) throw notFound("This contact");
      return contact;
    }),
});
