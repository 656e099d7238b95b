import { problem } from "../../platform/problems.ts";
import type { DeskTransaction } from "../database.ts";

/** Puts an agent's own uploads on an entry. An upload is used once, and only by the agent who made it. */
export async function takeUploads(
  tx: DeskTransaction,
  { agentId, entryId, attachmentIds }: { agentId: string; entryId: string; attachmentIds: string[] },
) {
  const wanted = [...new Set(attachmentIds)];
  for (const [position, id] of wanted.entries()) {
    const { count } = await tx.attachment.updateMany({
      where: { id, uploadedById: agentId, entryId: null, messageId: null },
      data: { entryId, position },
    });
    if (count === 0)
      throw problem(422, "unknown_upload", "One of the files is not there or is already in use. Upload it again.");
  }
}
