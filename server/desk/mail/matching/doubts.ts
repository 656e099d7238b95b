/** Reasons to keep a mail for an agent's eyes and to do nothing by itself. The first that applies is told. */
import type { ReadMail } from "../reading/read-mail.ts";
import { domainOf } from "./addresses.ts";
import type { Evidence } from "./evidence.ts";

type Doubt = (mail: ReadMail, evidence: Evidence) => string | null;

const noSender: Doubt = (_, { sender }) =>
  sender === null ? "Its sender cannot be read: it names none, several, or one that programs read differently." : null;

/** Told apart, because somebody is trying something. */
export const inOurName = "It claims to come from one of us, but no server vouches for that.";
const spoofsUs: Doubt = (mail, { sender, agents, mailboxes }) =>
  sender !== null && [...agents, ...mailboxes].includes(sender) && mail.authentication.verdict !== "pass"
    ? inOurName
    : null;

const notVerified: Doubt = (mail, { sender }) =>
  mail.authentication.verdict === "fail"
    ? `The sender is not verified: it was not sent by ${sender && domainOf(sender)}.`
    : null;

/** Mail between our own mailboxes could go round for ever. */
const fromOurselves: Doubt = (_, { sender, mailboxes }) =>
  sender !== null && mailboxes.includes(sender) ? `It comes from our own mailbox ${sender}.` : null;

/** RFC 5321, 6.3: a hundred stations are a loop. */
const mostStations = 100;
const goesRound: Doubt = (mail) =>
  mail.headers.filter(([name]) => name === "received").length >= mostStations
    ? "It has passed more than a hundred servers: somebody's mail goes round."
    : null;

/** An agent works in Outlook; what comes in an agent's name by mail is no act of the agent's. */
const fromAnAgent: Doubt = (_, { sender, agents }) =>
  sender !== null && agents.includes(sender) ? "A colleague wrote it. Choose whose matter it is." : null;

const doubts: Doubt[] = [noSender, spoofsUs, notVerified, fromOurselves, goesRound, fromAnAgent];

export function doubtAbout(mail: ReadMail, evidence: Evidence): string | null {
  for (const doubt of doubts) {
    const because = doubt(mail, evidence);
    if (because) return because;
  }
  return null;
}
