import PostalMime from "postal-mime";
import { writeContent } from "../exchange/content.ts";
import { attachParts } from "../exchange/deliver.ts";
import { createDraft } from "../exchange/drafts.ts";
import { newMessageId } from "../exchange/ids.ts";
import { wellKnown } from "../exchange/mailboxes.ts";
import { type Message, recipient, updateMessage } from "../exchange/messages.ts";
import { parseMail } from "../exchange/parse.ts";
import type { GraphCall } from "./call.ts";
import { maySendAs } from "./drafts.ts";
import { badRequest } from "./problem.ts";

/** A draft from a whole mail. Its bytes are what will be sent, without the Bcc line. */
export async function mimeDraft(call: GraphCall): Promise<Message> {
  const raw = decode(call.request.body.toString("latin1"));
  const mail = await parseMail(raw);
  const bcc = (await PostalMime.parse(raw)).bcc ?? [];
  if (mail.from) maySendAs(call, mail.from.address);
  const messageId = mail.messageId ?? newMessageId();
  const lines = mail.messageId ? "" : `Message-ID: ${messageId}\r\n`;
  const from = mail.from ? "" : `From: <${call.mailbox.address}>\r\n`;
  const bytes = Buffer.concat([Buffer.from(lines + from), withoutBcc(raw)]);

  return call.store.transact(() => {
    const draft = createDraft(call.store, call.mailbox, wellKnown(call.store, call.mailbox.id, "drafts"), {
      subject: mail.subject,
      internetMessageId: messageId,
      body: { html: mail.html, plain: mail.text, headers: [] },
      fields: {
        ...(mail.from ? { from: recipient(mail.from), sender: recipient(mail.sender ?? mail.from) } : {}),
        toRecipients: mail.to.map(recipient),
        ccRecipients: mail.cc.map(recipient),
        bccRecipients: bcc
          .flatMap((one) => one.group ?? [one])
          .map(({ name, address }) => recipient({ name, address: address ?? "" })),
        replyTo: mail.replyTo.map(recipient),
        importance: mail.importance,
      },
      properties: [],
    });
    attachParts(call.store, draft.id, mail.attachments, new Date());
    return updateMessage(call.store, draft, {
      contentId: writeContent(call.store, bytes),
      size: bytes.length,
      inReplyTo: mail.inReplyTo,
      references: mail.references.join(" "),
      hasAttachments: mail.attachments.some(({ isInline }) => !isInline),
    });
  });
}

function decode(text: string): Buffer {
  const compact = text.replace(/\s/g, "");
  if (!compact || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) {
    throw badRequest("Invalid base64 string for MIME content.", "ErrorMimeContentInvalidBase64String");
  }
  return Buffer.from(compact, "base64");
}

function withoutBcc(raw: Buffer): Buffer {
  const text = raw.toString("latin1");
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const head = text.slice(0, end + 1).replace(/^bcc[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*\n?/gim, "");
  return Buffer.from(head + text.slice(end + 1), "latin1");
}
