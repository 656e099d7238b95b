import { z } from "zod";

/** The pretend Outlook reads and writes mail as everybody else does: through Graph. */

const Address = z.object({
  emailAddress: z.object({ name: z.string().nullish(), address: z.string().nullish() }),
});

const Attachment = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  contentType: z.string().nullish(),
  size: z.number().default(0),
  isInline: z.boolean().default(false),
  contentId: z.string().nullish(),
  "@odata.type": z.string().optional(),
});
export type Attachment = z.infer<typeof Attachment>;

/** A mail as the list shows it. Delta answers may carry only what changed, hence everything but the id is optional. */
const MailHead = z.object({
  id: z.string(),
  subject: z.string().nullish(),
  from: Address.nullish(),
  toRecipients: z.array(Address).optional(),
  receivedDateTime: z.string().nullish(),
  bodyPreview: z.string().nullish(),
  isRead: z.boolean().nullish(),
  isDraft: z.boolean().nullish(),
  hasAttachments: z.boolean().nullish(),
  categories: z.array(z.string()).optional(),
  conversationId: z.string().nullish(),
});
export type MailHead = z.infer<typeof MailHead>;

const Mail = MailHead.extend({
  sender: Address.nullish(),
  replyTo: z.array(Address).default([]),
  toRecipients: z.array(Address).default([]),
  ccRecipients: z.array(Address).default([]),
  bccRecipients: z.array(Address).default([]),
  sentDateTime: z.string().nullish(),
  createdDateTime: z.string().nullish(),
  lastModifiedDateTime: z.string().nullish(),
  internetMessageId: z.string().nullish(),
  importance: z.string().nullish(),
  body: z.object({ contentType: z.string(), content: z.string() }),
});
/** A mail that is open. */
export type Mail = z.infer<typeof Mail>;

const Folder = z.object({
  id: z.string(),
  displayName: z.string(),
  wellKnownName: z.string().nullish(),
  unreadItemCount: z.number().default(0),
  totalItemCount: z.number().default(0),
});
export type Folder = z.infer<typeof Folder>;

const DeltaPage = z.object({
  value: z.array(z.union([z.object({ id: z.string(), "@removed": z.unknown() }).required(), MailHead])),
  "@odata.nextLink": z.string().optional(),
  "@odata.deltaLink": z.string().optional(),
});
export type DeltaPage = { changed: MailHead[]; removed: string[]; next?: string; delta?: string };

export type Recipient = { name: string; address: string };

/** Graph refused. `code` is Graph's own word for why. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

const headFields =
  "subject,from,toRecipients,receivedDateTime,bodyPreview,isRead,isDraft,hasAttachments,categories,conversationId";

/** How many mails come with one answer: a folder of 10,000 takes twenty. */
const pageSize = 500;

/** Above this Graph wants an upload session (learn.microsoft.com/graph/outlook-large-attachments). */
const uploadFrom = 3 * 1024 * 1024;
const chunkSize = 3 * 1024 * 1024;

export type GraphMailbox = ReturnType<typeof graphMailbox>;

