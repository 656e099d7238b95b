import { attachmentsOf } from "../exchange/compose.ts";
import type { AnswerKind } from "../exchange/drafts.ts";
import type { Message } from "../exchange/messages.ts";
import { recipientsOf, sendDraft } from "../exchange/send.ts";
import { draftIn } from "./attachments.ts";
import { type GraphCall, type GraphReply, readJson } from "./call.ts";
import { isMime, maySendAs, writeAnswer, writeDraft } from "./drafts.ts";
import { SendMailInput } from "./input.ts";
import { mimeDraft } from "./mime.ts";
import { badRequest } from "./problem.ts";

/** Accepted, with no body and no id: who sent must look for the copy in Sent Items. */
const accepted: GraphReply = { status: 202 };

/** Exchange's default limit of a whole message (35 MB). Base64 makes four bytes of three. */
const largestMail = 35 * 1024 * 1024;

export async function send(call: GraphCall): Promise<GraphReply> {
  return sendOut(call, draftIn(call));
}

export async function sendMail(call: GraphCall): Promise<GraphReply> {
  if (isMime(call)) return sendOut(call, await mimeDraft(call));
  const { message, saveToSentItems } = readJson(call, SendMailInput);
  return sendOut(call, writeDraft(call, message), saveToSentItems ?? true);
}

export const reply = (call: GraphCall) => answer(call, "reply");
export const replyAll = (call: GraphCall) => answer(call, "replyAll");
export const forward = (call: GraphCall) => answer(call, "forward");

async function answer(call: GraphCall, kind: AnswerKind): Promise<GraphReply> {
  return sendOut(call, await writeAnswer(call, kind));
}

async function sendOut(call: GraphCall, draft: Message, keepCopy = true): Promise<GraphReply> {
  if (draft.fields.from) maySendAs(call, draft.fields.from.emailAddress.address);
  if (recipientsOf(draft).length === 0)
    throw badRequest("At least one recipient is not valid: there is none.", "ErrorInvalidRecipients");
  const size = attachmentsOf(call.store, draft.id).reduce((sum, one) => sum + (one.size * 4) / 3, 0);
  if (size > largestMail)
    throw badRequest("The message exceeds the maximum supported size.", "ErrorMessageSizeExceeded");
  await sendDraft(call, draft, { keepCopy });
  return accepted;
}
