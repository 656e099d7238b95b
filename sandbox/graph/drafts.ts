import {
  type AnswerKind,
  answerWords,
  carryAttachments,
  type DraftWords,
  createDraft as draft,
  writeProperties,
} from "../exchange/drafts.ts";
import { wellKnown } from "../exchange/mailboxes.ts";
import {
  etagOf,
  type Message,
  type MessageBody,
  type MessageFacts,
  type MessageFields,
  messageById,
  updateMessage,
  writeBody,
} from "../exchange/messages.ts";
import { previewOf } from "../exchange/text.ts";
import { appendLedger } from "../ledger.ts";
import { isMember } from "./access.ts";
import { attachTo } from "./attachments.ts";
import { folderNamed, type GraphCall, type GraphReply, messageIn, readJson } from "./call.ts";
import { AnswerInput, MessageInput } from "./input.ts";
import { created } from "./messages.ts";
import { mimeDraft } from "./mime.ts";
import { badRequest, GraphProblem } from "./problem.ts";

export async function createMessage(call: GraphCall): Promise<GraphReply> {
  const message = isMime(call) ? await mimeDraft(call) : writeDraft(call, readJson(call, MessageInput));
  return created(call, message);
}

/** MIME comes as text/plain in base64 (concepts/outlook-send-mime-message). */
export const isMime = (call: GraphCall) => /^text\/plain\b/i.test(call.request.headers["content-type"] ?? "");

export function writeDraft(call: GraphCall, input: MessageInput): Message {
  const folder = call.path.includes("mailFolders") ? folderNamed(call, call.param("folder")) : null;
  return call.store.transact(() => {
    const message = draft(call.store, call.mailbox, folder ?? wellKnown(call.store, call.mailbox.id, "drafts"), {
      subject: input.subject ?? "",
      fields: readFields(call, input),
      body: readBody(input),
      isRead: input.isRead ?? true,
      ...(input.internetMessageId ? { internetMessageId: input.internetMessageId } : {}),
      properties: input.singleValueExtendedProperties ?? [],
    });
    attachTo(call, message, input.attachments ?? []);
    return messageById(call.store, message.id);
  });
}

/** What may change in a mail at any time; the rest belongs to drafts (api/message-update). */
const draftOnly = [
  "subject",
  "body",
  "from",
  "sender",
  "toRecipients",
  "ccRecipients",
  "bccRecipients",
  "replyTo",
  "internetMessageId",
] as const;

export async function updateMessageIn(call: GraphCall): Promise<GraphReply> {
  const input = readJson(call, MessageInput);
  const message = messageIn(call);
  const ifMatch = call.request.headers["if-match"];
  if (ifMatch && ifMatch !== "*" && ifMatch !== etagOf(message)) {
    throw new GraphProblem(
      412,
      "ErrorIrresolvableConflict",
      "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.",
    );
  }
  if (input.internetMessageHeaders) {
    throw badRequest("Set internetMessageHeaders when the message is created.", "ErrorInvalidPropertySet");
  }
  const forbidden = draftOnly.find((name) => input[name] !== undefined && !message.isDraft);
  if (forbidden) {
    throw badRequest(
      `The property '${forbidden}' can only be changed while the message is a draft.`,
      "ErrorInvalidPropertySet",
    );
  }
  const changed = call.store.transact(() => change(call, message, input));
  return created(call, changed, 200);
}

function change(call: GraphCall, message: Message, input: MessageInput): Message {
  const facts: Partial<MessageFacts> = { fields: { ...message.fields, ...readFields(call, input) } };
  if (input.subject !== undefined) facts.subject = input.subject ?? "";
  if (typeof input.isRead === "boolean") facts.isRead = input.isRead;
  if (input.internetMessageId) facts.internetMessageId = input.internetMessageId;
  if (input.body) {
    const { headers: _, ...body } = readBody(input);
    writeBody(call.store, message.id, body);
    facts.bodyPreview = previewOf(body);
  }
  writeProperties(call.store, message.id, input.singleValueExtendedProperties ?? []);
  const changed = updateMessage(call.store, message, facts);
  if (changed.isDraft) appendLedger(call.store, "draft_changed", { message: changed });
  return changed;
}

export const createReply = (call: GraphCall) => createAnswer(call, "reply");
export const createReplyAll = (call: GraphCall) => createAnswer(call, "replyAll");
export const createForward = (call: GraphCall) => createAnswer(call, "forward");

async function createAnswer(call: GraphCall, kind: AnswerKind): Promise<GraphReply> {
  return created(call, await writeAnswer(call, kind));
}

