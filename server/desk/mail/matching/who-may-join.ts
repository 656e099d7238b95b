/** Who may add to a ticket by mail: an authenticated sender whom the ticket already knows. */
import type { ReadMail } from "../reading/read-mail.ts";
import type { Evidence, KnownContact } from "./evidence.ts";
import type { Which } from "./which-ticket.ts";

export type Joining = { ok: true; because: string } | { ok: false; because: string };

export function whoMayJoin(
  mail: ReadMail,
  contact: KnownContact | null,
  { ticket, parent }: Which,
  { sender, messages }: Evidence,
): Joining {
  if (mail.authentication.verdict !== "pass")
    return { ok: false, because: `It claims to belong to #${ticket.number}, but no server vouches for its sender.` };
  if (contact?.contactId === ticket.requesterId) return { ok: true, because: `${contact.name} is the requester` };
  if (contact && ticket.participantIds.includes(contact.contactId))
    return { ok: true, because: `${contact.name} takes part in the ticket` };

  const thread = parent ? [parent] : messages.filter(({ ticketId }) => ticketId === ticket.id);
  const wasAddressed = sender !== null && thread.some(({ addressed }) => addressed.includes(sender));
  if (contact && wasAddressed && contact.organizationId === ticket.organizationId)
    return { ok: true, because: `${contact.name} of the same organization was addressed in the mail it answers` };
  return { ok: false, because: `An unknown sender in a known thread: ${sender} is not on #${ticket.number}.` };
}
