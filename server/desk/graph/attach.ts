/**
 * Puts files into a draft. A large one goes in pieces by an upload session, read from the file store as they go, and
 * goes on after a crash where Outlook says that it was.
 */
import { z } from "zod";
import type { Ask } from "./ask.ts";
import { messageOf } from "./paths.ts";
import { GraphTrouble, isTrouble } from "./trouble.ts";

export type DraftFile = {
  name: string;
  type: string;
  size: number;
  /** Its bytes from `start` up to, not including, `end`. */
  read: (start: number, end: number) => Promise<Buffer>;
};

/** What is remembered of an upload, so that another process can go on with it. */
export type Upload = {
  /** The session's address; null when none was begun. It is its own authorization. */
  url: string | null;
  begun: (url: string) => Promise<void>;
};

/** Above this Graph wants an upload session, below it refuses one (https://learn.microsoft.com/graph/outlook-large-attachments). */
const directUpTo = 3 * 1024 * 1024;
/** Pieces of 4 MB at most, says the same page. */
const pieceSize = 3_932_160;
/** How often in a row a piece may fail before the job starts over later. */
const mostFailures = 3;

const filesOf = (mailbox: string, draftId: string) => `${messageOf(mailbox, draftId)}/attachments`;

export async function countFiles(ask: Ask, mailbox: string, draftId: string): Promise<number> {
  const { value } = await ask.json(Files, {
    mailbox,
    method: "get",
    path: `${filesOf(mailbox, draftId)}?$select=id&$top=200`,
  });
  return value.length;
}

const Files = z.object({ value: z.array(z.object({ id: z.string() })) });

export async function attachToDraft(ask: Ask, mailbox: string, draftId: string, file: DraftFile, upload: Upload) {
  if (file.size < directUpTo) return post(ask, mailbox, draftId, file);
  const before = await countFiles(ask, mailbox, draftId);
  const url = upload.url ?? (await begin(ask, mailbox, draftId, file, upload));
  try {
    await sendPieces(ask, mailbox, url, file, upload);
  } catch (error) {
    if (!isTrouble(error, "gone", "resync", "unauthorized", "forbidden")) throw error;
    // A session ends with its last piece, or when nobody used it for long: its address lets nobody in then.
    if ((await countFiles(ask, mailbox, draftId)) > before) return;
    await sendPieces(ask, mailbox, await begin(ask, mailbox, draftId, file, upload), file, upload);
  }
}

/** Whole in memory, which is less than 3 MB. */
async function post(ask: Ask, mailbox: string, draftId: string, { name, type, size, read }: DraftFile) {
  const contentBytes = (await read(0, size)).toString("base64");
  const body = { "@odata.type": "#microsoft.graph.fileAttachment", name, contentType: type, contentBytes };
  await ask.done({ mailbox, method: "post", path: filesOf(mailbox, draftId), body });
}

const Session = z.object({ uploadUrl: z.url() });

async function begin(ask: Ask, mailbox: string, draftId: string, { name, type, size }: DraftFile, upload: Upload) {
  const path = `${filesOf(mailbox, draftId)}/createUploadSession`;
  const body = { AttachmentItem: { attachmentType: "file", name, contentType: type, size } };
  const { uploadUrl } = await ask.json(Session, { mailbox, method: "post", path, body });
  await upload.begun(uploadUrl);
  return uploadUrl;
}

async function sendPieces(ask: Ask, mailbox: string, url: string, { size, read }: DraftFile, upload: Upload) {
  let at = upload.url === url ? await nextByte(ask, mailbox, url) : 0;
  let failures = 0;
  while (at < size) {
    const end = Math.min(at + pieceSize, size);
    try {
      const range = `bytes ${at}-${end - 1}/${size}`;
      await ask.upload({ mailbox, url, bytes: await read(at, end), range });
      at = end;
      failures = 0;
    } catch (error) {
      // The answer was lost, or we are not where Outlook is: it says how far it came.
      if (!isTrouble(error, "unreachable", "refused") || ++failures === mostFailures) throw error;
      at = await nextByte(ask, mailbox, url);
    }
  }
}

/** Written in both casings, as "2097152" or as "2097152-" (the page above, and older versions of it). */
const Progress = z.union([
  z.object({ nextExpectedRanges: z.array(z.string()).min(1) }).transform((told) => told.nextExpectedRanges),
  z.object({ NextExpectedRanges: z.array(z.string()).min(1) }).transform((told) => told.NextExpectedRanges),
]);

async function nextByte(ask: Ask, mailbox: string, url: string): Promise<number> {
  const [range = ""] = Progress.parse(await ask.uploaded({ mailbox, url }));
  const at = Number.parseInt(range, 10);
  if (Number.isNaN(at))
    throw new GraphTrouble("unreachable", "upload", "Outlook does not say how far the upload came.");
  return at;
}
