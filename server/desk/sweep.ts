import type { DeskContext } from "./context.ts";
import { transact } from "./database.ts";
import { watchDisks } from "./watch-disks.ts";

const day = 24 * 60 * 60 * 1000;

/** Forgets what is kept for a time only. Contents stay in the file store: another mail may hold the same. */
export async function sweepDesk({ desk }: Pick<DeskContext, "desk">, now = new Date()) {
  const yesterday = new Date(now.getTime() - day);
  await transact(desk, async (tx) => {
    await tx.idempotentAnswer.deleteMany({ where: { at: { lt: yesterday } } });
    const unused = { entryId: null, messageId: null, uploadedById: { not: null }, createdAt: { lt: yesterday } };
    await tx.attachment.deleteMany({ where: unused });
  });
}

/** Starts the desk's own chores. */
export async function deskWorkers(context: DeskContext) {
  await context.queue.work("sweep-desk", () => sweepDesk(context));
  await context.queue.work("watch-disks", () => watchDisks(context));
}
