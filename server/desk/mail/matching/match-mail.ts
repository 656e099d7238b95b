import type { Desk, DeskTransaction } from "../../database.ts";
import { say } from "../../say.ts";
import type { ReadMail } from "../reading/read-mail.ts";
import { doubtAbout } from "./doubts.ts";
import { type Evidence, gather } from "./evidence.ts";
import type { Match } from "./match.ts";
import { questionAbout } from "./questions.ts";
import { suggestTickets, type Which, whichTicket } from "./which-ticket.ts";
import { whoMayJoin } from "./who-may-join.ts";
import { suggestContacts, type Whose, whoseMail } from "./whose.ts";

export type MatchContext = {
  /** What thread tokens are sealed with. */
  secret: string;
  conversationId: string | null;
};

/** Whose mail it is, which ticket it belongs to, and why. */
export async function matchMail(
  desk: Desk | DeskTransaction,
  mail: ReadMail,
  { secret, conversationId }: MatchContext,
): Promise<Match> {
  return judge(mail, await gather(desk, mail, conversationId), secret);
}

/** The same without looking anything up: all that decides is in the mail and in the evidence. */
export function judge(mail: ReadMail, evidence: Evidence, secret: string): Match {
  const whose = whoseMail(mail, evidence);
  const which = whichTicket(mail, evidence, secret);
  const doubt = doubtAbout(mail, evidence);
  const suggestions = { ...suggestContacts(mail, evidence), tickets: suggestTickets(mail, evidence) };

  if (mail.kind === "bounce" || mail.kind === "feedback_report")
    return aboutOurMail(mail, which, evidence, suggestions);
  if (doubt) return doubtful(doubt, whose, which, suggestions);
  const question = questionAbout(mail, evidence);
  // A machine's answer asks nobody for anything.
  if (question) return asking(mail.kind === "auto_reply" ? null : question, whose, which, suggestions);

  const person = {
    contactId: whose?.contact?.contactId ?? null,
    organizationId: whose?.organizationId ?? null,
    because: whose ? [whose.because] : [],
  };
  if (!which) return { ...person, ticketId: null, suggestions: withoutTwice(suggestions), heldBecause: null };

  const joining = whoMayJoin(mail, whose, which, evidence);
  if (joining.ok)
    return {
      ...person,
      ticketId: which.ticket.id,
      because: [...person.because, which.because, joining.because],
      suggestions: withoutTwice(suggestions, which.ticket.id),
      heldBecause: null,
    };
  // A machine's answer from somewhere else is kept with the rest; nobody has to look at it.
  const heldBecause = mail.kind === "auto_reply" ? null : joining.because;
  return { ...person, ticketId: null, suggestions: suggesting(suggestions, which), heldBecause };
}

/** A report of a mail server names the mail it is about; who sent it need not prove anything, only not be a forgery. */
function aboutOurMail(
  mail: ReadMail,
  which: Which | null,
  { messages }: Evidence,
  suggestions: Match["suggestions"],
): Match {
  const nobody = { contactId: null, organizationId: null };
  if (mail.authentication.verdict === "fail")
    return {
      ...nobody,
      ticketId: null,
      because: [],
      suggestions: suggesting(suggestions, which),
      heldBecause: say("forged_report"),
    };
  if (which?.parent?.outgoing)
    return {
      ...nobody,
      ticketId: which.ticket.id,
      because: [`it reports on a mail that we sent on #${which.ticket.number}`],
      suggestions: withoutTwice(suggestions, which.ticket.id),
      heldBecause: null,
    };
  // A sign-in code, an invitation: ours, and of no ticket.
  const isOurs = messages.some(({ outgoing, ticketId }) => outgoing && ticketId === null);
  const heldBecause = mail.kind === "bounce" && !isOurs ? say("not_our_mail") : null;
  return { ...nobody, ticketId: null, because: [], suggestions: suggesting(suggestions, which), heldBecause };
}

/** What a doubtful mail claims is only suggested. */
function doubtful(
  heldBecause: string,
  whose: Whose | null,
  which: Which | null,
  suggestions: Match["suggestions"],
): Match {
  const claimed = whose?.contact
    ? [{ contactId: whose.contact.contactId, because: `it claims to be from ${whose.contact.address}` }]
    : [];
  const { contacts, ...others } = suggesting(suggestions, which);
  return {
    contactId: null,
    organizationId: null,
    ticketId: null,
    because: [],
    suggestions: withoutTwice({ contacts: [...claimed, ...contacts], ...others }),
    heldBecause,
  };
}

/** Nothing is wrong with it, but which person wrote it only an agent can say. The organization may be known all the same. */
function asking(
  heldBecause: string | null,
  whose: Whose | null,
  which: Which | null,
  suggestions: Match["suggestions"],
): Match {
  const organization = whose?.contact === null ? whose : null;
  return {
    contactId: null,
    organizationId: organization?.organizationId ?? null,
    ticketId: null,
    because: organization ? [organization.because] : [],
    suggestions: suggesting(suggestions, which),
    heldBecause,
  };
}

const suggesting = ({ tickets, ...people }: Match["suggestions"], which: Which | null) =>
  withoutTwice({
    ...people,
    tickets: which ? [{ ticketId: which.ticket.id, because: which.because }, ...tickets] : tickets,
  });

/** Each contact and ticket once, with the strongest reason. */
function withoutTwice(
  { contacts, addresses, tickets }: Match["suggestions"],
  except: string | null = null,
): Match["suggestions"] {
  return {
    addresses,
    contacts: contacts.filter((one, at) => contacts.findIndex(({ contactId }) => contactId === one.contactId) === at),
    tickets: tickets.filter(
      (one, at) => one.ticketId !== except && tickets.findIndex(({ ticketId }) => ticketId === one.ticketId) === at,
    ),
  };
}
