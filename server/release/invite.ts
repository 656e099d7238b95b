/** A contact may sign in to the portal, and is told so by mail. */
import { z } from "zod";
import { audit } from "../desk/audit.ts";
import { contactView } from "../desk/contacts/view.ts";
import type { AgentContext } from "../desk/context.ts";
import { ContactView, Id } from "../desk/contract/people.ts";
import { type DeskTransaction, transact } from "../desk/database.ts";
import { intendMail } from "../desk/mail/send.ts";
import { endpoint } from "../platform/endpoint.ts";
import { conflict, notFound, problem } from "../platform/problems.ts";
import { publishContact } from "./admit.ts";
import type { DoorContext } from "./context.ts";
import { invitationMail } from "./mails/invitation.ts";
import { supportMailbox } from "./support-mailbox.ts";

export const inviteContact = (door: DoorContext) =>
  endpoint({
    summary:
      "Lets a contact sign in to the portal and sends the invitation. Asked again, it sends it again, once a day.",
    status: 201,
    input: z.strictObject({ contactId: Id }),
    output: ContactView,
    run: async ({ contactId }, asking: AgentContext) => {
      await transact(door.desk, (tx) => invite(door, tx, asking, contactId));
      await publishContact(door, contactId);
      const contact = await contactView(door.desk, contactId);
      if (!contact) throw notFound("This contact");
      return contact;
    },
  });

async function invite(door: DoorContext, tx: DeskTransaction, asking: AgentContext, contactId: string) {
  await tx.$queryRaw`select 1 from contacts where id = ${contactId}::uuid for update`;
  const contact = await tx.contact.findUnique({
    where: { id: contactId },
    select: {
      name: true,
      language: true,
      invitedAt: true,
      formerAt: true,
      organization: { select: { language: true } },
      addresses: { select: { address: true }, orderBy: [{ primary: "desc" }, { createdAt: "asc" }], take: 1 },
    },
  });
  if (!contact) throw notFound("This contact");
  if (contact.formerAt)
    throw conflict(
      "former_contact",
      `The CRM has deleted ${contact.name}, so the portal stays closed. Add the contact to the CRM again first.`,
    );
  const address = contact.addresses[0]?.address;
  if (!address)
    throw problem(422, "no_address", `${contact.name} has no e-mail address to sign in with. Add one first.`);

  const now = new Date();
  if (!contact.invitedAt)
    await tx.contact.update({
      where: { id: contactId },
      data: { invitedAt: now, invitedById: asking.agent.id },
      select: { id: true },
    });
  const today = now.toISOString().slice(0, 10);
  const { subject, html } = invitationMail({
    language: contact.language ?? contact.organization.language,
    name: contact.name,
    portalUrl: door.settings.PORTAL_URL,
  });
  await intendMail(tx, door.queue, {
    kind: "invitation",
    key: `invitation:${contactId}:${today}`,
    mailboxId: (await supportMailbox(door, tx)).id,
    mail: {
      to: [{ name: contact.name, address }],
      cc: [],
      subject,
      html,
      answersMessageId: null,
      attachments: [],
      automatic: true,
    },
  });
  await audit(tx, asking, { act: "contact_invited", subject: contactId });
  await door.queue.enqueue(tx, "publish-contact", { contactId }, { key: contactId });
}
