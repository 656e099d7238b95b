import { randomBytes } from "node:crypto";
import { appendContent, dropUnusedContent, newContent } from "../exchange/content.ts";
import { addStoredAttachment } from "../exchange/drafts.ts";
import { mailboxById } from "../exchange/mailboxes.ts";
import { messageById } from "../exchange/messages.ts";
import type { Store } from "../store.ts";
import { draftIn, smallestUpload } from "./attachments.ts";
import { type GraphCall, type GraphReply, metadata, readJson } from "./call.ts";
import { UploadInput } from "./input.ts";
import { badRequest, GraphProblem, itemNotFound } from "./problem.ts";

/** Outlook takes attachments of up to 150 MB, in pieces of up to 4 MB (concepts/outlook-large-attachments). */
const largestUpload = 150 * 1024 * 1024;
export const largestChunk = 4 * 1024 * 1024;
const sessionHours = 2;

export function createUploadSession(call: GraphCall): GraphReply {
  const message = draftIn(call);
  const { attachmentItem } = readJson(call, UploadInput);
  if (attachmentItem.size < smallestUpload) {
    throw badRequest(
      "The attachment size should not be less than the minimum size of 3 MB. Post it in one request.",
      "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
    );
  }
  if (attachmentItem.size > largestUpload) {
    throw new GraphProblem(
      413,
      "ErrorAttachmentSizeLimitExceeded",
      "The attachment exceeds the maximum size of 150 MB.",
    );
  }
  const token = randomBytes(24).toString("base64url");
  const expires = new Date(Date.now() + sessionHours * 3_600_000).toISOString();
  call.store.transact(() => {
    const contentId = newContent(call.store, attachmentItem.size);
    call.store.run(
      "insert into upload_session (token, message_id, item, size, received, content_id, expires_at) values (?, ?, ?, ?, 0, ?, ?)",
      token,
      message.id,
      JSON.stringify(attachmentItem),
      attachmentItem.size,
      contentId,
      expires,
    );
  });
  const place = `Users('${call.mailbox.objectId}')/Messages('${message.mutableId}')`;
  return {
    status: 201,
    body: {
      "@odata.context": metadata(call, "microsoft.graph.uploadSession"),
      uploadUrl: `${call.origin}/api/v2.0/${place}/AttachmentSessions('${token.slice(0, 12)}')?authtoken=${token}`,
      expirationDateTime: expires,
      nextExpectedRanges: ["0-"],
    },
  };
}

type Session = {
  token: string;
  messageId: number;
  item: string;
  size: number;
  received: number;
  contentId: number;
  expiresAt: string;
};

/** Outlook's own host, not Graph's: no bearer token, and its own casing of the two properties. */
export function putChunk(store: Store, origin: string, token: string, range: string, bytes: Buffer): GraphReply {
  return store.transact(() => {
    const session = sessionOf(store, token);
    const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(range)?.map(Number) ?? [];
    if (
      first === undefined ||
      last === undefined ||
      total !== session.size ||
      last - first + 1 !== bytes.length ||
      last >= session.size
    ) {
      throw new GraphProblem(
        400,
        "InvalidContentRange",
        "The Content-Range does not agree with the body or the session's size.",
      );
    }
    if (bytes.length > largestChunk) {
      throw new GraphProblem(413, "ErrorRequestEntityTooLarge", "Send at most 4 MB at a time.");
    }
    if (first !== session.received) {
      throw new GraphProblem(416, "InvalidRange", `The next expected byte is ${session.received}.`);
    }
    appendContent(store, session.contentId, first, bytes);
    store.run("update upload_session set received = ? where token = ?", last + 1, token);
    return last + 1 < session.size ? progress(session, last + 1) : finish(store, origin, session);
  });
}

export function showSession(store: Store, token: string): GraphReply {
  const session = sessionOf(store, token);
  return progress(session, session.received);
}

export function cancelSession(store: Store, token: string): GraphReply {
  return store.transact(() => {
    const session = sessionOf(store, token);
    store.run("delete from upload_session where token = ?", token);
    dropUnusedContent(store, session.contentId);
    return { status: 204 };
  });
}

const progress = (session: Session, next: number): GraphReply => ({
  status: 200,
  body: { ExpirationDateTime: session.expiresAt, nextExpectedRanges: [String(next)] },
});

function finish(store: Store, origin: string, session: Session): GraphReply {
  const item = UploadInput.shape.attachmentItem.parse(JSON.parse(session.item));
  const message = messageById(store, session.messageId);
  const attachment = {
    kind: "file" as const,
    name: item.name,
    contentType: item.contentType ?? "application/octet-stream",
    isInline: item.isInline ?? false,
    cid: item.contentId ?? null,
  };
  const id = addStoredAttachment(store, message, attachment, session.contentId, session.size);
  store.run("delete from upload_session where token = ?", session.token);
  const owner = mailboxById(store, message.mailboxId)?.objectId;
  const place = `Users('${owner}')/Messages('${message.mutableId}')/Attachments('${id}')`;
  return { status: 201, headers: { Location: `${origin}/api/v2.0/${place}` } };
}

function sessionOf(store: Store, token: string): Session {
  const session = store.one<Session>(
    `select token, message_id as messageId, item, size, received, content_id as contentId, expires_at as expiresAt
     from upload_session where token = ?`,
    token,
  );
  if (!session || session.expiresAt < new Date().toISOString()) throw itemNotFound();
  return session;
}
