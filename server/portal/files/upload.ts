/** Reads a form with files: each goes to the portal's own store while it arrives. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";
import type { Request } from "express";
import { z } from "zod";
import { problem } from "../../platform/problems.ts";
import type { Portal } from "../app.ts";
import { cleanName } from "./name.ts";

const maxFiles = 10;
const maxFileSize = 25 * 1000 * 1000;
const maxRequestSize = maxFiles * maxFileSize + 1_000_000;

const Upload = z.object({ name: z.string(), type: z.string(), size: z.number().int(), sha256: z.string() });
export type Upload = z.infer<typeof Upload>;
const SealedUpload = Upload.extend({ contactId: z.string() });

type Refused = { name: string; because: "too_large" | "empty" | "too_many" };
export type UploadedForm = { fields: Record<string, string>; files: Upload[]; refused: Refused[] };

/** `contactId`: whose kept files are believed. */
export async function readUploads(portal: Portal, req: Request, contactId: string): Promise<UploadedForm> {
  if (!req.is("multipart/form-data")) throw problem(400, "invalid_body", "Send the form as multipart/form-data.");
  if (Number(req.headers["content-length"] ?? 0) > maxRequestSize)
    throw problem(
      413,
      "too_large",
      "Up to 10 files of 25 MB each fit into one message. Send the rest with another one.",
    );

  const { fields, keptFiles, arriving, tooMany } = await receive(portal, req);
  const arrived = await Promise.all(arriving);
  const kept = await Promise.all(keptFiles.map((sealed) => portal.seal.open("upload", sealed, SealedUpload)));
  const believed = kept.flatMap((file) => (file?.contactId === contactId ? [Upload.parse(file)] : []));
  const files = [...believed, ...arrived.flatMap((file) => ("sha256" in file ? [file] : []))];
  const refused = arrived.flatMap((file) => ("because" in file ? [file] : []));
  if (tooMany || files.length > maxFiles) refused.push({ name: "", because: "too_many" });
  return { fields, files: files.slice(0, maxFiles), refused };
}

async function receive({ files }: Portal, req: Request) {
  const fields: Record<string, string> = Object.create(null);
  const keptFiles: string[] = [];
  const arriving: Promise<Upload | Refused>[] = [];
  let tooMany = false;
  let wrong: string | null = null;

  const form = parser(req)
    .on("field", (name, value, { valueTruncated }) => {
      if (name === "kept") keptFiles.push(value);
      else if (name in fields || valueTruncated) wrong = name;
      else fields[name] = value;
    })
    .on("file", (name, content, info) => {
      // A browser sends one nameless part when no file was chosen.
      if (!info.filename) return content.resume();
      if (name !== "files") wrong = name;
      arriving.push(keep(files, content, cleanName(info.filename), info.mimeType.toLowerCase()));
    })
    .on("filesLimit", () => {
      tooMany = true;
    })
    .on("fieldsLimit", () => {
      wrong = "too many fields";
    })
    .on("partsLimit", () => {
      wrong = "too many parts";
    });

  try {
    await pipeline(req, form);
  } catch (error) {
    await Promise.allSettled(arriving);
    throw problem(400, "invalid_body", "The form arrived incomplete. Send it once more.", { because: String(error) });
  }
  if (wrong !== null) {
    await Promise.allSettled(arriving);
    throw problem(400, "invalid_input", "The form has fields that do not belong to it. Load the page again.");
  }
  return { fields: { ...fields }, keptFiles, arriving, tooMany };
}

function parser(req: Request) {
  try {
    return busboy({
      headers: req.headers,
      defParamCharset: "utf8",
      limits: { fileSize: maxFileSize, files: maxFiles, fields: 20, fieldSize: 300_000, parts: 40, fieldNameSize: 50 },
    });
  } catch {
    throw problem(400, "invalid_body", "The form could not be read. Load the page again.");
  }
}

async function keep(store: Portal["files"], content: Readable, name: string, type: string): Promise<Upload | Refused> {
  try {
    const { sha256, size } = await store.keepStream(Readable.from(wholly(content)));
    return size === 0 ? { name, because: "empty" } : { name, type, size, sha256 };
  } catch (error) {
    if (error instanceof TooLarge) return { name, because: "too_large" };
    throw error;
  }
}

class TooLarge extends Error {}

/** busboy ends a file that is too large as if it were whole; here that is an error, so that nothing of it is kept. */
async function* wholly(content: Readable & { truncated?: boolean }) {
  for await (const chunk of content) yield chunk;
  if (content.truncated) throw new TooLarge();
}