/** The draft of an answer. What the caller gives in `message` stands in place of what Outlook would put there. */
export async function writeAnswer(call: GraphCall, kind: AnswerKind): Promise<Message> {
  const { comment, message: input, toRecipients } = readJson(call, AnswerInput);
  if (comment && input?.body) {
    throw badRequest("Specify either a comment or the body of the message, not both.", "ErrorInvalidRequest");
  }
  const original = messageIn(call);
  const words = answerWords(call.store, call.mailbox, original, kind, comment ?? "");
  const mine = input ? overlay(call, words, input) : words;
  const written = call.store.transact(() => {
    const message = draft(call.store, call.mailbox, wellKnown(call.store, call.mailbox.id, "drafts"), {
      ...mine,
      fields: { ...mine.fields, ...(toRecipients ? { toRecipients } : {}) },
    });
    attachTo(call, message, input?.attachments ?? []);
    return message;
  });
  await carryAttachments(call.store, original, written, kind);
  return messageById(call.store, written.id);
}

function overlay(call: GraphCall, words: DraftWords, input: MessageInput): DraftWords {
  const body = readBody(input);
  return {
    ...words,
    subject: input.subject ?? words.subject,
    fields: { ...words.fields, ...readFields(call, input) },
    body: input.body ? body : { ...words.body, headers: body.headers },
    properties: input.singleValueExtendedProperties ?? [],
  };
}

function readFields(call: GraphCall, input: MessageInput): Partial<MessageFields> {
  if (input.from) maySendAs(call, input.from.emailAddress.address);
  if (input.sender && !isCaller(call, input.sender.emailAddress.address))
    maySendAs(call, input.sender.emailAddress.address);
  const fields: Partial<MessageFields> = {};
  if (input.from) fields.from = input.from;
  if (input.sender) fields.sender = input.sender;
  if (input.toRecipients !== undefined) fields.toRecipients = input.toRecipients ?? [];
  if (input.ccRecipients !== undefined) fields.ccRecipients = input.ccRecipients ?? [];
  if (input.bccRecipients !== undefined) fields.bccRecipients = input.bccRecipients ?? [];
  if (input.replyTo !== undefined) fields.replyTo = input.replyTo ?? [];
  if (input.categories !== undefined) fields.categories = input.categories ?? [];
  if (input.importance) fields.importance = input.importance;
  if (input.inferenceClassification) fields.inferenceClassification = input.inferenceClassification;
  if (input.flag) fields.flag = input.flag;
  if (typeof input.isReadReceiptRequested === "boolean") fields.isReadReceiptRequested = input.isReadReceiptRequested;
  if (typeof input.isDeliveryReceiptRequested === "boolean") {
    fields.isDeliveryReceiptRequested = input.isDeliveryReceiptRequested;
  }
  return fields;
}

/** Who sends on behalf of a mailbox is its sender, and the mailbox stands in From. */
const isCaller = ({ caller }: GraphCall, address: string) =>
  caller.kind === "delegated" && caller.address.toLowerCase() === address.toLowerCase();

/** A mailbox sends as itself; a person also as a shared mailbox that she may open. */
export function maySendAs(call: GraphCall, address: string) {
  if (address.toLowerCase() === call.mailbox.address.toLowerCase()) return;
  if (
    call.caller.kind === "delegated" &&
    isMember(call.caller.address, address) &&
    call.caller.scopes.includes("Mail.Send.Shared")
  )
    return;
  throw new GraphProblem(
    403,
    "ErrorSendAsDenied",
    "The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.",
  );
}

function readBody(input: MessageInput): MessageBody {
  const content = input.body?.content ?? "";
  const isHtml = input.body?.contentType === "html";
  return {
    html: isHtml ? content : null,
    plain: isHtml ? null : content,
    headers: readHeaders(input.internetMessageHeaders),
  };
}

/** Exchange takes at most five headers of one's own, and only those that begin with x-. */
const mostHeaders = 5;

function readHeaders(headers: MessageInput["internetMessageHeaders"]): MessageBody["headers"] {
  if (!headers) return [];
  if (headers.length === 0 || headers.length > mostHeaders) {
    throw badRequest(
      "Maximum number of headers in one message should be less than or equal to 5.",
      "InvalidInternetMessageHeaderCollection",
    );
  }
  const wrong = headers.find(({ name }) => !/^x-/i.test(name));
  if (wrong) {
    throw badRequest(
      `The internet message header name '${wrong.name}' should start with 'x-' or 'X-'.`,
      "InvalidInternetMessageHeader",
    );
  }
  return headers.map(({ name, value }) => ({ name, value }));
}
