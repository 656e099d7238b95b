import { mailboxById } from "../exchange/mailboxes.ts";
import { etagOf } from "../exchange/messages.ts";
import type { Faults } from "../faults.ts";
import type { MailChange, Store } from "../store.ts";
import { tenantId } from "../world.ts";
import { notificationFor, post, type Subscription, type Subscriptions } from "./subscriptions.ts";

export type Lifecycle = "missed" | "subscriptionRemoved" | "reauthorizationRequired";

export type Notifications = {
  /** Tells the owner of a subscription (or of all) what became of it. */
  tellLifecycle(event: Lifecycle, subscriptionId?: string): void;
  /** Resolves when nothing waits to be delivered. */
  settled(): Promise<void>;
  close(): void;
};

/** Delivered means 2xx within 3 s, within 10 s when tried again, for up to 4 h (change-notifications-delivery-webhooks). */
const firstTimeoutMs = 3_000;
const laterTimeoutMs = 10_000;
const giveUpAfterMs = 4 * 3_600_000;
const longestPauseMs = 60_000;
/** One POST may carry many notifications; this many keep it small. */
const mostPerPost = 100;

type Waiting = { id: number; url: string; body: string; attempts: number; bornAt: number };

/** Tells subscribers what happened, in the background: durable, repeated until taken, never in the way of the mail. */
export function startNotifications(
  store: Store,
  subscriptions: Subscriptions,
  faults: Faults,
  ca: string,
): Notifications {
  const busy = new Set<string>();
  const idle = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const unwatch = store.watch((change) => {
    queue(change);
    deliverDue();
  });
  deliverDue();

  return {
    tellLifecycle(event, subscriptionId) {
      store.transact(() => {
        for (const subscription of subscriptions.all()) {
          if (subscriptionId && subscription.id !== subscriptionId) continue;
          put(subscription, subscription.lifecycleUrl, lifecycleBody(subscription, event));
          // What waits is still delivered; more does not come.
          if (event === "subscriptionRemoved") subscriptions.expire(subscription.id);
        }
      });
      deliverDue();
    },
    settled: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => idle.add(resolve))),
    close() {
      closed = true;
      unwatch();
      clearTimeout(timer);
    },
  };

  function queue(change: MailChange) {
    const now = new Date().toISOString();
    for (const subscription of subscriptions.all()) {
      if (subscription.mailboxId !== change.mailboxId || subscription.expiresAt <= now) continue;
      const kind = kindFor(subscription, change);
      if (!kind || !subscription.changeTypes.includes(kind)) continue;
      const fault = faults.next("NOTIFY", subscription.notificationUrl);
      if (fault?.do === "lose") continue;
      const body = changeBody(subscription, change, kind);
      put(subscription, subscription.notificationUrl, body);
      if (fault?.do === "duplicate") put(subscription, subscription.notificationUrl, body);
    }
  }

  /** Seen from a folder, a mail that leaves is deleted and one that comes is created; seen from the mailbox it changed. */
  function kindFor(subscription: Subscription, change: MailChange): MailChange["kind"] | null {
    if (subscription.folderId !== null) return subscription.folderId === change.folderId ? change.kind : null;
    if (!change.moved) return change.kind;
    return change.kind === "created" ? "updated" : null;
  }

  function changeBody(subscription: Subscription, change: MailChange, kind: string) {
    const mailbox = mailboxById(store, change.mailboxId);
    const id = subscription.immutable ? change.immutableId : change.mutableId;
    const etag = kind === "deleted" ? null : etagOf({ id: change.messageId, seq: change.seq });
    return mailbox ? notificationFor(subscription, mailbox, kind, id, etag) : null;
  }

  function put(subscription: Subscription, url: string | null, body: object | null) {
    if (!url || !body) return;
    store.run(
      "insert into notification (subscription_id, url, body, due_at, born_at) values (?, ?, ?, 0, ?)",
      subscription.id,
      url,
      JSON.stringify(body),
      Date.now(),
    );
  }

  function deliverDue() {
    if (closed) return;
    clearTimeout(timer);
    const urls = store.all<{ url: string; dueAt: number }>(
      "select url, min(due_at) as dueAt from notification group by url",
    );
    const later = urls.filter(({ url, dueAt }) => !busy.has(url) && dueAt > Date.now()).map(({ dueAt }) => dueAt);
    for (const { url, dueAt } of urls) if (!busy.has(url) && dueAt <= Date.now()) void deliverTo(url);
    if (later.length > 0) {
      timer = setTimeout(deliverDue, Math.max(1, Math.min(...later) - Date.now()));
      timer.unref();
    }
    if (isIdle()) for (const tell of idle) tell();
    if (isIdle()) idle.clear();
  }

  function isIdle() {
    return busy.size === 0 && !store.one("select 1 from notification limit 1");
  }

  /** One POST at a time to an address: what comes meanwhile goes with the next. */
  async function deliverTo(url: string) {
    busy.add(url);
    const waiting = store.all<Waiting>(
      "select id, url, body, attempts, born_at as bornAt from notification where url = ? and due_at <= ? order by id limit ?",
      url,
      Date.now(),
      mostPerPost,
    );
    const retried = waiting.some(({ attempts }) => attempts > 0);
    const body = `{"value":[${waiting.map((one) => one.body).join(",")}]}`;
    const status = await post(
      url,
      "application/json; charset=utf-8",
      body,
      ca,
      retried ? laterTimeoutMs : firstTimeoutMs,
    )
      .then((answer) => answer.status)
      .catch(() => 0);
    busy.delete(url);
    if (closed) return;
    store.transact(() => {
      for (const one of waiting) settle(one, status >= 200 && status < 300);
    });
    deliverDue();
  }

  function settle(waiting: Waiting, taken: boolean) {
    const pause = Math.min(1000 * 2 ** waiting.attempts, longestPauseMs);
    if (taken || Date.now() + pause - waiting.bornAt > giveUpAfterMs) {
      store.run("delete from notification where id = ?", waiting.id);
      return;
    }
    store.run(
      "update notification set attempts = attempts + 1, due_at = ? where id = ?",
      Date.now() + pause,
      waiting.id,
    );
  }
}

const lifecycleBody = (subscription: Subscription, lifecycleEvent: Lifecycle) => ({
  subscriptionId: subscription.id,
  subscriptionExpirationDateTime: subscription.expiresAt,
  tenantId,
  clientState: subscription.clientState,
  lifecycleEvent,
});
