import { readMail } from "./read.ts";
import type { ReadMail, ReadOptions } from "./read-mail.ts";

const largestHeader = 256_000;

/** Reads the header of a mail and nothing below it, however much more there is. */
export async function readHeader(chunks: AsyncIterable<Uint8Array>, options: ReadOptions): Promise<ReadMail> {
  const { incomplete: _known, ...mail } = await readMail(await headerOf(chunks), options);
  return mail;
}

async function headerOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of chunks) {
    bytes = Buffer.concat([bytes, chunk]);
    const end = /\r?\n\r?\n/.exec(bytes.toString("latin1"))?.index;
    if (end !== undefined) return bytes.subarray(0, end);
    if (bytes.length > largestHeader) break;
  }
  return bytes.subarray(0, largestHeader);
}
