import { Transform } from "node:stream";
import { z } from "zod";
import { endpoint, invalidInput } from "../../platform/endpoint.ts";
import { problem } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext } from "../context.ts";
import { FileView } from "../contract/mails.ts";
import { transact } from "../database.ts";
import { once, onceKeyOf } from "../idempotency.ts";
import { contextOf } from "../people/sign-in.ts";
import type { Streamed } from "../route.ts";

const NewUpload = z.strictObject({
  /** As it is called; folders in it are dropped. */
  name: z
    .string()
    .max(255)
    .transform((name) => fileName(name))
    .refine((name) => name !== "", "Give the file's name."),
});

export const upload: Streamed = {
  summary: "Keeps the request's body as a file. It is the agent's own until a note or a reply takes it.",
  status: 201,
  input: NewUpload,
  takesFile: true,
  output: FileView,
  handle: (context) => {
    const keepOnce = once("post /uploads", keep);
    const { MAIL_SIZE_MB } = context.settings;
    return async (req, res) => {
      const wish = NewUpload.safeParse(req.query);
      if (!wish.success) throw invalidInput(wish.error);
      if (Number(req.headers["content-length"] ?? 0) > MAIL_SIZE_MB * 1024 * 1024) throw tooLarge(MAIL_SIZE_MB);

      const content = await context.files.keepStream(req.pipe(atMost(MAIL_SIZE_MB)));
      if (content.size === 0) throw problem(400, "empty", "The file is empty. Choose another.");
      const file = { name: wish.data.name, type: typeOf(req.headers["content-type"]), ...content };
      const view = await keepOnce.run(file, { ...contextOf(context)(req, res), onceKey: onceKeyOf(req) });
      res.status(201).json(FileView.parse(view));
    };
  },
};

const keep = endpoint({
  summary: "Writes down whose file it is.",
  status: 201,
  input: z.strictObject({ name: z.string(), type: z.string(), size: z.number(), sha256: z.string() }),
  output: FileView,
  run: (data, { desk, ...asking }: AgentContext) =>
    transact(desk, async (tx) => {
      const file = await tx.attachment.create({
        data: { ...data, uploadedById: asking.agent.id },
        select: { id: true, name: true, type: true, size: true, inline: true },
      });
      await audit(tx, asking, { act: "file_uploaded", subject: file.id, details: { size: file.size } });
      return file;
    }),
});

const tooLarge = (most: number) =>
  problem(413, "too_large", `The file is larger than ${most} MB, more than a mail can carry. Share it another way.`);

/** Stops at the first byte too many, whatever the request said of its length. */
function atMost(mb: number) {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > mb * 1024 * 1024) done(tooLarge(mb));
      else done(null, chunk);
    },
  });
}

/** The last part of a path, without signs that a file system or a header would stumble over. */
function fileName(name: string): string {
  const last = name.normalize("NFC").split(/[/\\]/).at(-1) ?? "";
  // Direction marks make "exe.pdf" of "fdp.exe".
  return last
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "")
    .replace(/[<>:"|?*]/g, "_")
    .replace(/^[. ]+|[. ]+$/g, "");
}

/** A media type and nothing beside it (RFC 6838, 4.2), or the one that says nothing. */
function typeOf(header: string | undefined) {
  const [type] = (header ?? "").toLowerCase().split(";");
  return /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/.test(type?.trim() ?? "")
    ? (type ?? "").trim()
    : "application/octet-stream";
}
