import { z } from "zod";
import { type Attachment, type Mail, recipientOf, toBase64 } from "../graph/client.ts";
import { type Calls, executeCall } from "./call.ts";
import {
  done,
  failure,
  type InitialData,
  type ItemModel,
  itemType,
  outlookError,
  value,
  type WireAddress,
  type WireAttachment,
} from "./item.ts";
import { mailboxCalls } from "./mailbox-calls.ts";
import { notificationCalls } from "./notifications.ts";
import { type Notification, nothingSelected, type Surroundings } from "./surroundings.ts";

export type OpenMail = { mail: Mail; attachments: Attachment[] };

/** A mail that is being read, as an add-in sees it. */
export function readItem(
  { mail, attachments }: OpenMail,
  around: Surroundings,
  onNotifications: (all: Notification[]) => void,
): ItemModel {
  const calls: Calls = {
    ...mailboxCalls(around, mail.id),
    ...notificationCalls(onNotifications),
    ...readCalls(mail, attachments, around),
  };
  return {
    initialData: () => ({ ...nothingSelected(around), ...readData(mail, attachments, around) }),
    execute: (dispatchId, params) => executeCall(calls, around.addIn.permission, dispatchId, params),
  };
}

function readData(mail: Mail, attachments: Attachment[], around: Surroundings): Partial<InitialData> {
  const subject = mail.subject ?? "";
  return {
    itemType: itemType.messageRead,
    id: mail.id,
    itemClass: "IPM.Note",
    subject,
    normalizedSubject: subject.replace(/^((re|aw|fw|fwd|wg)\s*:\s*)+/i, ""),
    conversationId: mail.conversationId ?? "",
    internetMessageId: mail.internetMessageId ?? "",
    from: wireAddress(mail.from, around),
    sender: wireAddress(mail.sender ?? mail.from, around),
    to: mail.toRecipients.map((each) => wireAddress(each, around)),
    cc: mail.ccRecipients.map((each) => wireAddress(each, around)),
    dateTimeCreated: Date.parse(mail.createdDateTime ?? mail.receivedDateTime ?? ""),
    dateTimeModified: Date.parse(mail.lastModifiedDateTime ?? mail.receivedDateTime ?? ""),
    dateTimeSent: Date.parse(mail.sentDateTime ?? mail.receivedDateTime ?? ""),
    attachments: attachments.map(wireAttachment),
    isRead: mail.isRead ?? false,
    isRestIdSupported: true,
    isFromSharedFolder: around.shared && around.addIn.sharedFolders,
  };
}

function readCalls(mail: Mail, attachments: Attachment[], around: Surroundings): Calls {
  const { mailbox } = around;
  return {
    // body.getAsync
    37: {
      needs: "ReadItem",
      run: (params) => {
        const asHtml = z.object({ coercionType: z.number() }).parse(params).coercionType === 3;
        return value(asHtml ? htmlOf(mail) : textOf(mail));
      },
    },
    // item.getAllInternetHeadersAsync
    168: { needs: "ReadItem", run: async () => value(await mailbox.headers(mail.id)) },
    // getAttachmentContentAsync
    150: {
      needs: "ReadItem",
      run: async (params) => {
        const { id } = z.object({ id: z.string() }).parse(params);
        const attachment = attachments.find((each) => each.id === id);
        if (!attachment) return failure(outlookError.invalidAttachmentId);
        const bytes = new Uint8Array(await (await mailbox.content(mail.id, id)).arrayBuffer());
        return isItem(attachment)
          ? value({ content: new TextDecoder().decode(bytes), format: "eml" })
          : value({ content: toBase64(bytes), format: "base64" });
      },
    },
    // item.categories: get, add, remove
    157: { needs: "ReadItem", run: () => value((mail.categories ?? []).map(category)) },
    158: { needs: "ReadWriteItem", run: (params) => categorize([...(mail.categories ?? []), ...namesIn(params)]) },
    159: {
      needs: "ReadWriteItem",
      run: (params) => categorize((mail.categories ?? []).filter((each) => !namesIn(params).includes(each))),
    },
    // displayReplyForm and displayReplyAllForm: with a string, with an object, and their Async forms
    ...Object.fromEntries([10, 30, 181, 183].map((id) => [id, { needs: "ReadItem", run: reply("reply") }])),
    ...Object.fromEntries([11, 31, 182, 184].map((id) => [id, { needs: "ReadItem", run: reply("replyAll") }])),
    // getSharedPropertiesAsync
    108: {
      needs: "ReadItem",
      run: () =>
        value({
          owner: mailbox.address,
          targetRestUrl: nothingSelected(around).restUrl,
          targetMailbox: mailbox.address,
          // Office.MailboxEnums.DelegatePermissions: read, write, delete own, delete all, edit own, edit all.
          delegatePermissions: 63,
        }),
    },
  };

  async function categorize(names: string[]) {
    mail.categories = [...new Set(names)];
    await mailbox.update(mail.id, { categories: mail.categories });
    return done;
  }

  function reply(kind: "reply" | "replyAll") {
    return (params: unknown) => {
      const { htmlBody } = z.object({ htmlBody: z.string().nullish() }).parse(params ?? {});
      around.open({ kind, mailId: mail.id, html: htmlBody ?? "" });
      return done;
    };
  }
}

const namesIn = (params: unknown) => z.object({ categories: z.array(z.string()) }).parse(params).categories;

const category = (displayName: string) => ({ displayName, color: "Preset0" });

const isItem = (attachment: Attachment) => attachment["@odata.type"] === "#microsoft.graph.itemAttachment";

export function wireAttachment(attachment: Attachment): WireAttachment {
  return {
    id: attachment.id,
    name: attachment.name ?? "",
    contentType: attachment.contentType ?? "application/octet-stream",
    size: attachment.size,
    attachmentType: isItem(attachment) ? 1 : 0,
    isInline: attachment.isInline,
  };
}

/** 2 is somebody of the own organization, 3 anybody else. */
function wireAddress(from: Mail["from"], { person }: Surroundings): WireAddress {
  const { name, address } = recipientOf(from);
  const domain = (whole: string) => whole.split("@").at(-1)?.toLowerCase();
  return { name, address, recipientType: domain(address) === domain(person.address) ? 2 : 3 };
}

const htmlOf = ({ body }: Mail) =>
  body.contentType.toLowerCase() === "html"
    ? body.content
    : `<html><body><pre>${escapeHtml(body.content)}</pre></body></html>`;

function textOf({ body }: Mail): string {
  if (body.contentType.toLowerCase() !== "html") return body.content;
  const parsed = new DOMParser().parseFromString(body.content, "text/html");
  for (const unread of parsed.querySelectorAll("style, script, head")) unread.remove();
  for (const line of parsed.querySelectorAll("br, p, div, tr, li, h1, h2, h3, blockquote")) line.append("\n");
  return (parsed.body.textContent ?? "").replace(/\n{3,}/g, "\n\n").trim();
}

export const escapeHtml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
