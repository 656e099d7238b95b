import { randomUUID } from "node:crypto";
import { request as httpsRequest } from "node:https";
import { z } from "zod";
import { folderOf, type Mailbox, mailboxOf } from "../exchange/mailboxes.ts";
import { appendLedger } from "../ledger.ts";
import type { Store } from "../store.ts";
import { tenantId } from "../world.ts";
import { type Caller, mayCall } from "./access.ts";
import { type GraphReply, type GraphRequest, parseWith } from "./call.ts";
import { accessDenied, badRequest, GraphProblem, itemNotFound } from "./problem.ts";

export type Subscription = {
  id: string;
  appId: string;
  creatorId: string;
  mailboxId: number;
  folderId: number | null;
  resource: string;
  changeTypes: string;
  notificationUrl: string;
  lifecycleUrl: string | null;
  clientState: string | null;
  immutable: number;
  expiresAt: string;
};

export type Subscriptions = {
  answer(caller: Caller, request: GraphRequest, segments: string[]): Promise<GraphReply>;
  all(): Subscription[];
  /** Ends a subscription as time would. */
  expire(id: string): void;
};

const columns = `id, app_id as appId, creator_id as creatorId, mailbox_id as mailboxId, folder_id as folderId, resource,
  change_types as changeTypes, notification_url as notificationUrl, lifecycle_url as lifecycleUrl,
  client_state as clientState, immutable, expires_at as expiresAt`;

/** resources/subscription: mail without resource data lives 10,080 minutes at most; less than 45 becomes 45. */
const longestMinutes = 10_080;
const shortestMinutes = 45;
/** outlook-change-notifications-overview: per mailbox, over all apps. */
const mostPerMailbox = 1000;

/** Notifications of a subscription that ended are still delivered this long (change-notifications-delivery-webhooks). */
const deliveryHours = 4;

const NewSubscription = z.looseObject({
  changeType: z.string(),
  notificationUrl: z.string(),
  lifecycleNotificationUrl: z.string().nullish(),
  resource: z.string(),
  expirationDateTime: z.iso.datetime({ offset: true }),
  clientState: z.string().max(128).nullish(),
});

const Renewal = z.looseObject({
  expirationDateTime: z.iso.datetime({ offset: true }).optional(),
  notificationUrl: z.string().optional(),
});

