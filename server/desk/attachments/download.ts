import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { invalidInput } from "../../platform/endpoint.ts";
import { notFound } from "../../platform/problems.ts";
import { servedAs } from "../../platform/served-as.ts";
import { Id } from "../contract/people.ts";
import { whoAsks } from "../people/sign-in.ts";
import type { Streamed } from "../route.ts";

const Wanted = z.strictObject({ id: Id });

export const download: Streamed = {
  summary: "A file of a mail or an entry; an upload that nothing uses yet goes to its own agent only.",
  status: 200,
  input: Wanted,
  takesFile: false,
  output: null,
  handle:
    ({ desk, files }) =>
    async (req, res) => {
      const wanted = Wanted.safeParse(req.params);
      if (!wanted.success) throw invalidInput(wanted.error);
      const file = await desk.attachment.findFirst({
        where: {
          id: wanted.data.id,
          OR: [{ messageId: { not: null } }, { entryId: { not: null } }, { uploadedById: whoAsks(req).agent.id }],
        },
        select: { name: true, type: true, size: true, sha256: true },
      });
      if (!file || !(await files.has(file.sha256))) throw notFound("This file");

      res.set(headersFor(file));
      await pipeline(files.read(file.sha256), res);
    },
};

export const headersFor = ({ name, type, size }: { name: string; type: string; size: number }) => ({
  "Content-Type": servedAs(type),
  "Content-Length": String(size),
  "Content-Disposition": disposition(name),
  "X-Content-Type-Options": "nosniff",
  // What a stranger sent must not act as ours, even when somebody opens it in a browser.
  "Content-Security-Policy": "sandbox; default-src 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "private, max-age=3600, immutable",
});

/** RFC 6266 with RFC 8187 for names that are not ASCII. */
function disposition(name: string) {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const full = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`;
}
