import { z } from "zod";
import type { Ask } from "./ask.ts";
import { messageOf, messagesOf } from "./paths.ts";
import { isTrouble } from "./trouble.ts";

export const KnownMail = z.object({
  id: z.string(),
  isDraft: z.boolean(),
  internetMessageId: z.string().nullish(),
  conversationId: z.string().nullish(),
});
export type KnownMail = z.infer<typeof KnownMail>;

type Named = { name: string; address: string };

export type DraftWords = {
  to: Named[];
  cc: Named[];
  replyTo: Named[];
  subject: string;
  html: string;
  /** Names the effect; a mail that was drafted or sent can be found by it. */
  key: string;
  /** Names begin with x-; Exchange takes five at most. */
  headers: Record<string, string>;
  /** Nobody wrote it by hand: other programs are told not to answer it. */
  automatic: boolean;
};

/** Our own name in the mail's properties. The GUID is ours: made once, never changed. */
export const keyProperty = "String {7f6ad3b1-52f4-4a53-9b0e-d3a1c0f9e642} Name DeskhatchKey";

/**
 * MAPI's PS_INTERNET_HEADERS: the way to a header that Graph's own list refuses because it does not begin with x-
 * ([MS-OXPROPS] 1.3.2). RFC 3834 section 5 wants Auto-Submitted on what programs send.
 */
const autoSubmitted = "String {00020386-0000-0000-C000-000000000046} Name Auto-Submitted";

/** `answers`: the immutable id of the mail whose thread it continues. The words are ours: what Outlook would quote is not in it. */
export async function createDraft(
  ask: Ask,
  mailbox: string,
  words: DraftWords,
  answers: string | null,
): Promise<KnownMail> {
  const message = newDraft(words);
  if (!answers) return ask.json(KnownMail, { mailbox, method: "post", path: messagesOf(mailbox), body: message });

  const path = `${messageOf(mailbox, answers)}/createReply`;
  const draft = await ask.json(KnownMail, { mailbox, method: "post", path, body: { message } });
  // A reply is made with the recipients, history and images that Outlook proposes; only ours may go out.
  await patchDraft(ask, mailbox, draft.id, words);
  await removeFiles(ask, mailbox, draft.id);
  return draft;
}

/** Headers can be given only while the draft is made (https://learn.microsoft.com/graph/api/message-update). */
export function newDraft(words: DraftWords) {
  const headers = Object.entries(words.headers).map(([name, value]) => ({ name, value }));
  return { ...wordsOf(words), ...(headers.length > 0 && { internetMessageHeaders: headers }) };
}

async function removeFiles(ask: Ask, mailbox: string, draftId: string) {
  const path = `${messageOf(mailbox, draftId)}/attachments`;
  const { value } = await ask.json(Files, { mailbox, method: "get", path: `${path}?$select=id` });
  for (const { id } of value) await ask.done({ mailbox, method: "delete", path: `${path}/${encodeURIComponent(id)}` });
}

const Files = z.object({ value: z.array(z.object({ id: z.string() })) });

export const patchDraft = (ask: Ask, mailbox: string, draftId: string, words: DraftWords) =>
  ask.done({ mailbox, method: "patch", path: messageOf(mailbox, draftId), body: wordsOf(words) });

function wordsOf({ to, cc, replyTo, subject, html, key, automatic }: DraftWords) {
  return {
    subject,
    body: { contentType: "html", content: html },
    toRecipients: to.map(recipient),
    ccRecipients: cc.map(recipient),
    bccRecipients: [],
    replyTo: replyTo.map(recipient),
    singleValueExtendedProperties: [
      { id: keyProperty, value: key },
      ...(automatic ? [{ id: autoSubmitted, value: "auto-generated" }] : []),
    ],
  };
}

const recipient = ({ name, address }: Named) => ({ emailAddress: { name: name || address, address } });

export async function discardDraft(ask: Ask, mailbox: string, draftId: string) {
  try {
    await ask.done({ mailbox, method: "delete", path: messageOf(mailbox, draftId) });
  } catch (error) {
    if (!isTrouble(error, "gone")) throw error;
  }
}

/** 202 means accepted, not sent; the copy appears in Sent Items later (https://learn.microsoft.com/graph/outlook-things-to-know-about-send-mail). */
export const sendDraft = (ask: Ask, mailbox: string, draftId: string) =>
  ask.done({
    mailbox,
    matter: "sending",
    method: "post",
    path: `${messageOf(mailbox, draftId)}/send`,
    body: {},
  });
