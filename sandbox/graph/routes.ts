import type { Act } from "./access.ts";
import {
  addAttachmentTo,
  deleteAttachment,
  getAttachment,
  getAttachmentContent,
  listAttachments,
} from "./attachments.ts";
import type { GraphVerb } from "./call.ts";
import { createCategory, listCategories } from "./categories.ts";
import { messageDelta } from "./delta.ts";
import { createForward, createMessage, createReply, createReplyAll, updateMessageIn } from "./drafts.ts";
import { createFolder, folderDelta, getFolder, listChildFolders, listFolders } from "./folders.ts";
import { translateIds } from "./ids.ts";
import {
  copy,
  getMessage,
  getMime,
  listMessages,
  listMessagesInFolder,
  move,
  permanentDelete,
  remove,
} from "./messages.ts";
import { showPerson } from "./people.ts";
import { forward, reply, replyAll, send, sendMail } from "./send.ts";
import { createUploadSession } from "./upload.ts";

export type GraphRoute = { method: string; path: string; act: Act; verb: GraphVerb };

const route = (method: string, path: string, act: Act, verb: GraphVerb): GraphRoute => ({ method, path, act, verb });

/** What can be done with one mail, below /messages and below /mailFolders/:folder/messages. */
const ofMessages = (messages: string): GraphRoute[] => [
  route("POST", messages, "write", createMessage),
  route("GET", `${messages}/:message`, "read", getMessage),
  route("PATCH", `${messages}/:message`, "write", updateMessageIn),
  route("DELETE", `${messages}/:message`, "write", remove),
  route("POST", `${messages}/:message/permanentDelete`, "write", permanentDelete),
  route("GET", `${messages}/:message/$value`, "read", getMime),
  route("POST", `${messages}/:message/move`, "write", move),
  route("POST", `${messages}/:message/copy`, "write", copy),
  route("POST", `${messages}/:message/createReply`, "write", createReply),
  route("POST", `${messages}/:message/createReplyAll`, "write", createReplyAll),
  route("POST", `${messages}/:message/createForward`, "write", createForward),
  route("POST", `${messages}/:message/reply`, "send", reply),
  route("POST", `${messages}/:message/replyAll`, "send", replyAll),
  route("POST", `${messages}/:message/forward`, "send", forward),
  route("POST", `${messages}/:message/send`, "send", send),
  route("GET", `${messages}/:message/attachments`, "read", listAttachments),
  route("POST", `${messages}/:message/attachments`, "write", addAttachmentTo),
  route("POST", `${messages}/:message/attachments/createUploadSession`, "write", createUploadSession),
  route("GET", `${messages}/:message/attachments/:attachment`, "read", getAttachment),
  route("DELETE", `${messages}/:message/attachments/:attachment`, "write", deleteAttachment),
  route("GET", `${messages}/:message/attachments/:attachment/$value`, "read", getAttachmentContent),
];

/** Everything Graph does with a mailbox (below /me and /users/:id), and the permission that it takes. */
export const mailboxRoutes: readonly GraphRoute[] = [
  route("GET", "", "none", showPerson),
  route("GET", "mailFolders", "read", listFolders),
  route("POST", "mailFolders", "write", createFolder),
  route("GET", "mailFolders/delta", "read", folderDelta),
  route("GET", "mailFolders/:folder", "read", getFolder),
  route("GET", "mailFolders/:folder/childFolders", "read", listChildFolders),
  route("GET", "mailFolders/:folder/messages/delta", "read", messageDelta),
  route("GET", "mailFolders/:folder/messages", "read", listMessagesInFolder),
  route("GET", "messages", "read", listMessages),
  ...ofMessages("mailFolders/:folder/messages"),
  ...ofMessages("messages"),
  route("POST", "sendMail", "send", sendMail),
  route("POST", "translateExchangeIds", "none", translateIds),
  route("GET", "outlook/masterCategories", "read", listCategories),
  route("POST", "outlook/masterCategories", "write", createCategory),
];
