/** Reasons to keep a mail for an agent's eyes and to do nothing by itself. The first that applies is told. */

import { domainToUnicode } from "node:url";
import { say } from "../../say.ts";
import type { ReadMail } from "../reading/read-mail.ts";
import { domainOf, isFreeMail, registrable } from "./addresses.ts";
import type { Evidence } from "./evidence.ts";
import { isNear, lookOf } from "./look-alike.ts";

type Doubt = (mail: ReadMail, evidence: Evidence) => string | null;

const noSender: Doubt = (_, { sender }) => (sender === null ? say("no_sender") : null);

/** Told apart, because somebody is trying something. */
export const inOurName = say("in_our_name");
const spoofsUs: Doubt = (mail, { sender, agents, mailboxes }) =>
  sender !== null && [...agents, ...mailboxes].includes(sender) && mail.authentication.verdict !== "pass"
    ? inOurName
    : null;

const notVerified: Doubt = (mail, { sender }) =>
  mail.authentication.verdict === "fail" ? say("not_verified", domainOf(sender ?? "")) : null;

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
  return meant && !ours.includes(domain) ? say("looks_like", asShown(domain), asShown(meant)) : null;
};

/** An international domain in both of its forms: one that nobody can read, and one that misleads. */
function asShown(domain: string) {
  const shown = domainToUnicode(domain);
  return shown && shown !== domain ? `${domain} (“${shown}”)` : domain;
}

/** Mail between our own mailboxes could go round for ever. */
const fromOurselves: Doubt = (_, { sender, mailboxes }) =>
  sender !== null && mailboxes.includes(sender) ? say("from_ourselves", sender) : null;

/** RFC 5321, 6.3: a hundred stations are a loop. */
const mostStations = 100;
const goesRound: Doubt = (mail) =>
  mail.headers.filter(([name]) => name === "received").length >= mostStations ? say("goes_round") : null;

/** An agent works in Outlook; what comes in an agent's name by mail is no act of the agent's. */
const fromAnAgent: Doubt = (_, { sender, agents }) =>
  sender !== null && agents.includes(sender) ? say("from_colleague") : null;

const doubts: Doubt[] = [noSender, spoofsUs, looksLikeAnother, notVerified, fromOurselves, goesRound, fromAnAgent];

export function doubtAbout(mail: ReadMail, evidence: Evidence): string | null {
  for (const doubt of doubts) {
    const because = doubt(mail, evidence);
    if (because) return because;
  }
  return null;
}
