import { endpoint } from "../../platform/endpoint.ts";
import { conflict, problem } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import { createContact } from "../contacts/create.ts";
import type { AgentContext, Asking } from "../context.ts";
import { AcceptMail, Decided } from "../contract/held.ts";
import { type DeskTransaction, transact } from "../database.ts";
import { fileMessage, mostParticipants } from "../mail/file.ts";
import { Match } from "../mail/matching/match.ts";
import { lockTicket } from "../tickets/lock.ts";
import { lockMessage } from "../tickets/open.ts";
import { whoseMail } from "../tickets/whose-mail.ts";

/**
 * An agent believes a held mail. It is filed and stays internal: nothing shows to a customer because of it, and what no
 * server vouches for stays unproven. Whether its sender takes part from now on is said with it, never assumed.
 */
export const accept = endpoint({
  summary: "Files a held mail on a ticket. A colleague who was first keeps their decision, and this request gets it.",
  status: 201,
  input: AcceptMail,
  output: Decided,
  run: ({ messageId, number, participant }, { desk, queue, ...asking }: AgentContext): Promise<Decided> =>
    transact(desk, async (tx) => {
      const message = await lockMessage(tx, messageId);
      if (message.ticketId)
        return { outcome: "already" as const, ...(await whoseMail(tx, messageId, message.ticketId)) };
      const held = await tx.heldMail.findUnique({ where: { messageId }, select: { id: true } });
      if (!held) throw conflict("not_held", "This mail is not held. Add it to a ticket, or make one of it.");

      const ticket = await lockTicket(tx, number);
      const contactId = participant ? await senderWhoTakesPart(tx, asking, messageId) : null;
      const because = [`${asking.agent.name} accepted it`];
      await fileMessage(tx, queue, { messageId, ticketId: ticket.id, attachmentIds: "all", actor: asking, because });
      // After the filing: this mail was believed by an agent and not by the ticket's people, so it stays internal.
      if (contactId) await takePart(tx, asking, ticket.id, contactId);
      const details = { participant: contactId };
      await audit(tx, asking, { act: "mail_accepted", ticketId: ticket.id, subject: messageId, details });
      return { outcome: "done" as const, number, sentence: null };
    }),
});

/** The contact of the sender's address; one is made when nobody has it. */
async function senderWhoTakesPart(tx: DeskTransaction, asking: Asking, messageId: string): Promise<string> {
  const message = await tx.message.findUniqueOrThrow({
    where: { id: messageId },
    select: { fromName: true, fromAddress: true, authentication: true, match: true },
  });
  if (!isVouchedFor(message.authentication) || !message.fromAddress)
    throw problem(
      422,
      "not_verified",
      "No server vouches for this sender, so nobody can take part by this mail. Accept it without that, or add the person by hand.",
    );
  const address = await tx.contactAddress.findUnique({
    where: { address: message.fromAddress },
    select: { contactId: true },
  });
  if (address) return address.contactId;
  const { organizationId } = Match.parse(message.match);
  const contact = { name: message.fromName || message.fromAddress, address: message.fromAddress };
  const wish = { ...contact, taughtById: asking.agent.id, ...(organizationId && { organizationId }) };
  return (await createContact(tx, wish, asking)).id;
}

export const isVouchedFor = (authentication: unknown) =>
  (authentication as { verdict?: string } | null)?.verdict === "pass";

async function takePart(tx: DeskTransaction, { agent }: Asking, ticketId: string, contactId: string) {
  if ((await tx.participant.count({ where: { ticketId } })) >= mostParticipants)
    throw conflict(
      "too_many_participants",
      `A ticket has at most ${mostParticipants} participants. Accept the mail without that.`,
    );
  const data = [{ ticketId, contactId, because: `${agent.name} accepted the sender` }];
  await tx.participant.createMany({ data, skipDuplicates: true });
}