/** One mailbox in Graph, seen with the token of whoever opened it. */
export function graphMailbox(address: string, token: () => Promise<string>) {
  const root = `/v1.0/users/${encodeURIComponent(address)}`;

  async function send(method: string, path: string, body?: unknown, prefer: string[] = []): Promise<Response> {
    const response = await fetch(samePlace(path, root), {
      method,
      headers: {
        authorization: `Bearer ${await token()}`,
        prefer: ['IdType="ImmutableId"', ...prefer].join(", "),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // Four requests at a time per mailbox are allowed; the desk works in the same mailbox, so patience is normal.
    if (response.status === 429) {
      await wait(Number(response.headers.get("retry-after") ?? 1) * 1000);
      return send(method, path, body, prefer);
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }

  const read = async <T>(schema: z.ZodType<T>, path: string, prefer?: string[]) =>
    schema.parse(await (await send("GET", path, undefined, prefer)).json());

  return {
    address,

    async folders(): Promise<Folder[]> {
      const { value } = await read(z.object({ value: z.array(Folder) }), "/mailFolders?$top=50");
      return value;
    },

    /** What is in a folder, newest first; then what changed since. Pass the link that the previous answer gave. */
    async changes(folderId: string, link?: string): Promise<DeltaPage> {
      const first = `/mailFolders/${encodeURIComponent(folderId)}/messages/delta?$select=${headFields}&$orderby=receivedDateTime desc`;
      const page = await read(DeltaPage, link ?? first, [`odata.maxpagesize=${pageSize}`]);
      return {
        changed: page.value.filter((each): each is MailHead => !("@removed" in each)),
        removed: page.value.filter((each) => "@removed" in each).map((each) => each.id),
        next: page["@odata.nextLink"],
        delta: page["@odata.deltaLink"],
      };
    },

    mail: (id: string): Promise<Mail> => read(Mail, `/messages/${encodeURIComponent(id)}`),

    async headers(id: string): Promise<string> {
      const schema = z.object({
        internetMessageHeaders: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
      });
      const found = await read(schema, `/messages/${encodeURIComponent(id)}?$select=internetMessageHeaders`);
      return found.internetMessageHeaders.map(({ name, value }) => `${name}: ${value}`).join("\r\n");
    },

    async attachments(id: string): Promise<Attachment[]> {
      const { value } = await read(
        z.object({ value: z.array(Attachment) }),
        `/messages/${encodeURIComponent(id)}/attachments?$select=id,name,contentType,size,isInline`,
      );
      return value;
    },

    /** With `contentId`, which only an attachment asked for alone carries. */
    attachment: (id: string, attachmentId: string): Promise<Attachment> =>
      read(Attachment, `/messages/${encodeURIComponent(id)}/attachments/${encodeURIComponent(attachmentId)}`),

    async content(id: string, attachmentId: string): Promise<Blob> {
      const path = `/messages/${encodeURIComponent(id)}/attachments/${encodeURIComponent(attachmentId)}/$value`;
      return (await send("GET", path)).blob();
    },

    async update(id: string, change: object): Promise<void> {
      await send("PATCH", `/messages/${encodeURIComponent(id)}`, change);
    },

    async move(id: string, folder: string): Promise<void> {
      await send("POST", `/messages/${encodeURIComponent(id)}/move`, { destinationId: folder });
    },

    async draft(message: object = {}): Promise<Mail> {
      return Mail.parse(await (await send("POST", "/messages", message)).json());
    },

    async reply(id: string, toAll: boolean): Promise<Mail> {
      const action = toAll ? "createReplyAll" : "createReply";
      return Mail.parse(await (await send("POST", `/messages/${encodeURIComponent(id)}/${action}`, {})).json());
    },

    async attach(
      id: string,
      file: { name: string; type: string; bytes: Uint8Array; inline: boolean },
    ): Promise<Attachment> {
      if (file.bytes.length >= uploadFrom) return upload(id, file);
      const created = await send("POST", `/messages/${encodeURIComponent(id)}/attachments`, {
        "@odata.type": "#microsoft.graph.fileAttachment",
        name: file.name,
        contentType: file.type,
        isInline: file.inline,
        contentBytes: toBase64(file.bytes),
      });
      return Attachment.parse(await created.json());
    },

    async detach(id: string, attachmentId: string): Promise<void> {
      await send("DELETE", `/messages/${encodeURIComponent(id)}/attachments/${encodeURIComponent(attachmentId)}`);
    },

    async discard(id: string): Promise<void> {
      await send("DELETE", `/messages/${encodeURIComponent(id)}`);
    },

    async send(id: string): Promise<void> {
      await send("POST", `/messages/${encodeURIComponent(id)}/send`, {});
    },
  };

  async function upload(id: string, file: { name: string; type: string; bytes: Uint8Array; inline: boolean }) {
    const session = await send("POST", `/messages/${encodeURIComponent(id)}/attachments/createUploadSession`, {
      AttachmentItem: {
        attachmentType: "file",
        name: file.name,
        size: file.bytes.length,
        contentType: file.type,
        isInline: file.inline,
      },
    });
    const { uploadUrl } = z.object({ uploadUrl: z.string() }).parse(await session.json());
    for (let from = 0; from < file.bytes.length; from += chunkSize) {
      const chunk = file.bytes.slice(from, from + chunkSize);
      // The address is the permission: no bearer token may be sent along.
      const response = await fetch(samePlace(uploadUrl, root), {
        method: "PUT",
        headers: { "content-range": `bytes ${from}-${from + chunk.length - 1}/${file.bytes.length}` },
        body: chunk,
      });
      if (!response.ok) throw await refusal(response);
    }
    const { value } = await read(
      z.object({ value: z.array(Attachment) }),
      `/messages/${encodeURIComponent(id)}/attachments`,
    );
    const uploaded = value.findLast((each) => each.name === file.name);
    if (!uploaded)
      throw new GraphError(404, "ErrorItemNotFound", `${file.name} was uploaded, but the draft does not list it.`);
    return uploaded;
  }
}

/** Links in Graph's answers carry the real host's name; the page may only talk to its own. */
function samePlace(path: string, root: string): string {
  if (!/^https?:/.test(path)) return path.startsWith("/v1.0/") ? path : `${root}${path}`;
  const { pathname, search } = new URL(path);
  return `${pathname}${search}`;
}

async function refusal(response: Response): Promise<GraphError> {
  const parsed = Refusal.safeParse(await response.json().catch(() => null));
  return parsed.success
    ? new GraphError(response.status, parsed.data.error.code, parsed.data.error.message)
    : new GraphError(response.status, "NoAnswer", `Graph answered ${response.status}. Is the sandbox still running?`);
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

export const recipientOf = (address: z.infer<typeof Address> | null | undefined): Recipient => ({
  name: address?.emailAddress.name || address?.emailAddress.address || "",
  address: address?.emailAddress.address ?? "",
});

export const graphRecipient = ({ name, address }: Recipient) => ({ emailAddress: { name: name || address, address } });
