/** Each mailbox has one living subscription, so that Graph tells us at once when a mail arrives. */
import { log } from "../../platform/log.ts";
import type { DeskContext } from "../context.ts";
import { transact } from "../database.ts";
import type { Subscription } from "../graph/subscriptions.ts";
import { isTrouble } from "../graph/trouble.ts";

type Subscribed = {
  id: string;
  address: string;
  clientState: string;
  subscriptionId: string | null;
  subscriptionExpiresAt: Date | null;
};

/** Renewed when less than half of its three days is left. */
const renewBelow = 36 * 3600_000;

export async function renewSubscriptions(context: DeskContext) {
  const mailboxes = await context.desk.mailbox.findMany({
    select: { id: true, address: true, clientState: true, subscriptionId: true, subscriptionExpiresAt: true },
  });
  for (const mailbox of mailboxes) {
    try {
      await renew(context, mailbox);
      told.delete(mailbox.id);
    } catch (error) {
      tell(mailbox, error);
    }
  }
}

/** What this process said of a mailbox: each trouble once, not every minute. */
const told = new Map<string, string>();

/** The schedule reads the mailbox anyway: mails come a minute later, and none is lost. */
function tell({ id: mailboxId, subscriptionExpiresAt }: Subscribed, error: unknown) {
  const isOver = (subscriptionExpiresAt?.getTime() ?? 0) < Date.now();
  const trouble = `${error instanceof Error ? error.message : error} ${isOver}`;
  if (told.get(mailboxId) === trouble) return;
  told.set(mailboxId, trouble);
  const alarm = isOver ? "no_subscription" : undefined;
  log.error({ err: error, mailboxId, alarm }, "a subscription could not be renewed; mails come up to a minute late");
}

async function renew(context: DeskContext, mailbox: Subscribed) {
  const left = (mailbox.subscriptionExpiresAt?.getTime() ?? 0) - Date.now();
  if (mailbox.subscriptionId && left > renewBelow) return;
  const renewed = mailbox.subscriptionId ? await extend(context, mailbox, mailbox.subscriptionId) : null;
  const subscription = renewed ?? (await begin(context, mailbox));
  await transact(context.desk, async (tx) => {
    await tx.mailbox.update({
      where: { id: mailbox.id },
      data: { subscriptionId: subscription.id, subscriptionExpiresAt: subscription.expiresAt },
      select: { id: true },
    });
    // What came while nobody listened.
    if (!renewed) await context.queue.enqueue(tx, "sync-mailbox", { mailboxId: mailbox.id }, { key: mailbox.id });
  });
}

async function extend(
  { graph }: DeskContext,
  { address }: Subscribed,
  subscriptionId: string,
): Promise<Subscription | null> {
  try {
    return await graph.renew(address, subscriptionId);
  } catch (error) {
    if (isTrouble(error, "gone", "refused", "forbidden")) return null;
    throw error;
  }
}

/** Ends what an earlier attempt may have left behind, so that there is one and not two. */
async function begin({ graph, settings }: DeskContext, { address, clientState }: Subscribed): Promise<Subscription> {
  const noticesUrl = `${settings.NOTIFY_URL}/api/graph/notices`;
  const lifecycleUrl = `${settings.NOTIFY_URL}/api/graph/lifecycle`;
  const sameMailbox = ({ resource, notificationUrl }: Subscription) =>
    notificationUrl === noticesUrl && resource.toLowerCase().includes(`/${address.toLowerCase()}/`);
  for (const { id } of (await graph.subscriptions()).filter(sameMailbox)) await graph.remove(address, id);
  return graph.subscribe(address, { clientState, noticesUrl, lifecycleUrl });
}
