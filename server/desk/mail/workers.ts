import type { DeskContext } from "../context.ts";
import { transact } from "../database.ts";
import { categorizeMails, isSomeTicketDue, wakeCategorizing } from "./categories.ts";
import { receiveDue, receiveOne } from "./receive.ts";
import { sendMail } from "./send.ts";
import { syncSentItems } from "./sent-items.ts";
import { settleSendings } from "./settle-sendings.ts";
import { renewSubscriptions } from "./subscriptions.ts";
import { syncMailbox } from "./sync.ts";

/** So long one mailbox is worked on; what is left is the next job's, so that other mailboxes have their turn. */
const jobMs = 30_000;
/** …and so often it is looked whether something arrived that comes before what is left. */
const lookAgainMs = 2_000;

/** Notices are evidence of what Graph told us, for a while. */
const noticesKeptFor = 7 * 24 * 3600_000;

const mailboxFields = { id: true, address: true, mode: true, team: true, deltaLink: true } as const;

/** Starts working on everything that has to do with mail. */
export async function mailWorkers(context: DeskContext) {
  const { desk, queue } = context;

  await queue.work("sync-mailbox", ({ mailboxId }) => syncAndReceive(context, mailboxId), {
    sideBySide: 3,
    // A mailbox that was locked is looked at as soon as it may be.
    latestSeconds: 3,
  });
  await queue.work(
    "receive-message",
    async ({ mailboxId, immutableId }) => {
      const mailbox = await desk.mailbox.findUnique({ where: { id: mailboxId }, select: mailboxFields });
      if (mailbox) await receiveOne(context, mailbox, immutableId);
    },
    { sideBySide: 2 },
  );
  await queue.work("sync-sent", ({ mailboxId }) => syncSentItems(context, mailboxId), { sideBySide: 2 });
  await queue.work("sync-all", async () => {
    const mailboxes = await desk.mailbox.findMany({ select: { id: true } });
    await transact(desk, async (tx) => {
      await tx.notice.deleteMany({ where: { receivedAt: { lt: new Date(Date.now() - noticesKeptFor) } } });
      for (const { id } of mailboxes) {
        await queue.enqueue(tx, "sync-mailbox", { mailboxId: id }, { key: id });
        await queue.enqueue(tx, "sync-sent", { mailboxId: id }, { key: id });
      }
    });
  });
  await queue.work("renew-subscriptions", () => renewSubscriptions(context));
  await queue.work("send-mail", ({ sendingId }) => sendMail(context, sendingId), {
    sideBySide: 2,
    // Somebody waits for the end of a grace period.
    latestSeconds: 1,
  });
  await queue.work("categorize-mails", () => categorizeMails(context));
  await queue.work("settle-sendings", () => settleSendings(context));

  await transact(desk, async (tx) => {
    await queue.enqueue(tx, "renew-subscriptions", {}, { key: "all" });
    await queue.enqueue(tx, "sync-all", {}, { key: "all" });
  });
}

/** What changed, and then every mail that is due: one job per mailbox, so that its mails are filed in their order. */
export async function syncAndReceive(context: DeskContext, mailboxId: string) {
  const { desk, queue } = context;
  const until = Date.now() + jobMs;
  let left: "empty" | "more";
  do {
    const mailbox = await desk.mailbox.findUnique({ where: { id: mailboxId }, select: mailboxFields });
    if (!mailbox) return;
    // Nothing can be fetched while Graph does not let us; it is asked again in a minute.
    if (!(await syncMailbox(context, mailbox))) return;
    left = await receiveDue(context, mailbox, new Date(Date.now() + lookAgainMs));
  } while (left === "more" && Date.now() < until && !queue.isResting());
  if (await isSomeTicketDue(desk)) await wakeCategorizing(desk, queue);
  if (left === "more")
    await transact(desk, (tx) => queue.enqueue(tx, "sync-mailbox", { mailboxId }, { key: mailboxId }));
}
