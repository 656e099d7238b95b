import { pipeline } from "node:stream/promises";
import { invalidInput } from "../../platform/endpoint.ts";
import { notFound } from "../../platform/problems.ts";
import { headersFor } from "../attachments/download.ts";
import { OneMail } from "../contract/held.ts";
import type { Streamed } from "../route.ts";

export const original: Streamed = {
  summary: "A mail as it came, byte for byte, to be saved as .eml.",
  status: 200,
  input: OneMail,
  takesFile: false,
  output: null,
  handle:
    ({ desk, files }) =>
    async (req, res) => {
      const wanted = OneMail.safeParse(req.params);
      if (!wanted.success) throw invalidInput(wanted.error);
      const mail = await desk.message.findUnique({
        where: { id: wanted.data.messageId },
        select: { subject: true, rawSha256: true, rawSize: true },
      });
      if (!mail || !(await files.has(mail.rawSha256))) throw notFound("This mail");

      const name = `${
        mail.subject
          .replace(/[\\/:*?"<>|\p{Cc}\s]+/gu, " ")
          .trim()
          .slice(0, 100) || "mail"
      }.eml`;
      res.set({ ...headersFor({ name, type: "", size: mail.rawSize }), "Content-Type": "message/rfc822" });
      await pipeline(files.read(mail.rawSha256), res);
    },
};
