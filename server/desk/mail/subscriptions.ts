/** Each mailbox has one living subscription, so that Graph tells us at once when a mail arrives. */
import { log } from "../../platform/log.ts";
import type { DeskContext } from "../context.ts";
import { type Desk, transact } from "../database.ts";
import { lifetime, type Subscription } from "../graph/subscriptions.ts";
import { isTrouble } from "../graph/trouble.ts";
import { noteUntold } from "../mailboxes/trouble.ts";
import { say } from "../say.ts";

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
    const trouble = await renew(context, mailbox).then(
      () => null,
      (error: unknown) => whyNot(mailbox, error),
    );
    await noteUntold(context.desk, mailbox.id, trouble ?? (await whySilent(context.desk, mailbox)));
  }
}

/** The schedule reads the mailbox anyway: mails come a minute later, and none is lost. */
function whyNot({ id: mailboxId, subscriptionExpiresAt }: Subscribed, error: unknown): string | null {
  log.warn({ err: error, mailboxId }, "a subscription could not be renewed");
  const passes = isTrouble(error, "throttled", "unreachable");
  if (passes && (subscriptionExpiresAt?.getTime() ?? 0) > Date.now()) return null;
  const why = error instanceof Error ? error.message : String(error);
  return `${say("untold")} ${why} ${say("must_reach_us")}`;
}

async function renew(context: DeskContext, mailbox: Subscribed) {
  const left = (mailbox.subscriptionExpiresAt?.getTime() ?? 0) - Date.now();
  if (mailbox.subscriptionId && left > renewBelow) return;
  const renewed = mailbox.subscriptionId ? await extend(context, mailbox, mailbox.subscriptionId) : null;
  const subscription = renewed ?? (await begin(context, mailbox));
  const isOurs = await transact(context.desk, async (tx) => {
    const { count } = await tx.mailbox.updateMany({
      where: { id: mailbox.id, subscriptionId: mailbox.subscriptionId },
      data: { subscriptionId: subscription.id, subscriptionExpiresAt: subscription.expiresAt },
    });
    // What came while nobody listened.
    if (!renewed) await context.queue.enqueue(tx, "sync-mailbox", { mailboxId: mailbox.id }, { key: mailbox.id });
    return count > 0;
  });
  // Its job was given to another process meanwhile, because it took so long.
  if (!isOurs && !renewed) await context.graph.remove(mailbox.address, subscription.id);
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
  for (const { id } of (await graph.subscriptions(address)).filter(sameMailbox)) await graph.remove(address, id);
  return graph.subscribe(address, { clientState, noticesUrl, lifecycleUrl });
}

/** Graph tells of a mail within three minutes (https://learn.microsoft.com/graph/change-notifications-overview). */
const silentAfterMinutes = 15;

/** A living subscription of which nothing is heard although mails came: something between Microsoft 365 and us eats notices. */
async function whySilent(
  desk: Desk,
  { id, subscriptionId, subscriptionExpiresAt }: Subscribed,
): Promise<string | null> {
  if (!subscriptionId || !subscriptionExpiresAt) return null;
  const since = new Date(subscriptionExpiresAt.getTime() - lifetime);
  const [heard] = await desk.$queryRaw<{ mails: boolean; notices: boolean }[]>`
    with missed as (
      select min(received_at) as first from inbox_items where mailbox_id = ${id}::uuid
        and received_at > greatest(${since}, now() - interval '1 hour')
        and received_at < now() - make_interval(mins => ${silentAfterMinutes})
    )
    select first is not null as mails,
      exists (select from notices where mailbox_id = ${id}::uuid and received_at >= first) as notices from missed`;
  if (!heard?.mails || heard.notices) return null;
  return say("silent");
}
