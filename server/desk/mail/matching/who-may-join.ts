/** Who may add to a ticket by mail: an authenticated sender whom the ticket already knows. */
import { say } from "../../say.ts";
import type { ReadMail } from "../reading/read-mail.ts";
import { isRoleAddress } from "./addresses.ts";
import type { Evidence } from "./evidence.ts";
import type { Which } from "./which-ticket.ts";
import type { Whose } from "./whose.ts";

export type Joining = { ok: true; because: string } | { ok: false; because: string };

export function whoMayJoin(
  mail: ReadMail,
  whose: Whose | null,
  { ticket, parent }: Which,
  { sender, messages }: Evidence,
): Joining {
  const contact = whose?.contact ?? null;
  if (mail.authentication.verdict !== "pass") return { ok: false, because: say("not_vouched_for", ticket.number) };
  if (contact?.contactId === ticket.requesterId) return { ok: true, because: `${contact.name} is the requester` };
  if (contact && ticket.participantIds.includes(contact.contactId))
    return { ok: true, because: `${contact.name} takes part in the ticket` };

  const thread = parent ? [parent] : messages.filter(({ ticketId }) => ticketId === ticket.id);
  // By an agent's choice: a supplier, say. What comes of it stays internal, unless the sender is on the ticket.
  if (contact && sender !== null && thread.some(({ outgoing, addressed }) => outgoing && addressed.includes(sender)))
    return { ok: true, because: `we wrote to ${contact.name} on #${ticket.number}` };
  const wasAddressed = sender !== null && thread.some(({ addressed }) => addressed.includes(sender));
  const isColleague = wasAddressed && whose?.organizationId === ticket.organizationId;
  // Whom of several people behind a role address the requester meant, nobody knows.
  if (isColleague && (contact || !isRoleAddress(sender)))
    return {
      ok: true,
      because: `${contact?.name ?? sender} of the same organization was addressed in the mail it answers`,
    };
  return { ok: false, because: say("stranger_in_thread", sender ?? "", ticket.number) };
}
