/** Every job there is, what it needs, and when it runs by itself. */
import { openQueue, type Queue, type Transaction, type Wish } from "../platform/queue.ts";
import { atTheEnd } from "./database.ts";

export type Jobs = {
  /** Asks delta what changed in a mailbox. */
  "sync-mailbox": { mailboxId: string };
  /** Asks delta what was sent from a mailbox, and brings what belongs to a ticket to its timeline. */
  "sync-sent": { mailboxId: string };
  /** Fetches, reads, matches and files one message. */
  "receive-message": { mailboxId: string; immutableId: string };
  /** Makes sure each mailbox has a living subscription. */
  "renew-subscriptions": Record<string, never>;
  /** Forgets what is kept for a time only: answers to repeated requests, uploads that nobody used. */
  "sweep-desk": Record<string, never>;
  /** Looks how full the disks are on which files lie. */
  "watch-disks": Record<string, never>;
  /** Starts a sync of every mailbox, so that a dead webhook costs minutes and no mail. */
  "sync-all": Record<string, never>;
  /** Puts the categories of mails right whose ticket has changed. */
  "categorize-mails": Record<string, never>;
  /** Carries out one intent to send. */
  "send-mail": { sendingId: string };
  /** Looks for intents that got stuck, and tells an agent about those it cannot settle. */
  "settle-sendings": Record<string, never>;
  /** Brings the desk into agreement with one CRM. */
  "sync-crm": { sourceId: string };
  /** Starts that for every CRM that the settings name. */
  "sync-crms": Record<string, never>;
  /** Tells a CRM what agents taught. */
  "write-crm": Record<string, never>;
  /** The door: brings the portal into agreement with the releases of one ticket. */
  "publish-ticket": { ticketId: string };
  /** The door: brings the portal into agreement with one contact's access. */
  "publish-contact": { contactId: string };
  /** The door: finds what should be in the portal and is not, or is and should not be. */
  "sweep-portal": Record<string, never>;
  /** The door: carries what customers wrote into the intake. */
  collect: Record<string, never>;
  /** The door: sends the mails that the portal wants sent. */
  courier: Record<string, never>;
};

export type DeskQueue = Queue<Jobs>;

/** One waiting and one running per key: never two at once for the same mailbox, ticket or door. */
const oneAtATime = { oneAtATime: true } as const;

export async function openDeskQueue(url: string): Promise<DeskQueue> {
  const queue = await openQueue<Jobs>(url, {
    "sync-mailbox": oneAtATime,
    "sync-sent": oneAtATime,
    "receive-message": { retryLimit: 8 },
    "renew-subscriptions": oneAtATime,
    "sync-all": oneAtATime,
    "sweep-desk": oneAtATime,
    "watch-disks": oneAtATime,
    "categorize-mails": oneAtATime,
    "send-mail": { retryLimit: 20 },
    "settle-sendings": oneAtATime,
    "sync-crm": oneAtATime,
    "sync-crms": oneAtATime,
    "write-crm": oneAtATime,
    // Every change has a job of its own: one that waits may have begun to read before a later change commits.
    "publish-ticket": { retryLimit: 20 },
    "publish-contact": { retryLimit: 20 },
    "sweep-portal": oneAtATime,
    collect: oneAtATime,
    courier: oneAtATime,
  });
  const enqueue = enqueueAtTheEnd(queue);
  return { ...queue, enqueue: (tx, name, data, wish) => enqueue(tx, { name, data, ...wish }) };
}

type Enqueued = Wish & { name: keyof Jobs; data: Jobs[keyof Jobs] };

/** Eight mails filed together queue eight publishings: one statement for all, and what is asked for twice is queued once. */
const enqueueAtTheEnd = (queue: DeskQueue) =>
  atTheEnd(async (tx: Transaction, all: Enqueued[]) => {
    const once = [...new Map(all.map((job) => [JSON.stringify(job), job])).values()];
    for (const name of new Set(once.map((job) => job.name)))
      await queue.enqueueAll(
        tx,
        name,
        once.filter((job) => job.name === name).map(({ data, after, key }) => ({ data, after, key })),
      );
  });

/** What runs by itself. Cron in UTC. */
export async function schedule(queue: DeskQueue) {
  await queue.every("sync-all", "* * * * *", {});
  await queue.every("sweep-desk", "17 * * * *", {});
  await queue.every("watch-disks", "* * * * *", {});
  await queue.every("renew-subscriptions", "* * * * *", {});
  await queue.every("categorize-mails", "* * * * *", {});
  await queue.every("settle-sendings", "* * * * *", {});
  await queue.every("sync-crms", "* * * * *", {});
  await queue.every("sweep-portal", "*/5 * * * *", {});
  await queue.every("collect", "* * * * *", {});
  await queue.every("courier", "* * * * *", {});
}
