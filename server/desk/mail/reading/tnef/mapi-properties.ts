import { ByteReader } from "./byte-reader.ts";

/** The MAPI properties of a message or an attachment, by id (MS-OXPROPS); of several values the first. */
export type MapiProperties = Map<number, { type: number; value: Buffer }>;

export const PROPERTY = {
  subject: 0x0037,
  body: 0x1000,
  rtf: 0x1009,
  html: 0x1013,
  displayName: 0x3001,
  attachData: 0x3701,
  attachFileName: 0x3704,
  attachLongFileName: 0x3707,
  attachMimeTag: 0x370e,
  attachContentId: 0x3712,
  attachFlags: 0x3714,
  attachHidden: 0x7ffe,
} as const;

const UNICODE = 0x001f;
export const OBJECT = 0x000d;
const MULTIPLE = 0x1000;
/** MS-OXCDATA 2.11.1: bytes of the types of fixed size; others carry their length. */
const SIZES: Record<number, number> = {
  0: 0,
  1: 0,
  2: 2,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  10: 4,
  11: 2,
  20: 8,
  64: 8,
  72: 16,
};
/** No message has more; a count beyond it is a broken file. */
const MAX_VALUES = 20_000;

/** MS-OXTNEF 2.1.3.4: everything is padded to four bytes. */
export function readMapiProperties(bytes: Buffer): MapiProperties {
  const reader = new ByteReader(bytes);
  const properties: MapiProperties = new Map();
  const count = Math.min(reader.long(), MAX_VALUES);
  for (let i = 0; i < count && !reader.failed; i++) {
    const type = reader.short();
    const id = reader.short();
    if (id >= 0x8000) skipName(reader);
    const [value] = readValues(reader, type);
    if (value && !reader.failed && !properties.has(id)) properties.set(id, { type: type & ~MULTIPLE, value });
  }
  return properties;
}

/** A named property: a GUID, then a number or a UTF-16 name. */
function skipName(reader: ByteReader): void {
  reader.take(16);
  if (reader.long() === 0) reader.take(4);
  else takePadded(reader, reader.long());
}

function readValues(reader: ByteReader, type: number): Buffer[] {
  const size = SIZES[type & ~MULTIPLE];
  const counted = (type & MULTIPLE) !== 0 || size === undefined;
  const count = counted ? Math.min(reader.long(), MAX_VALUES) : 1;
  const values: Buffer[] = [];
  for (let i = 0; i < count && !reader.failed; i++) values.push(takePadded(reader, size ?? reader.long()));
  return values;
}

function takePadded(reader: ByteReader, length: number): Buffer {
  const value = reader.take(length);
  reader.take((4 - (length % 4)) % 4);
  return value;
}

/** A text property; `decode` reads those that are not Unicode. */
export function textProperty(properties: MapiProperties, id: number, decode: (bytes: Buffer) => string): string | null {
  const property = properties.get(id);
  if (!property) return null;
  const text = property.type === UNICODE ? property.value.toString("utf16le") : decode(property.value);
  return text.replace(/\0[\s\S]*$/, "") || null;
}
