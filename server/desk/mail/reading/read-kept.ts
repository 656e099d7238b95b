import type { FileStore } from "../../../platform/storage.ts";
import { readMail } from "./read.ts";
import { readHeader } from "./read-header.ts";
import type { MailFile, ReadMail, ReadOptions, WholeMail } from "./read-mail.ts";

/** A mail's bytes as they lie in the file store. */
export type KeptRaw = { sha256: string; size: number };

/** `header`: not a word of its body, for a mail that harms whoever reads it. */
export type ReadKeptOptions = ReadOptions & { only?: "header" };

/**
 * Exchange takes 36 MB unless an administrator raises it, at most 150
 * (https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits).
 * Of a larger mail only the beginning is read, so that no mail needs more memory than we have.
 */
const largestRead = 50_000_000;
const beginning = 1_000_000;

/** Reads a mail that lies in the file store, and puts its files beside it. */
export async function readKept(files: FileStore, raw: KeptRaw, options: ReadKeptOptions): Promise<ReadMail> {
  if (options.only === "header")
    return { ...(await readHeader(files.read(raw.sha256), options)), attachments: [asItCame(raw)] };
  if (raw.size > largestRead) return await readBeginning(files, raw, options);
  return await keepFiles(files, raw, await readMail(await files.readAll(raw.sha256), options));
}

/** The parts' contents leave the memory one by one: into the store, before any row names them. */
async function keepFiles(files: FileStore, raw: KeptRaw, mail: WholeMail): Promise<ReadMail> {
  const { incomplete, ...rest } = mail;
  for (const { content } of mail.attachments) await files.keep(content);
  const attachments = mail.attachments.map(({ content: _kept, ...about }) => about);
  return { ...rest, attachments: incomplete ? [...attachments, asItCame(raw)] : attachments };
}

async function readBeginning(files: FileStore, raw: KeptRaw, options: ReadOptions): Promise<ReadMail> {
  const mail = await readMail(await firstBytes(files, raw, beginning), options);
  const megabytes = Math.round(raw.size / 1_000_000);
  return await keepFiles(files, raw, {
    ...mail,
    // The last one is cut off somewhere: it is whole in the mail as it came.
    attachments: mail.attachments.slice(0, -1),
    incomplete: true,
    warnings: [
      `This mail is very large (${megabytes} MB). Only its beginning was read; its files are in the attached mail as it came.`,
    ],
  });
}

const firstBytes = async (files: FileStore, { sha256 }: KeptRaw, count: number) =>
  Buffer.concat(await files.read(sha256, count).toArray());

/** Where something was left out of what an agent sees, the whole is one click away. */
export const asItCame = ({ sha256, size }: KeptRaw): MailFile => ({
  name: "the mail as it came.eml",
  type: "message/rfc822",
  size,
  sha256,
  contentId: null,
  inline: false,
});
