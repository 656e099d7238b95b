import PostalMime, { type Address, type Attachment } from "postal-mime";

export type Recipient = { name: string; address: string };

export type ParsedAttachment = {
  /** Where it stands among the mail's parts: its content is read from the mail itself. */
  part: number;
  kind: "file" | "item";
  name: string;
  contentType: string;
  size: number;
  isInline: boolean;
  cid: string | null;
};

export type ParsedMail = {
  subject: string;
  from: Recipient | null;
  sender: Recipient | null;
  to: Recipient[];
  cc: Recipient[];
  replyTo: Recipient[];
  messageId: string | null;
  inReplyTo: string | null;
  references: string[];
  threadIndex: string | null;
  date: Date | null;
  importance: "low" | "normal" | "high";
  html: string | null;
  text: string | null;
  headers: { name: string; value: string }[];
  attachments: ParsedAttachment[];
};

/** What a mail says about itself. Never fails: of a mail that cannot be parsed it answers what can be read. */
export async function parseMail(raw: Buffer): Promise<ParsedMail> {
  const mail = await readMail(raw).catch(() => null);
  return mail ? describe(mail) : unreadable(raw);
}

/** The content of one attachment, as the mail carries it. */
export async function readAttachment(raw: Buffer, part: number): Promise<Buffer | null> {
  const attachment = (await readMail(raw)).attachments[part];
  return attachment ? bytesOf(attachment) : null;
}

const readMail = (raw: Buffer) =>
  // A nested mail stays an attachment, as in Exchange, where it is an itemAttachment.
  new PostalMime({ attachmentEncoding: "arraybuffer", forceRfc822Attachments: true }).parse(raw);

type ReadMail = Awaited<ReturnType<typeof readMail>>;

function describe(mail: ReadMail): ParsedMail {
  const header = (name: string) => mail.headers.find((one) => one.key === name)?.value ?? null;
  return {
    subject: mail.subject ?? "",
    from: recipients(mail.from ? [mail.from] : [])[0] ?? null,
    sender: recipients(mail.sender ? [mail.sender] : [])[0] ?? null,
    to: recipients(mail.to),
    cc: recipients(mail.cc),
    replyTo: recipients(mail.replyTo),
    messageId: mail.messageId?.trim() || null,
    inReplyTo: messageIds(mail.inReplyTo ?? "")[0] ?? null,
    references: messageIds(mail.references ?? ""),
    threadIndex: base64Only(header("thread-index")),
    date: readDate(header("date")),
    importance: readImportance(header("importance"), header("x-priority")),
    html: mail.html ?? null,
    text: mail.text ?? null,
    headers: mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    attachments: mail.attachments.map((attachment, part) => describeAttachment(attachment, part, mail.html ?? "")),
  };
}

function describeAttachment(attachment: Attachment, part: number, html: string): ParsedAttachment {
  const cid = attachment.contentId?.replace(/^<|>$/g, "") || null;
  const isMail = attachment.mimeType === "message/rfc822";
  return {
    part,
    kind: isMail ? "item" : "file",
    name: attachment.filename || (isMail ? "Attached mail" : `attachment-${part + 1}`),
    contentType: attachment.mimeType || "application/octet-stream",
    size: bytesOf(attachment).length,
    isInline: cid !== null && html.includes(`cid:${cid}`),
    cid,
  };
}

function bytesOf({ content }: Attachment): Buffer {
  if (typeof content === "string") return Buffer.from(content);
  return content instanceof Uint8Array ? Buffer.from(content) : Buffer.from(new Uint8Array(content));
}

function recipients(addresses: Address[] | undefined): Recipient[] {
  return (addresses ?? [])
    .flatMap((one) => (one.group ? one.group : [one]))
    .map(({ name, address }) => ({
      name: name || address || "",
      address: address ?? "",
    }));
}

const messageIds = (value: string) => value.match(/<[^<>\s]+>/g) ?? [];

const base64Only = (value: string | null) => {
  const compact = value?.replace(/\s/g, "") ?? "";
  return /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? compact : null;
};

function readDate(value: string | null): Date | null {
  const date = new Date(value ?? "");
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 ? null : date;
}

function readImportance(importance: string | null, priority: string | null): ParsedMail["importance"] {
  const said = importance?.trim().toLowerCase();
  if (said === "high" || said === "low") return said;
  if (/^\s*[12]/.test(priority ?? "")) return "high";
  return /^\s*[45]/.test(priority ?? "") ? "low" : "normal";
}

function unreadable(raw: Buffer): ParsedMail {
  return {
    subject: /^subject:[ \t]*(.*)$/im.exec(raw.subarray(0, 65536).toString("latin1"))?.[1]?.trim() ?? "",
    from: null,
    sender: null,
    to: [],
    cc: [],
    replyTo: [],
    messageId: null,
    inReplyTo: null,
    references: [],
    threadIndex: null,
    date: null,
    importance: "normal",
    html: null,
    text: raw.subarray(0, 65536).toString("utf8"),
    headers: [],
    attachments: [],
  };
}
