import { asAttachment, safeFileName } from "../attachments.ts";
import { decodeText } from "../mime/charset.ts";
import type { MailAttachment } from "../read-mail.ts";
import { ByteReader } from "./byte-reader.ts";
import { decompressRtf } from "./compressed-rtf.ts";
import { type MapiProperties, OBJECT, PROPERTY, readMapiProperties, textProperty } from "./mapi-properties.ts";
import { readRtf } from "./rtf.ts";

/** What a winmail.dat holds (MS-OXTNEF). */
export type Tnef = { files: MailAttachment[]; text: string | null; html: string | null; subject: string | null };

const SIGNATURE = 0x223e9f78;
const ATTRIBUTE = {
  subject: 0x00018004,
  body: 0x0002800c,
  attachTitle: 0x00018010,
  attachData: 0x0006800f,
  attachRendData: 0x00069002,
  mapiProperties: 0x00069003,
  attachment: 0x00069005,
  oemCodepage: 0x00069007,
} as const;

type Draft = { title: Buffer | null; data: Buffer | null; properties: MapiProperties };
type Parts = {
  drafts: Draft[];
  properties: MapiProperties;
  body: Buffer | null;
  subject: Buffer | null;
  codepage: string | null;
};

/** Messages inside messages, deeper than anybody forwards them. */
const MAX_DEPTH = 8;

/** Unpacks a winmail.dat, or answers null when it is none. A cut one gives what it still holds. */
export function readTnef(bytes: Buffer, depth = 0): Tnef | null {
  const reader = new ByteReader(bytes);
  if (reader.long() !== SIGNATURE) return null;
  reader.short(); // the key, which only says which attachment belongs to which message
  const parts = readAttributes(reader);
  const decode = (text: Buffer) => decodeText(text.subarray(0, endOfText(text)), parts.codepage).text;
  return {
    files: parts.drafts.flatMap((draft) => filesOf(draft, decode, depth)),
    subject: textProperty(parts.properties, PROPERTY.subject, decode) ?? (parts.subject && decode(parts.subject)),
    ...bodyOf(parts, decode),
  };
}

function readAttributes(reader: ByteReader): Parts {
  const parts: Parts = { drafts: [], properties: new Map(), body: null, subject: null, codepage: null };
  while (reader.left > 9) {
    reader.byte(); // its level: the tags tell as much
    const tag = reader.long();
    const data = reader.take(reader.long());
    reader.short(); // a checksum; a file that fails it is still the only one there is
    putAttribute(parts, tag, data);
  }
  return parts;
}

function putAttribute(parts: Parts, tag: number, data: Buffer): void {
  const draft = parts.drafts.at(-1);
  if (tag === ATTRIBUTE.attachRendData) parts.drafts.push({ title: null, data: null, properties: new Map() });
  else if (tag === ATTRIBUTE.mapiProperties) parts.properties = readMapiProperties(data);
  else if (tag === ATTRIBUTE.body) parts.body = data;
  else if (tag === ATTRIBUTE.subject) parts.subject = data;
  else if (tag === ATTRIBUTE.oemCodepage && data.length >= 4) parts.codepage = `cp${data.readUInt32LE()}`;
  else if (draft && tag === ATTRIBUTE.attachTitle) draft.title = data;
  else if (draft && tag === ATTRIBUTE.attachData) draft.data = data;
  else if (draft && tag === ATTRIBUTE.attachment) draft.properties = readMapiProperties(data);
}

function bodyOf({ properties, body }: Parts, decode: (bytes: Buffer) => string): Pick<Tnef, "text" | "html"> {
  const text = textProperty(properties, PROPERTY.body, decode) ?? (body && decode(body));
  const html = properties.get(PROPERTY.html);
  if (html) return { text, html: decodeText(html.value, null).text };
  const compressed = properties.get(PROPERTY.rtf);
  const rtf = compressed && decompressRtf(compressed.value);
  if (!rtf) return { text, html: null };
  const read = readRtf(rtf);
  return "html" in read ? { text, html: read.html } : { text: text ?? read.text, html: null };
}

/** Marks an object as a message (MS-OXTNEF 2.1.3.3.15): IID_IMessage. */
const MESSAGE_INSIDE = Buffer.from("0703020000000000c000000000000046", "hex");

function filesOf(
  { title, data, properties }: Draft,
  decode: (bytes: Buffer) => string,
  depth: number,
): MailAttachment[] {
  const object = properties.get(PROPERTY.attachData);
  if (object?.type === OBJECT && object.value.subarray(0, 16).equals(MESSAGE_INSIDE))
    return filesInside(object.value.subarray(16), depth);
  const content = data ?? (object?.type === OBJECT ? object.value.subarray(16) : object?.value);
  const text = (id: number) => textProperty(properties, id, decode);
  const name =
    text(PROPERTY.attachLongFileName) ??
    text(PROPERTY.attachFileName) ??
    (title && decode(title)) ??
    text(PROPERTY.displayName);
  if (!content && !name) return [];
  const contentId = text(PROPERTY.attachContentId)?.replace(/[<>]/g, "") ?? null;
  const type = text(PROPERTY.attachMimeTag)?.toLowerCase() ?? typeByName(name);
  return [
    asAttachment({
      name: name && safeFileName(name),
      type,
      content: content ?? Buffer.alloc(0),
      contentId,
      inline: contentId !== null,
    }),
  ];
}

/** A message inside shows its own files and its words as one more. */
function filesInside(bytes: Buffer, depth: number): MailAttachment[] {
  const inside = depth < MAX_DEPTH ? readTnef(bytes, depth + 1) : null;
  if (!inside) return [];
  const words = inside.html ?? inside.text ?? "";
  const [ending, type] = inside.html ? ["html", "text/html"] : ["txt", "text/plain"];
  const name = safeFileName(`${inside.subject ?? "message"}.${ending}`);
  return [asAttachment({ name, type, content: Buffer.from(words), contentId: null, inline: false }), ...inside.files];
}

const TYPES: Record<string, string> = {
  pdf: "application/pdf",
  txt: "text/plain",
  htm: "text/html",
  html: "text/html",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  bmp: "image/bmp",
  rtf: "application/rtf",
  doc: "application/msword",
  xls: "application/vnd.ms-excel",
  zip: "application/zip",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};
const typeByName = (name: string | null) =>
  TYPES[name?.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";

function endOfText(text: Buffer): number {
  const end = text.indexOf(0);
  return end < 0 ? text.length : end;
}
