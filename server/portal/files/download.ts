import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { notFound } from "../../platform/problems.ts";
import { isPicture, servedAs } from "../../platform/served-as.ts";
import { seenBy, type Viewer, visibleTickets } from "../access.ts";
import type { Visit } from "../visit.ts";
import { disposition } from "./name.ts";

const FileId = z.string().regex(/^[\w-]{1,100}$/);

type File = { name: string; type: string; size: number; sha256: string };

/** GET …/files/:fileId: a released file of a ticket the viewer may see; read from the portal's own store. */
export async function downloadFile({ portal, req, res, who }: Visit<Viewer>) {
  const fileId = FileId.safeParse(req.params.fileId);
  if (!fileId.success) throw notFound("This file");
  const [file] = await portal.database.read<File>(
    "file_of_visible_ticket",
    `select f.name, f.type, f.size, f.sha256 from published_files f
      where f.organization_id = $1::uuid and f.file_id = $4
        and exists (select ${visibleTickets} and t.ticket_id = f.ticket_id)`,
    [...seenBy(who), fileId.data],
  );
  if (!file || !(await portal.files.has(file.sha256))) throw notFound("This file");

  res.set({
    "content-type": servedAs(file.type),
    "content-length": String(file.size),
    "content-disposition": disposition(isPicture(file.type) ? "inline" : "attachment", file.name),
    // Opened by itself it is nobody's page: no scripts, no forms, no origin.
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  if (req.method === "HEAD") return void res.end();
  await pipeline(portal.files.read(file.sha256), res);
}