/** Who wants to hear of which mails. Notifications themselves are sent by `notifications.ts`. */
export function startSubscriptions(store: Store, origin: () => string, ca: string): Subscriptions {
  store.run(
    "delete from subscription where expires_at < ?",
    new Date(Date.now() - deliveryHours * 3_600_000).toISOString(),
  );
  const all = () => store.all<Subscription>(`select ${columns} from subscription order by id`);

  return {
    all,
    expire: (id) => store.run("update subscription set expires_at = ? where id = ?", new Date(0).toISOString(), id),
    async answer(caller, request, [id, verb]) {
      const { method } = request;
      if (!id && method === "POST") return subscribe(caller, request);
      if (!id && method === "GET") return list(caller);
      if (!id) throw new GraphProblem(405, "UnknownError", `The method ${method} is not allowed here.`);
      const subscription = own(caller, id);
      if (verb?.toLowerCase() === "reauthorize" && method === "POST") return { status: 204 };
      if (verb) throw badRequest(`Resource not found for the segment '${verb}'.`);
      if (method === "GET") return { status: 200, body: show(subscription, "subscriptions/$entity") };
      if (method === "PATCH") return renew(subscription, request);
      if (method === "DELETE") return unsubscribe(subscription);
      throw new GraphProblem(405, "UnknownError", `The method ${method} is not allowed here.`);
    },
  };

  async function subscribe(caller: Caller, request: GraphRequest): Promise<GraphReply> {
    const wanted = parseWith(NewSubscription, readBody(request));
    const { mailbox, folderId } = findResource(caller, wanted.resource);
    mayCall(caller, mailbox, "read");
    // Delegated permissions reach the person's own mailbox only; *.Shared do not support subscriptions.
    if (caller.kind === "delegated" && caller.objectId !== mailbox.objectId) throw accessDenied();
    if (!/^(created|updated|deleted)(\s*,\s*(created|updated|deleted))*$/.test(wanted.changeType)) {
      throw badRequest(`Invalid changeType '${wanted.changeType}'.`, "InvalidRequest");
    }
    const until = readExpiry(wanted.expirationDateTime);
    const count = store.one<{ n: number }>(
      "select count(*) as n from subscription where mailbox_id = ? and expires_at > ?",
      mailbox.id,
      new Date().toISOString(),
    );
    if ((count?.n ?? 0) >= mostPerMailbox)
      throw new GraphProblem(403, "Forbidden", "The mailbox has reached its limit of subscriptions.");

    for (const url of [wanted.notificationUrl, wanted.lifecycleNotificationUrl]) if (url) await handshake(url, ca);

    const subscription: Subscription = {
      id: randomUUID(),
      appId: caller.appId,
      creatorId: caller.kind === "app" ? caller.appId : caller.objectId,
      mailboxId: mailbox.id,
      folderId,
      resource: wanted.resource,
      changeTypes: wanted.changeType,
      notificationUrl: wanted.notificationUrl,
      lifecycleUrl: wanted.lifecycleNotificationUrl ?? null,
      clientState: wanted.clientState ?? null,
      immutable: Number(/IdType\s*=\s*"?ImmutableId/i.test(request.headers.prefer ?? "")),
      expiresAt: until,
    };
    store.transact(() => {
      keep(subscription);
      appendLedger(store, "subscribed", { mailbox: mailbox.address, detail: { id: subscription.id } });
    });
    return { status: 201, body: show(subscription, "subscriptions/$entity") };
  }

  function keep(subscription: Subscription) {
    store.run(
      `insert into subscription (id, app_id, creator_id, mailbox_id, folder_id, resource, change_types,
         notification_url, lifecycle_url, client_state, immutable, expires_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[subscription.id, subscription.appId, subscription.creatorId, subscription.mailboxId, subscription.folderId],
      ...[subscription.resource, subscription.changeTypes, subscription.notificationUrl, subscription.lifecycleUrl],
      ...[subscription.clientState, subscription.immutable, subscription.expiresAt],
    );
  }

  function list(caller: Caller): GraphReply {
    const mine = all().filter(({ appId, expiresAt }) => appId === caller.appId && expiresAt > new Date().toISOString());
    return {
      status: 200,
      body: {
        "@odata.context": `${origin()}/v1.0/$metadata#subscriptions`,
        value: mine.map((subscription) => show(subscription)),
      },
    };
  }

  function own(caller: Caller, id: string): Subscription {
    const subscription = store.one<Subscription>(`select ${columns} from subscription where id = ?`, id);
    const alive = subscription && subscription.expiresAt > new Date().toISOString();
    if (!alive || subscription.appId !== caller.appId) {
      throw new GraphProblem(404, "ResourceNotFound", "The object was not found.");
    }
    return subscription;
  }

  async function renew(subscription: Subscription, request: GraphRequest): Promise<GraphReply> {
    const { expirationDateTime, notificationUrl } = parseWith(Renewal, readBody(request));
    if (notificationUrl) await handshake(notificationUrl, ca);
    const renewed = {
      ...subscription,
      expiresAt: expirationDateTime ? readExpiry(expirationDateTime) : subscription.expiresAt,
      notificationUrl: notificationUrl ?? subscription.notificationUrl,
    };
    store.run(
      "update subscription set expires_at = ?, notification_url = ? where id = ?",
      renewed.expiresAt,
      renewed.notificationUrl,
      renewed.id,
    );
    return { status: 200, body: show(renewed, "subscriptions/$entity") };
  }

  function unsubscribe(subscription: Subscription): GraphReply {
    store.transact(() => {
      store.run("delete from subscription where id = ?", subscription.id);
      appendLedger(store, "unsubscribed", { detail: { id: subscription.id } });
    });
    return { status: 204 };
  }

  /** users/{id}/mailFolders('inbox')/messages, me/messages and their like. */
  function findResource(caller: Caller, resource: string): { mailbox: Mailbox; folderId: number | null } {
    const path = resource
      .replace(/^\//, "")
      .replace(/\?.*$/, "")
      .replace(/\('([^']*)'\)/g, "/$1");
    const found = /^(?:me|users\/([^/]+))(?:\/mailFolders\/([^/]+))?\/messages\/?$/i.exec(path);
    if (!found) throw badRequest(`The sandbox cannot watch '${resource}'. It watches messages.`, "InvalidRequest");
    const person = found[1] ?? (caller.kind === "delegated" ? caller.objectId : "");
    const mailbox = mailboxOf(store, person);
    if (!mailbox) throw new GraphProblem(404, "ResourceNotFound", `Resource '${resource}' was not found.`);
    if (!found[2]) return { mailbox, folderId: null };
    const folder = folderOf(store, mailbox.id, found[2]);
    if (!folder) throw itemNotFound();
    return { mailbox, folderId: folder.id };
  }

  function show(subscription: Subscription, entity?: string) {
    return {
      ...(entity ? { "@odata.context": `${origin()}/v1.0/$metadata#${entity}` } : {}),
      id: subscription.id,
      resource: subscription.resource,
      applicationId: subscription.appId,
      changeType: subscription.changeTypes,
      clientState: subscription.clientState,
      notificationUrl: subscription.notificationUrl,
      notificationQueryOptions: null,
      lifecycleNotificationUrl: subscription.lifecycleUrl,
      expirationDateTime: subscription.expiresAt,
      creatorId: subscription.creatorId,
      includeResourceData: null,
      latestSupportedTlsVersion: "v1_2",
      encryptionCertificate: null,
      encryptionCertificateId: null,
      notificationUrlAppId: null,
    };
  }
}

function readBody(request: GraphRequest): unknown {
  try {
    return JSON.parse(request.body.toString("utf8") || "{}");
  } catch {
    throw badRequest("Unable to read JSON request payload.");
  }
}

function readExpiry(text: string): string {
  const minutes = (Date.parse(text) - Date.now()) / 60_000;
  if (minutes <= 0) throw badRequest("Subscription expiration must be in the future.", "InvalidRequest");
  if (minutes > longestMinutes + 1) {
    throw badRequest(`Subscription expiration can only be ${longestMinutes} minutes in the future.`, "InvalidRequest");
  }
  return new Date(Date.now() + Math.max(minutes, shortestMinutes) * 60_000).toISOString();
}

/** Graph waits 10 s for the token to come back as text (change-notifications-delivery-webhooks). */
const handshakeMs = 10_000;

/** Before anything is told to an address, it must repeat a token: nobody else's server gets our notifications. */
async function handshake(url: string, ca: string) {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (target?.protocol !== "https:")
    throw badRequest("The notification URL must be an https address.", "InvalidRequest");
  if (!/^(localhost|127\.0\.0\.1|\[::1\])$/.test(target.hostname)) {
    throw badRequest("The sandbox notifies this machine only: use https://localhost.", "InvalidRequest");
  }
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`;
  target.searchParams.set("validationToken", token);
  const answer = await post(target.href, "text/plain; charset=utf-8", "", ca, handshakeMs).catch(
    (problem: Error) => problem,
  );
  if (answer instanceof Error || answer.status !== 200 || answer.body !== token || !/^text\/plain/i.test(answer.type)) {
    const why = answer instanceof Error ? answer.message : `it answered ${answer.status} ${answer.type}`;
    throw new GraphProblem(
      400,
      "ValidationError",
      `Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request. (${why})`,
    );
  }
}

/** One POST to a program on this machine, over https with the sandbox's own authority. */
export function post(url: string, type: string, body: string, ca: string, milliseconds: number) {
  return new Promise<{ status: number; body: string; type: string }>((resolve, reject) => {
    const outgoing = httpsRequest(
      url,
      {
        method: "POST",
        ca,
        headers: { "Content-Type": type, "Content-Length": Buffer.byteLength(body) },
        agent: false,
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            body: Buffer.concat(parts).toString("utf8"),
            type: answer.headers["content-type"] ?? "",
          }),
        );
      },
    );
    outgoing.setTimeout(milliseconds, () => outgoing.destroy(new Error(`no answer within ${milliseconds} ms`)));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** What a notification names: the mail in its mailbox. */
export const resourceOf = (mailbox: Mailbox, id: string) => `Users/${mailbox.objectId}/Messages/${id}`;

export const notificationFor = (
  subscription: Subscription,
  mailbox: Mailbox,
  changeType: string,
  id: string,
  etag: string | null,
) => ({
  subscriptionId: subscription.id,
  subscriptionExpirationDateTime: subscription.expiresAt,
  changeType,
  resource: resourceOf(mailbox, id),
  resourceData: {
    "@odata.type": "#Microsoft.Graph.Message",
    "@odata.id": resourceOf(mailbox, id),
    ...(etag ? { "@odata.etag": etag } : {}),
    id,
  },
  clientState: subscription.clientState,
  tenantId,
});
