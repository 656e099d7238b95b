import { appendLedger } from "../ledger.ts";
import type { Store } from "../store.ts";
import { authenticationHeader, authenticationServer, judge, withoutForgedResults } from "./authenticate.ts";
import { writeContent } from "./content.ts";
import { conversationIdFor, conversationIndexAfter, newAttachmentId, newMessageId } from "./ids.ts";
import { isOurs, type Mailbox, mailboxOf, type WellKnownFolder, wellKnown } from "./mailboxes.ts";
import { emptyFields, graphTime, insertMessage, type Message, recipient } from "./messages.ts";
import { type ParsedAttachment, type ParsedMail, parseMail } from "./parse.ts";
import { previewOf } from "./text.ts";

export type Envelope = { from: string; to: readonly string[] };

export type DeliverOptions = { receivedAt?: Date | undefined; folder?: WellKnownFolder | undefined; client?: string };

/** Where the recipients of a mail are: in a mailbox here, in our tenant but unknown, or outside the sandbox. */
export function sortRecipients(store: Store, addresses: readonly string[]) {
  const mailboxes = new Map<number, Mailbox>();
  const unknown: string[] = [];
  const outside: string[] = [];
  for (const address of addresses) {
    const mailbox = mailboxOf(store, address);
    if (mailbox) mailboxes.set(mailbox.id, mailbox);
    else (isOurs(address) ? unknown : outside).push(address);
  }
  return { mailboxes: [...mailboxes.values()], unknown, outside };
}

/**
 * A mail arrives: stamped as Exchange stamps it, and durably in every addressed mailbox when this returns.
 * The sender's bytes stay as they came, after the stamp.
 */
export async function deliver(
  store: Store,
  raw: Buffer,
  envelope: Envelope,
  options: DeliverOptions = {},
): Promise<Message[]> {
  const { mailboxes, outside } = sortRecipients(store, envelope.to);
  const received = options.receivedAt ?? new Date();
  const mail = await parseMail(raw);
  const messageId = mail.messageId ?? newMessageId();
  const stamped = stamp(store, raw, envelope, mail, messageId, received, options.client);
  const headers = [...stampedHeaders(stamped.stamp), ...mail.headers.filter(({ name }) => !forged(stamped, name))];

  return store.transact(() => {
    const contentId = writeContent(store, stamped.raw);
    if (outside.length > 0) keepOutside(store, envelope.from, outside, contentId);
    return mailboxes.map((mailbox) => {
      const message = file(
        store,
        mailbox,
        { ...mail, messageId, headers },
        contentId,
        stamped.raw.length,
        received,
        options,
      );
      appendLedger(store, "delivered", { message, detail: { from: envelope.from } });
      return message;
    });
  });
}

type Stamped = { raw: Buffer; stamp: string; strippedForgery: boolean };

function stamp(
  store: Store,
  raw: Buffer,
  envelope: Envelope,
  mail: ParsedMail,
  messageId: string,
  received: Date,
  client = "localhost",
): Stamped {
  const from = mail.from?.address || null;
  const original = withoutForgedResults(raw);
  // Our results stand first and Received last: a mail that begins with a blank could only lengthen the latter.
  const lines = [
    `Return-Path: <${envelope.from}>`,
    authenticationHeader(judge(store, envelope.from, from), envelope.from, from),
    ...(mail.messageId ? [] : [`Message-ID: ${messageId}`]),
    `Received: from ${client.replace(/[^\w.:[\]-]/g, "")} by ${authenticationServer} with SMTP; ${received.toUTCString().replace("GMT", "+0000")}`,
  ];
  const text = `${lines.join("\r\n")}\r\n`;
  return { raw: Buffer.concat([Buffer.from(text), original]), stamp: text, strippedForgery: original !== raw };
}

const stampedHeaders = (stamp: string) =>
  stamp
    .replace(/\r\n[ \t]/g, " ")
    .split("\r\n")
    .filter(Boolean)
    .map((line) => ({ name: line.slice(0, line.indexOf(":")), value: line.slice(line.indexOf(":") + 1).trim() }));

const forged = ({ strippedForgery }: Stamped, name: string) =>
  strippedForgery && name.toLowerCase() === "authentication-results";

function file(
  store: Store,
  mailbox: Mailbox,
  mail: ParsedMail & { messageId: string },
  contentId: number,
  size: number,
  received: Date,
  options: DeliverOptions,
): Message {
  const parent = threadParent(store, mailbox.id, mail);
  const root = mail.references[0] ?? mail.inReplyTo ?? mail.messageId;
  const body = { html: mail.html, plain: mail.text, headers: mail.headers };
  const message = insertMessage(
    store,
    wellKnown(store, mailbox.id, options.folder ?? "inbox"),
    {
      subject: mail.subject,
      bodyPreview: previewOf(body),
      internetMessageId: mail.messageId,
      inReplyTo: mail.inReplyTo,
      references: mail.references.join(" "),
      conversationId: parent?.conversationId ?? conversationIdFor(mailbox.id, root),
      conversationIndex: mail.threadIndex ?? conversationIndexAfter(parent?.conversationIndex ?? null),
      hasAttachments: mail.attachments.some(({ isInline }) => !isInline),
      isRead: false,
      isDraft: false,
      receivedAt: graphTime(received),
      sentAt: graphTime(mail.date ?? received),
      contentId,
      size,
      fields: {
        ...emptyFields,
        from: mail.from && recipient(mail.from),
        sender: (mail.sender ?? mail.from) && recipient(mail.sender ?? mail.from ?? { name: "", address: "" }),
        toRecipients: mail.to.map(recipient),
        ccRecipients: mail.cc.map(recipient),
        replyTo: mail.replyTo.map(recipient),
        importance: mail.importance,
      },
    },
    body,
  );
  attachParts(store, message.id, mail.attachments, received);
  return message;
}

/** The newest mail of this mailbox that the arriving one answers. */
function threadParent(store: Store, mailboxId: number, mail: { inReplyTo: string | null; references: string[] }) {
  for (const id of [mail.inReplyTo, ...mail.references.toReversed()]) {
    const found = store.one<{ conversationId: string; conversationIndex: string }>(
      `select conversation_id as conversationId, conversation_index as conversationIndex
       from message where mailbox_id = ? and internet_message_id = ? limit 1`,
      mailboxId,
      id,
    );
    if (found) return found;
  }
  return undefined;
}

/** Notes the files of a mail; their bytes stay in the mail itself. */
export function attachParts(store: Store, messageId: number, attachments: ParsedAttachment[], at: Date) {
  for (const attachment of attachments) attach(store, messageId, attachment, at);
}

function attach(store: Store, messageId: number, attachment: ParsedAttachment, at: Date) {
  store.run(
    `insert into attachment (message_id, public_id, kind, name, content_type, size, is_inline, cid, part, modified_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    messageId,
    newAttachmentId(),
    attachment.kind,
    attachment.name,
    attachment.contentType,
    attachment.size,
    Number(attachment.isInline),
    attachment.cid,
    attachment.part,
    graphTime(at),
  );
}

/** Nothing leaves this machine: what is addressed elsewhere is kept here to be read. */
function keepOutside(store: Store, sender: string, recipients: string[], contentId: number) {
  const at = new Date().toISOString();
  store.run(
    "insert into outside (at, sender, recipients, content_id) values (?, ?, ?, ?)",
    at,
    sender,
    JSON.stringify(recipients),
    contentId,
  );
  appendLedger(store, "left_the_tenant", { mailbox: sender, detail: { recipients } });
}
