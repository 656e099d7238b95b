import type { DeskContext } from "../../context.ts";
import type { DeskTransaction } from "../../database.ts";

/** Wishes that the CRM learns what an agent taught here, when the settings allow it. In the transaction that teaches it. */
export async function tellCrm(
  tx: DeskTransaction,
  { queue, settings }: Pick<DeskContext, "queue" | "settings">,
  { contactId, address = null }: { contactId: string; address?: string | null },
) {
  if (!settings.DATAVERSE_URL || settings.DATAVERSE_WRITE_BACK !== "yes") return;
  const key = address ? `address:${contactId}:${address}` : `contact:${contactId}`;
  // Taught again after it was taken back: the CRM is asked again.
  await tx.crmWriting.upsert({
    where: { key },
    create: { sourceId: "dataverse", contactId, address, key },
    update: { state: "waiting", dueAt: new Date(), attempts: 0, because: null, doneAt: null },
    select: { id: true },
  });
  await queue.enqueue(tx, "write-crm", {}, { key: "all" });
}
