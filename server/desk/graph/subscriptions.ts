import { z } from "zod";
import type { Ask } from "./ask.ts";
import { neverTwice } from "./links.ts";
import { isTrouble } from "./trouble.ts";

/**
 * Seven days is the most that Graph allows for messages without their content
 * (https://learn.microsoft.com/graph/api/resources/subscription). Three, renewed at half-life, outlive a weekend.
 */
export const lifetime = 3 * 24 * 3600_000;

const Subscription = z
  .object({
    id: z.string(),
    resource: z.string(),
    notificationUrl: z.string(),
    expirationDateTime: z.iso.datetime({ offset: true }),
  })
  .transform(({ expirationDateTime, ...rest }) => ({ ...rest, expiresAt: new Date(expirationDateTime) }));
export type Subscription = z.output<typeof Subscription>;

const Subscriptions = z.object({ value: z.array(Subscription), "@odata.nextLink": z.string().optional() });

/** What a mailbox's subscription watches. */
const resourceOf = (mailbox: string) => `/users/${mailbox}/mailFolders('Inbox')/messages`;

const expiry = () => new Date(Date.now() + lifetime).toISOString();

/** All subscriptions of our application, asked for on the seat of the mailbox that wants one. */
export async function listSubscriptions(ask: Ask, mailbox: string): Promise<Subscription[]> {
  const all: Subscription[] = [];
  const follow = neverTwice();
  for (let path: string | undefined = "/subscriptions"; path; ) {
    follow(path);
    const page: z.output<typeof Subscriptions> = await ask.json(Subscriptions, {
      mailbox,
      matter: "subscribing",
      method: "get",
      path,
    });
    all.push(...page.value);
    path = page["@odata.nextLink"];
  }
  return all;
}

/** Graph calls `noticesUrl` and `lifecycleUrl` before it answers: the desk must be listening. */
export const subscribe = (
  ask: Ask,
  mailbox: string,
  { clientState, noticesUrl, lifecycleUrl }: { clientState: string; noticesUrl: string; lifecycleUrl: string },
) =>
  ask.json(Subscription, {
    mailbox,
    matter: "subscribing",
    method: "post",
    path: "/subscriptions",
    body: {
      changeType: "created",
      notificationUrl: noticesUrl,
      lifecycleNotificationUrl: lifecycleUrl,
      resource: resourceOf(mailbox),
      expirationDateTime: expiry(),
      clientState,
    },
  });

export const renewSubscription = (ask: Ask, mailbox: string, id: string) =>
  ask.json(Subscription, {
    mailbox,
    // That one subscription cannot be renewed says nothing about a new one.
    matter: "renewing",
    method: "patch",
    path: `/subscriptions/${encodeURIComponent(id)}`,
    body: { expirationDateTime: expiry() },
  });

export async function removeSubscription(ask: Ask, mailbox: string, id: string) {
  try {
    await ask.done({
      mailbox,
      matter: "subscribing",
      method: "delete",
      path: `/subscriptions/${encodeURIComponent(id)}`,
    });
  } catch (error) {
    if (!isTrouble(error, "gone")) throw error;
  }
}
