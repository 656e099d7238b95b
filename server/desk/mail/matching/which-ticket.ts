/** Which ticket a mail belongs to. Strongest evidence first: the first rule that finds one wins. */
import type { ReadMail } from "../reading/read-mail.ts";
import { isGenuine } from "../thread-token.ts";
import { type Evidence, type KnownMessage, type KnownTicket, referencesOf, subjectNumber } from "./evidence.ts";

export type Which = {
  ticket: KnownTicket;
  because: string /** A mail of this thread that the arriving one names. */;
  parent: KnownMessage | null;
};
type Rule = (mail: ReadMail, evidence: Evidence, secret: string) => Which | null;

/** Our own sealed token, from a header or from the address it was sent to. */
const byThreadToken: Rule = (mail, evidence, secret) => {
  for (const token of evidence.tokens) {
    const ticket = evidence.tickets.find(({ threadKey }) => threadKey === token.threadKey);
    if (!ticket || !isGenuine(token, ticket.number, secret)) continue;
    const because = `it carries the thread token of #${ticket.number}`;
    const answered = byReferences(mail, evidence, secret);
    // The mails that an agent split off went out under the token of the ticket that they left.
    if (answered?.ticket.splitFromId === ticket.id)
      return { ...answered, because: `${because}, and ${answered.because}` };
    return { ticket, because, parent: null };
  }
  return null;
};

/** It answers a mail that we hold on a ticket; the nearest one counts. */
const byReferences: Rule = (mail, { messages, tickets }) => {
  for (const id of referencesOf(mail)) {
    const parent = messages.find((message) => message.internetMessageId === id && message.ticketId !== null);
    const ticket = parent && tickets.find((known) => known.id === parent.ticketId);
    if (parent && ticket)
      return {
        ticket,
        parent,
        because: `it answers a mail ${parent.outgoing ? "that we sent" : "that we hold"} on #${ticket.number}`,
      };
  }
  return null;
};

const rules: Rule[] = [byThreadToken, byReferences];

export function whichTicket(mail: ReadMail, evidence: Evidence, secret: string): Which | null {
  for (const rule of rules) {
    const found = rule(mail, evidence, secret);
    if (found) return found;
  }
  return null;
}

/** Where else it may belong: evidence that anybody can write, so an agent decides. */
export function suggestTickets(mail: ReadMail, evidence: Evidence): { ticketId: string; because: string }[] {
  const { tickets, inConversation, openOfSender } = evidence;
  const number = subjectNumber(mail.subject);
  const named = tickets.find((ticket) => ticket.number === number);
  return [
    ...(named ? [{ ticketId: named.id, because: `the subject names #${named.number}` }] : []),
    ...inConversation.map((ticketId) => ({ ticketId, because: "Outlook shows it in the same conversation" })),
    ...openOfSender.map((ticketId) => ({ ticketId, because: "it is an open ticket of the sender" })),
  ];
}
