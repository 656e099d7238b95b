import { readAddresses } from "./addresses.ts";
import { readAttachment } from "./attachments.ts";
import { collectBodies } from "./bodies.ts";
import { readDate } from "./date.ts";
import { readMessageIds } from "./message-ids.ts";
import { field, type HeaderField, readable } from "./mime/headers.ts";
import { readMime } from "./mime/tree.ts";
import type { MailAddress, ReadMail, ReadOptions } from "./read-mail.ts";
import { htmlToText, safeHtml, textToHtml } from "./safe-html.ts";

const NOBODY_TRUSTED: ReadOptions = { trustedAuthservIds: [] };

/** Parses and understands one mail. Never throws: what cannot be read is empty, and `warnings` says so. */
export async function readMail(raw: Uint8Array, options: ReadOptions = NOBODY_TRUSTED): Promise<ReadMail> {
  const { root, warnings } = readMime(raw);
  const bodies = collectBodies(root);
  const html = bodies.html === null ? "" : safeHtml(bodies.html);
  const text = bodies.text ?? htmlToText(html);
  return {
    ...readEnvelope(root.fields),
    text,
    visibleText: text,
    quotedText: "",
    html,
    visibleHtml: html || textToHtml(text),
    quotedHtml: "",
    attachments: bodies.attached.map(({ part, inline }) => readAttachment(part, inline)),
    kind: "message",
    bounce: null,
    autoReply: null,
    feedbackReport: null,
    forward: null,
    calendar: null,
    listId: null,
    protection: null,
    authentication: {
      spf: null,
      dkim: null,
      dmarc: null,
      verdict: options.trustedAuthservIds.length > 0 ? "none" : "none",
    },
    warnings: [...warnings, ...bodies.warnings],
  };
}

function readEnvelope(fields: HeaderField[]) {
  const value = (name: string) => readable(field(fields, name) ?? "");
  const addresses = (name: string): MailAddress[] =>
    fields.filter((one) => one.name === name).flatMap(({ raw }) => readAddresses(raw));
  return {
    subject: value("subject"),
    from: addresses("from")[0] ?? null,
    sender: addresses("sender")[0] ?? null,
    to: addresses("to"),
    cc: addresses("cc"),
    replyTo: addresses("reply-to"),
    date: readDate(value("date")),
    messageId: readMessageIds(value("message-id"))[0] ?? null,
    inReplyTo: readMessageIds(value("in-reply-to"))[0] ?? null,
    references: readMessageIds(value("references")),
    headers: fields.map(({ name, raw }): [string, string] => [name, readable(raw)]),
  };
}
