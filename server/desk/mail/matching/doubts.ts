/** Reasons to keep a mail for an agent's eyes and to do nothing by itself. The first that applies is told. */

import { domainToUnicode } from "node:url";
import type { ReadMail } from "../reading/read-mail.ts";
import { domainOf, isFreeMail, registrable } from "./addresses.ts";
import type { Evidence } from "./evidence.ts";
import { isNear, lookOf } from "./look-alike.ts";

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

/** A stranger at a domain that is easily mistaken for ours, a customer's, or that of the person in whose name he writes. */
const looksLikeAnother: Doubt = (
  _,
  { sender, contacts, domains, knownDomain, looksLike, expectedDomains, mailboxes },
) => {
  if (sender === null || contacts.has(sender) || domains.length > 0 || knownDomain || isFreeMail(domainOf(sender)))
    return null;
  const domain = registrable(domainOf(sender));
  const ours = mailboxes.map(domainOf).map(registrable);
  const mistakenForUs = ours.find((own) => own !== domain && lookOf(own) === lookOf(domain));
  const near = [...ours, ...expectedDomains].find((expected) => isNear(domain, expected));
  const meant = mistakenForUs ?? looksLike ?? near;
  return meant && !ours.includes(domain)
    ? `${asShown(domain)} looks like ${asShown(meant)}, which we know, but is another domain. Make sure who writes.`
    : null;
};

/** An international domain in both of its forms: one that nobody can read, and one that misleads. */
function asShown(domain: string) {
  const shown = domainToUnicode(domain);
  return shown && shown !== domain ? `${domain} (“${shown}”)` : domain;
}

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

const doubts: Doubt[] = [noSender, spoofsUs, looksLikeAnother, notVerified, fromOurselves, goesRound, fromAnAgent];

export function doubtAbout(mail: ReadMail, evidence: Evidence): string | null {
  for (const doubt of doubts) {
    const because = doubt(mail, evidence);
    if (because) return because;
  }
  return null;
}
