import type { Prisma } from "../../../prisma/generated/desk/client.ts";
import { canonicalAddress } from "../../platform/mail-address.ts";
import type { DeskTransaction } from "../database.ts";
import { newId } from "../new-id.ts";
import type { Match } from "./matching/match.ts";
import type { KeptRaw } from "./reading/read-kept.ts";
import type { ReadMail } from "./reading/read-mail.ts";

/** A mail whose bytes and files lie in the file store. */
export type StoredMail = { mail: ReadMail; raw: KeptRaw };

export type Kept = {
  mailboxId: string;
  immutableId: string;
  conversationId: string | null;
  fingerprint: string;
  receivedAt: Date;
  match: Match;
};

/** Writes the mail, unless it is there already, and says whether it did. One statement, because this is done for every mail there is. */
export async function writeMessage(
  tx: DeskTransaction,
  id: string,
  { mail, raw }: StoredMail,
  { mailboxId, immutableId, conversationId, fingerprint, receivedAt, match }: Kept,
): Promise<boolean> {
  const message = {
    ...columnsOf(mail),
    mailboxId,
    immutableId,
    conversationId,
    fingerprint,
    receivedAt,
    match: json(match),
    heldBecause: match.heldBecause && clean(match.heldBecause),
    rawSha256: raw.sha256,
    rawSize: raw.size,
  };
  const [created] = await tx.$queryRaw<{ id: string }[]>`
    with kept as (
      insert into messages (id, mailbox_id, immutable_id, conversation_id, fingerprint, received_at, internet_message_id,
        in_reply_to, "references", kind, subject, from_name, from_address, recipients, sent_at, text, visible_text,
        quoted_text, html, visible_html, quoted_html, authentication, match, details, warnings, held_because, raw_sha256, raw_size)
      select ${id}::uuid, m."mailboxId", m."immutableId", m."conversationId", m.fingerprint, m."receivedAt", m."internetMessageId",
        m."inReplyTo", m."references", m.kind, m.subject, m."fromName", m."fromAddress", m.recipients, m."sentAt", m.text, m."visibleText",
        m."quotedText", m.html, m."visibleHtml", m."quotedHtml", m.authentication, m.match, m.details, m.warnings, m."heldBecause", m."rawSha256", m."rawSize"
      from json_to_record(${JSON.stringify(message)}::json) m("mailboxId" uuid, "immutableId" text, "conversationId" text,
        fingerprint text, "receivedAt" timestamptz, "internetMessageId" text, "inReplyTo" text, "references" text[],
        kind "MessageKind", subject text, "fromName" text, "fromAddress" text, recipients jsonb, "sentAt" timestamptz,
        text text, "visibleText" text, "quotedText" text, html text, "visibleHtml" text, "quotedHtml" text,
        authentication jsonb, match jsonb, details jsonb, warnings text[], "heldBecause" text, "rawSha256" text, "rawSize" int)
      on conflict do nothing returning id
    ), files as (
      insert into attachments (id, message_id, position, name, type, size, sha256, content_id, inline)
      select a.id, kept.id, a.position, a.name, a.type, a.size, a.sha256, a."contentId", a.inline
      from kept, json_to_recordset(${JSON.stringify(attachmentsOf(mail))}::json) a(id uuid, position int, name text, type text,
        size int, sha256 text, "contentId" text, inline bool)
    )
    select id from kept`;
  return created !== undefined;
}

/** What a message row says of a mail. PostgreSQL's text takes every character but NUL. */
export function columnsOf(mail: ReadMail) {
  const { to, cc, replyTo, bounce, autoReply, automatic, feedbackReport, forward, calendar, listId, protection } = mail;
  return {
    internetMessageId: mail.messageId && clean(mail.messageId),
    inReplyTo: mail.inReplyTo && clean(mail.inReplyTo),
    references: mail.references.map(clean),
    kind: mail.kind,
    subject: clean(mail.subject),
    fromName: clean(mail.from?.name ?? ""),
    fromAddress: fromAddressOf(mail),
    recipients: json({ to, cc, replyTo }),
    sentAt: mail.date,
    text: clean(mail.text),
    visibleText: clean(mail.visibleText),
    quotedText: clean(mail.quotedText),
    html: clean(mail.html),
    visibleHtml: clean(mail.visibleHtml),
    quotedHtml: clean(mail.quotedHtml),
    authentication: json(mail.authentication),
    details: json({ bounce, autoReply, automatic, feedbackReport, forward, calendar, listId, protection }),
    warnings: mail.warnings.map(clean),
  };
}

/** Canonical; one that programs read differently as it stands, which is nobody's. */
export function fromAddressOf({ from }: ReadMail): string {
  const written = from?.address ?? "";
  return canonicalAddress(written) ?? clean(written.toLowerCase());
}

function attachmentsOf(mail: ReadMail) {
  return mail.attachments.map(({ name, type, size, sha256, contentId, inline }, position) => ({
    id: newId(),
    position,
    name: clean(name ?? nameless(type, position)),
    type: clean(type),
    size,
    sha256,
    contentId: contentId && clean(contentId),
    inline,
  }));
}

const nameless = (type: string, position: number) =>
  type === "message/rfc822" ? `attached mail ${position + 1}.eml` : `file ${position + 1}`;

/** NUL and lone surrogates, which UTF-8 cannot carry. */
const clean = (text: string) => text.replaceAll("\0", "").toWellFormed();

/** Plain JSON, with dates as text, for a jsonb column: its texts are cleaned before they are escaped. */
const json = (value: unknown): Prisma.InputJsonValue =>
  JSON.parse(JSON.stringify(value, (_, inside: unknown) => (typeof inside === "string" ? clean(inside) : inside)));
