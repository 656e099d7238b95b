import { z } from "zod";
import type { Recipient } from "../graph/client.ts";
import { type Calls, executeCall } from "./call.ts";
import { done, failure, type ItemModel, itemType, outlookError, value, type WireAttachment } from "./item.ts";
import { mailboxCalls } from "./mailbox-calls.ts";
import { notificationCalls } from "./notifications.ts";
import { type Notification, nothingSelected, type Surroundings } from "./surroundings.ts";

/** A mail that is being written, as the form and the add-in share it. */
export type Draft = {
  /** Null until it is saved. */
  id: string | null;
  composeType: "newMail" | "reply" | "forward";
  conversationId: string;
  from: Recipient;
  recipients: [to: Recipient[], cc: Recipient[], bcc: Recipient[]];
  subject: string;
  html: string;
  attachments: WireAttachment[];
  headers: Record<string, string>;
};

export type DraftStore = { read(): Draft; change(part: Partial<Draft>): void; save(): Promise<string> };

/** Office.js's `recipientField`. */
const Field = z.object({ recipientField: z.union([z.literal(0), z.literal(1), z.literal(2)]) });

const WithRecipients = Field.extend({
  // office.js refuses more by itself: learn.microsoft.com/javascript/api/outlook/office.recipients, 100 at a time.
  recipientArray: z.array(z.object({ address: z.string(), name: z.string().nullish() })).max(100),
});

/** `coercionType` on the wire. */
const html = 3;

/** A mail that is being written, as an add-in sees it. */
export function composeItem(
  draft: DraftStore,
  around: Surroundings,
  onNotifications: (all: Notification[]) => void,
): ItemModel {
  const session = new Map<string, string>();
  const calls: Calls = {
    ...mailboxCalls(around, draft.read().id),
    ...notificationCalls(onNotifications),
    ...draftCalls(draft),
    ...sessionCalls(session),
  };
  return {
    initialData: () => ({
      ...nothingSelected(around),
      itemType: itemType.messageCompose,
      conversationId: draft.read().conversationId,
      isFromSharedFolder: around.shared && around.addIn.sharedFolders,
    }),
    execute: (dispatchId, params) => executeCall(calls, around.addIn.permission, dispatchId, params),
  };
}

function draftCalls(draft: DraftStore): Calls {
  const wire = ({ name, address }: Recipient) => ({ name, address, recipientType: 3 as const });
  return {
    // subject.setAsync, subject.getAsync
    17: {
      needs: "ReadWriteItem",
      run: (params) => {
        draft.change({ subject: z.object({ subject: z.string().max(255) }).parse(params).subject });
        return done;
      },
    },
    18: { needs: "ReadItem", run: () => value(draft.read().subject) },
    // to, cc, bcc: getAsync, setAsync, addAsync
    15: {
      needs: "ReadItem",
      run: (params) => value(draft.read().recipients[Field.parse(params).recipientField].map(wire)),
    },
    21: { needs: "ReadWriteItem", run: (params) => putRecipients(params, () => []) },
    22: { needs: "ReadWriteItem", run: (params) => putRecipients(params, (field) => draft.read().recipients[field]) },
    // from.getAsync
    107: { needs: "ReadItem", run: () => value(wire(draft.read().from)) },
    // body.getAsync, body.getTypeAsync, body.setAsync, body.prependAsync, body.setSelectedDataAsync
    37: {
      needs: "ReadItem",
      run: (params) =>
        value(
          Body.pick({ coercionType: true }).parse(params).coercionType === html
            ? draft.read().html
            : textOf(draft.read().html),
        ),
    },
    14: { needs: "ReadItem", run: () => value("html") },
    38: { needs: "ReadWriteItem", run: (params) => changeBody(params, (words) => words) },
    23: { needs: "ReadWriteItem", run: (params) => changeBody(params, (words) => words + draft.read().html) },
    13: { needs: "ReadWriteItem", run: (params) => changeBody(params, (words) => draft.read().html + words) },
    // getAttachmentsAsync, addFileAttachmentFromBase64Async, removeAttachmentAsync
    149: { needs: "ReadItem", run: () => value(draft.read().attachments) },
    148: {
      needs: "ReadWriteItem",
      run: (params) => {
        const { base64String, name, isInline } = Base64File.parse(params);
        const size = Math.floor((base64String.length * 3) / 4);
        const file = {
          id: crypto.randomUUID(),
          name,
          contentType: "application/octet-stream",
          size,
          attachmentType: 0 as const,
          isInline,
        };
        draft.change({ attachments: [...draft.read().attachments, file] });
        return value(file.id);
      },
    },
    20: {
      needs: "ReadWriteItem",
      run: (params) => {
        const { attachmentIndex } = z.object({ attachmentIndex: z.string() }).parse(params);
        const rest = draft.read().attachments.filter(({ id }) => id !== attachmentIndex);
        if (rest.length === draft.read().attachments.length) return failure(outlookError.attachmentToDeleteMissing);
        draft.change({ attachments: rest });
        return done;
      },
    },
    // internetHeaders: getAsync, setAsync, removeAsync
    151: {
      needs: "ReadItem",
      run: (params) => {
        const { internetHeaderKeys } = HeaderKeys.parse(params);
        const { headers } = draft.read();
        return value(
          Object.fromEntries(internetHeaderKeys.filter((key) => key in headers).map((key) => [key, headers[key]])),
        );
      },
    },
    152: {
      needs: "ReadWriteItem",
      run: (params) => {
        const { internetHeaderNameValuePairs } = z
          .object({ internetHeaderNameValuePairs: z.record(z.string(), z.string()) })
          .parse(params);
        draft.change({ headers: { ...draft.read().headers, ...internetHeaderNameValuePairs } });
        return done;
      },
    },
    153: {
      needs: "ReadWriteItem",
      run: (params) => {
        const { internetHeaderKeys } = HeaderKeys.parse(params);
        const kept = Object.entries(draft.read().headers).filter(([key]) => !internetHeaderKeys.includes(key));
        draft.change({ headers: Object.fromEntries(kept) });
        return done;
      },
    },
    // saveAsync, getItemIdAsync
    32: { needs: "ReadWriteItem", run: async () => value(await draft.save()) },
    164: {
      needs: "ReadItem",
      run: () => {
        const { id } = draft.read();
        return id === null ? failure(outlookError.itemNotSaved) : value(id);
      },
    },
    // getComposeTypeAsync, isClientSignatureEnabledAsync
    174: { needs: "ReadItem", run: () => value({ composeType: draft.read().composeType, coercionType: "html" }) },
    175: { needs: "ReadItem", run: () => value(false) },
  };

  function putRecipients(params: unknown, before: (field: 0 | 1 | 2) => Recipient[]) {
    const { recipientField, recipientArray } = WithRecipients.parse(params);
    const [to, cc, bcc] = draft.read().recipients;
    const recipients: Draft["recipients"] = [to, cc, bcc];
    recipients[recipientField] = [
      ...before(recipientField),
      ...recipientArray.map(({ name, address }) => ({ name: name ?? "", address })),
    ];
    draft.change({ recipients });
    return done;
  }

  function changeBody(params: unknown, change: (words: string) => string) {
    const { data, coercionType } = Body.parse(params);
    draft.change({ html: change(coercionType === html ? data : escaped(data)) });
    return done;
  }
}

