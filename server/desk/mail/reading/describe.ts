import type { MailAddress, ReadMail } from "./read-mail.ts";

/** Whose mail it is and where it belongs, as `mail/matching/explain-match.ts` finds out. */
export type ExplainedMatch = {
  match: {
    contact: { id: string; name: string; address: string } | null;
    organization: { id: string; name: string } | null;
    ticket: { number: number; subject: string } | null;
    because: string[];
  };
  held: { because: string } | null;
};

export type Explained = { file: string | null; mail: ReadMail; matched: ExplainedMatch | null };

/** What was read in a mail, for a person at a terminal. */
export function describeMail({ file, mail, matched }: Explained): string {
  const lines: [label: string, words: string | null | undefined][] = [
    ["File", file],
    ["Subject", mail.subject || "(none)"],
    ["From", mail.from ? person(mail.from) : "(nobody)"],
    ["Sender", mail.sender && person(mail.sender)],
    ["To", people(mail.to)],
    ["Cc", people(mail.cc)],
    ["Reply-To", people(mail.replyTo)],
    ["Date", mail.date?.toISOString()],
    ["Message-ID", mail.messageId],
    ["Answers", mail.inReplyTo],
    ["Kind", kindOf(mail)],
    ["No automatic answer", mail.automatic?.because],
    [
      "Forward",
      mail.forward &&
        `of a mail from ${mail.forward.from ? person(mail.forward.from) : "somebody"}: ${mail.forward.because}`,
    ],
    [
      "Appointment",
      mail.calendar &&
        [mail.calendar.method, mail.calendar.summary, mail.calendar.start, mail.calendar.location]
          .filter(Boolean)
          .join(" · "),
    ],
    ["List", mail.listId],
    ["Protected", mail.protection?.replace("_", " ")],
    ["Sender is", `${authenticity(mail)}`],
    ...mail.attachments.map(({ name, type, size, inline }): [string, string] => [
      inline ? "Inline file" : "Attachment",
      `${name ?? "(no name)"}, ${type}, ${size.toLocaleString("en")} bytes`,
    ]),
    ["Contact", matched?.match.contact && `${matched.match.contact.name} <${matched.match.contact.address}>`],
    ["Organization", matched?.match.organization?.name],
    ["Ticket", matched?.match.ticket && `#${matched.match.ticket.number} ${matched.match.ticket.subject}`],
    ...(matched?.match.because ?? []).map((because): [string, string] => ["Because", because]),
    ["Held", matched?.held?.because],
    ...mail.warnings.map((warning): [string, string] => ["Warning", warning]),
  ];
  const table = lines.filter(([, words]) => words).map(([label, words]) => `${label.padEnd(19)} ${words}`);
  return [
    ...table,
    "",
    "New words",
    indent(mail.visibleText),
    ...(mail.quotedText ? ["", "Quoted", indent(mail.quotedText)] : []),
    "",
  ].join("\n");
}

function kindOf(mail: ReadMail): string {
  switch (mail.kind) {
    case "bounce":
      return `bounce: ${mail.bounce?.recipient ?? "somebody"} did not get it (${mail.bounce?.status ?? "no status"}, ${mail.bounce?.permanent ? "for good" : "for now"})`;
    case "auto_reply":
      return `automatic reply: ${mail.autoReply?.because}`;
    case "feedback_report":
      return `feedback report: ${mail.feedbackReport?.type ?? "of no type"}`;
    case "calendar":
      return `calendar: ${mail.calendar?.method ?? "of no method"}`;
    case "message":
      return "message";
  }
}

function authenticity({ authentication }: ReadMail): string {
  if (authentication.verdict === "none") return "not authenticated by a server that we trust";
  const { spf, dkim, dmarc } = authentication;
  return `${authentication.verdict === "pass" ? "authenticated" : "not who the mail says"} (SPF ${spf ?? "—"}, DKIM ${dkim ?? "—"}, DMARC ${dmarc ?? "—"})`;
}

const person = ({ name, address }: MailAddress) => (name && address ? `${name} <${address}>` : name || address);
const people = (list: MailAddress[]) => list.map(person).join(", ");
const indent = (text: string) => text.replace(/^/gm, "  ");
