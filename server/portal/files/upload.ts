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

/** `not_chosen`: a browser sends one nameless, empty file when none was chosen. */
type Refused = { name: string; because: "too_large" | "empty" | "too_many" };
type NotChosen = { because: "not_chosen" };
type Failed = { failure: unknown };
export type UploadedForm = { fields: Record<string, string>; files: Upload[]; refused: Refused[] };

/** `contactId`: whose kept files are believed. With `newFiles` "drop", files that arrive are not stored. */
export async function readUploads(
  portal: Portal,
  req: Request,
  contactId: string,
  newFiles: "keep" | "drop",
): Promise<UploadedForm> {
  if (!req.is("multipart/form-data")) throw problem(400, "invalid_body", "Send the form as multipart/form-data.");
  if (Number(req.headers["content-length"] ?? 0) > maxRequestSize)
    throw problem(
      413,
      "too_large",
      "Up to 10 files of 25 MB each fit into one message. Send the rest with another one.",
    );

  const { fields, keptFiles, arrived, tooMany } = await receive(portal, req, newFiles);
  const kept = await Promise.all(keptFiles.map((sealed) => portal.seal.open("upload", sealed, SealedUpload)));
  const believed = kept.flatMap((file) => (file?.contactId === contactId ? [Upload.parse(file)] : []));
  const files = [...believed, ...arrived.flatMap((file) => ("sha256" in file ? [file] : []))];
  const refused = arrived.flatMap((file) => ("because" in file && file.because !== "not_chosen" ? [file] : []));
  if (tooMany || files.length > maxFiles) refused.push({ name: "", because: "too_many" });
  return { fields, files: files.slice(0, maxFiles), refused };
}

async function receive({ files }: Portal, req: Request, newFiles: "keep" | "drop") {
  const fields: Record<string, string> = {};
  const keptFiles: string[] = [];
  const arriving: Promise<Upload | Refused | NotChosen | Failed>[] = [];
  let tooMany = false;
  let foreign = false;

  const form = parser(req)
    .on("field", (name, value, { valueTruncated }) => {
      if (name === "kept") keptFiles.push(value);
      else if (name in fields || valueTruncated) foreign = true;
      else fields[name] = value;
    })
    .on("file", (name, content, info) => {
      if (name !== "files") foreign = true;
      if (newFiles === "drop") return content.on("error", () => content.destroy()).resume();
      arriving.push(keep(files, content, info.filename ?? "", info.mimeType.toLowerCase()));
    })
    .on("filesLimit", () => {
      tooMany = true;
    })
    .on("fieldsLimit", () => {
      foreign = true;
    })
    .on("partsLimit", () => {
      foreign = true;
    });

  const whole = await pipeline(req, form).then(...yesOrNo);
  const arrived = await Promise.all(arriving);
  if (!whole) throw problem(400, "invalid_body", "The form arrived incomplete. Send it once more.");
  if (foreign)
    throw problem(400, "invalid_input", "The form has fields that do not belong to it. Load the page again.");
  for (const file of arrived) if ("failure" in file) throw file.failure;
  return { fields, keptFiles, arrived, tooMany };
}

const yesOrNo = [() => true, () => false] as const;

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

/** Never rejects: the rest of the form is read in any case. */
async function keep(
  store: Portal["files"],
  content: Readable & { truncated?: boolean },
  filename: string,
  type: string,
): Promise<Upload | Refused | NotChosen | Failed> {
  const name = cleanName(filename);
  // A form that breaks off ends its file with an error, maybe before anybody reads it.
  let failure: unknown;
  content.once("error", (error) => {
    failure = error;
  });
  try {
    const { sha256, size } = await store.keepStream(Readable.from(wholly(content)));
    if (failure !== undefined) return { failure };
    if (size === 0) return filename ? { name, because: "empty" } : { because: "not_chosen" };
    return { name, type, size, sha256 };
  } catch (error) {
    content.resume();
    return error instanceof TooLarge ? { name, because: "too_large" } : { failure: error };
  }
}

class TooLarge extends Error {}

/** busboy ends a file that is too large as if it were whole; here that is an error, so that nothing of it is kept. */
async function* wholly(content: Readable & { truncated?: boolean }) {
  for await (const chunk of content.iterator({ destroyOnReturn: false })) yield chunk;
  if (content.truncated) throw new TooLarge();
}