const Body = z.object({ data: z.string(), coercionType: z.number() });
const Base64File = z.object({ base64String: z.base64(), name: z.string(), isInline: z.boolean().default(false) });
const HeaderKeys = z.object({ internetHeaderKeys: z.array(z.string()) });

/** `item.sessionData`: small things that add-in pages of one mail share while it is written. */
function sessionCalls(session: Map<string, string>): Calls {
  const Named = z.object({ name: z.string() });
  return {
    185: {
      needs: "ReadWriteItem",
      run: (params) => {
        const { name, value: text } = Named.extend({ value: z.string() }).parse(params);
        session.set(name, text);
        return done;
      },
    },
    186: {
      needs: "ReadItem",
      run: (params) => {
        const found = session.get(Named.parse(params).name);
        return found === undefined ? failure(outlookError.keyNotFound) : value(found);
      },
    },
    187: { needs: "ReadItem", run: () => value(Object.fromEntries(session)) },
    188: {
      needs: "ReadWriteItem",
      run: () => {
        session.clear();
        return done;
      },
    },
    189: {
      needs: "ReadWriteItem",
      run: (params) => (session.delete(Named.parse(params).name) ? done : failure(outlookError.keyNotFound)),
    },
  };
}

/** What to fire when a draft has changed: the event's name and its data, as Office.js wants them. */
export function draftEvents(before: Draft, after: Draft): { event: string; data: [string] }[] {
  const same = (field: 0 | 1 | 2) =>
    JSON.stringify(before.recipients[field]) === JSON.stringify(after.recipients[field]);
  const changed = { to: !same(0), cc: !same(1), bcc: !same(2) };
  const files = (attachmentStatus: "added" | "removed", from: Draft, than: Draft) =>
    from.attachments
      .filter(({ id }) => !than.attachments.some((each) => each.id === id))
      .map((attachmentDetails) => ({
        event: "olkAttachmentsChanged",
        data: [JSON.stringify({ attachmentStatus, attachmentDetails })] as [string],
      }));
  return [
    ...(Object.values(changed).some(Boolean)
      ? [{ event: "olkRecipientsChanged", data: [JSON.stringify(changed)] as [string] }]
      : []),
    ...files("added", after, before),
    ...files("removed", before, after),
  ];
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\n", "<br>");

const textOf = (markup: string) => new DOMParser().parseFromString(markup, "text/html").body.textContent ?? "";
