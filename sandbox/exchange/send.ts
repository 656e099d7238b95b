import { appendLedger } from "../ledger.ts";
import type { Store } from "../store.ts";
import { composeMime } from "./compose.ts";
import { readContent, writeContent } from "./content.ts";
import { deliver, sortRecipients } from "./deliver.ts";
import { newMessageId } from "./ids.ts";
import { type Mailbox, mailboxById } from "./mailboxes.ts";
import { graphTime, type Message, messageById, removeMessage } from "./messages.ts";
import type { SentCopies } from "./sent-copies.ts";
import { escapeHtml } from "./text.ts";

export type Sending = { store: Store; sentCopies: SentCopies };

/**
 * Sends a draft: the mail is made, the draft becomes the copy in Sent Items, and the mail is delivered
 * to everybody who has a mailbox here. The rest is kept as mail to the outside.
 */
export async function sendDraft({ store, sentCopies }: Sending, draft: Message, { keepCopy = true } = {}) {
  const sentAt = graphTime(new Date());
  const raw =
    draft.contentId === null ? await composeMime(store, { ...draft, sentAt }) : readContent(store, draft.contentId);
  const recipients = recipientsOf(draft);

  const sent = store.transact(() => {
    const current = messageById(store, draft.id);
    if (!current.isDraft) return null;
    const contentId = draft.contentId ?? writeContent(store, raw);
    appendLedger(store, "sent", { message: current, detail: { recipients } });
    sentCopies.keep(current, { contentId, size: raw.length, sentAt });
    return current;
  });
  if (!sent) return;

  const sender = mailboxById(store, draft.mailboxId);
  const from = draft.fields.from?.emailAddress.address ?? sender?.address ?? "";
  await deliver(store, raw, { from, to: recipients });
  if (sender) await returnUndeliverable(store, sender, sent, sortRecipients(store, recipients).unknown);
  if (!keepCopy) store.transact(() => removeMessage(store, messageById(store, sent.id)));
}

export const recipientsOf = ({ fields: { toRecipients, ccRecipients, bccRecipients } }: Message) => [
  ...new Set([...toRecipients, ...ccRecipients, ...bccRecipients].map((one) => one.emailAddress.address)),
];

/** RFC 3464: what Exchange sends back when our own tenant has no such mailbox. */
async function returnUndeliverable(store: Store, sender: Mailbox, sent: Message, unknown: string[]) {
  if (unknown.length === 0) return;
  const boundary = `=_${newMessageId().slice(1, 25)}`;
  const postmaster = "postmaster@sandbox.protection.test";
  const report = [
    `From: Microsoft Outlook <${postmaster}>`,
    `To: <${sender.address}>`,
    `Subject: Undeliverable: ${sent.subject.replace(/[^\x20-\x7e]/g, "?")}`,
    `Message-ID: ${newMessageId()}`,
    `In-Reply-To: ${sent.internetMessageId}`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: text/html; charset=utf-8",
    "",
    `<p>Your message could not be delivered to ${unknown.map(escapeHtml).join(", ")}: there is no such mailbox.</p>`,
    `--${boundary}`,
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; sandbox.protection.test",
    "",
    ...unknown.flatMap((address) => [
      `Final-Recipient: rfc822; ${address}`,
      "Action: failed",
      "Status: 5.1.10",
      "Diagnostic-Code: smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
      "",
    ]),
    `--${boundary}--`,
    "",
  ].join("\r\n");
  await deliver(store, Buffer.from(report), { from: "", to: [sender.address] });
  appendLedger(store, "undeliverable", { message: sent, detail: { recipients: unknown } });
}
