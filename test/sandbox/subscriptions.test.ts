import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { contractIsHere, namedSchema, validate } from "./contract.ts";
import { aSandbox, type GraphUse, immutable, type SandboxWorld } from "./world.ts";

type Notice = {
  subscriptionId: string;
  changeType?: string;
  lifecycleEvent?: string;
  clientState: string;
  resourceData?: { id: string };
};

let world: SandboxWorld;
let anna: GraphUse;
let heard: Notice[] = [];
let answers: number[] = [];
let repeatsToken = true;

/** The desk's webhook, behind the TLS front as in production. */
const webhook: RequestListener = async (request, response) => {
  const token = new URL(request.url ?? "", "https://localhost").searchParams.get("validationToken");
  const body = await text(request);
  if (token !== null) {
    response.writeHead(200, { "content-type": "text/plain" }).end(repeatsToken ? token : "no");
    return;
  }
  const status = answers.shift() ?? 202;
  if (status < 300) {
    const collection = JSON.parse(body);
    const name = collection.value[0].lifecycleEvent ? "Lifecycle" : "Change";
    if (contractIsHere) validate(namedSchema(`webhook.${name}NotificationCollection`), collection, "a notification");
    heard.push(...collection.value);
  }
  response.writeHead(status).end();
};

beforeAll(async () => {
  world = await aSandbox({ desk: webhook });
  anna = await world.as("anna@deskhatch.test");
});

beforeEach(async () => {
  for (const { id } of world.sandbox.subscriptions.all()) world.sandbox.subscriptions.expire(id);
  heard = [];
  answers = [];
  repeatsToken = true;
});

afterAll(() => world.end());

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

const subscribe = (change: object = {}) =>
  anna.post(
    "/subscriptions",
    {
      changeType: "created,updated,deleted",
      notificationUrl: `${world.sandbox.addinUrl}/graph/notices?tenant=1`,
      lifecycleNotificationUrl: `${world.sandbox.addinUrl}/graph/lifecycle`,
      resource: "me/mailFolders('inbox')/messages",
      expirationDateTime: inMinutes(600),
      clientState: "s3cret",
      ...change,
    },
    immutable,
  );

const toAnna = (subject: string) =>
  world.sandbox.deliver(`Subject: ${subject}\r\n\r\nx\r\n`, {
    to: "anna@deskhatch.test",
    from: "alice@harbourlight.test",
  });

test("who subscribes to the inbox hears of every mail that comes, changes and goes", async () => {
  const { status, body } = await subscribe();
  expect([status, body.clientState]).toEqual([201, "s3cret"]);

  const [mail] = await toAnna("heard");
  await anna.patch(`/me/messages/${mail?.immutableId}`, { isRead: true });
  await anna.delete(`/me/messages/${mail?.immutableId}`);
  await world.sandbox.notifications.settled();
  expect(heard.map(({ changeType }) => changeType)).toEqual(["created", "updated", "deleted"]);
  expect(new Set(heard.map(({ resourceData }) => resourceData?.id))).toEqual(new Set([mail?.immutableId]));
  expect(heard[0]).toMatchObject({ clientState: "s3cret", subscriptionId: body.id });
});

test("an address that does not repeat the token gets no subscription", async () => {
  repeatsToken = false;
  const refused = await subscribe();
  expect([refused.status, refused.body.error.code]).toEqual([400, "ValidationError"]);
  expect((await subscribe({ notificationUrl: "https://example.com/x" })).status).toBe(400);
  expect((await subscribe({ notificationUrl: "http://localhost/x" })).status).toBe(400);
});

test("a notification that is refused comes again; one that is lost does not", async () => {
  await subscribe({ changeType: "created" });
  answers = [503];
  await toAnna("again");
  await world.sandbox.notifications.settled();
  expect(heard).toHaveLength(1);

  world.sandbox.faults.add({ when: { method: "NOTIFY" }, do: "lose" });
  world.sandbox.faults.add({ when: { method: "NOTIFY", nth: 2 }, do: "duplicate" });
  heard = [];
  await toAnna("lost");
  await toAnna("twice");
  await world.sandbox.notifications.settled();
  expect(heard).toHaveLength(2);
});

test("lifecycle events reach the other address; a removed subscription is silent", async () => {
  const { body } = await subscribe();
  for (const event of ["missed", "reauthorizationRequired", "subscriptionRemoved"]) {
    await fetch(`${world.sandbox.url}/sandbox/lifecycle`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ event, subscriptionId: body.id }),
    });
  }
  await toAnna("unheard");
  await world.sandbox.notifications.settled();
  expect(heard.map(({ lifecycleEvent }) => lifecycleEvent)).toEqual([
    "missed",
    "reauthorizationRequired",
    "subscriptionRemoved",
  ]);
  expect((await anna.get(`/subscriptions/${body.id}`)).status).toBe(404);
});

test("subscriptions are renewed, listed, ended, and end by themselves", async () => {
  const { body } = await subscribe({ expirationDateTime: inMinutes(5) });
  expect(Date.parse(body.expirationDateTime)).toBeGreaterThan(Date.now() + 44 * 60_000);
  const renewed = await anna.patch(`/subscriptions/${body.id}`, { expirationDateTime: inMinutes(9000) });
  expect(Date.parse(renewed.body.expirationDateTime)).toBeGreaterThan(Date.now() + 8999 * 60_000);
  expect((await anna.get("/subscriptions")).body.value).toHaveLength(1);
  expect((await anna.post(`/subscriptions/${body.id}/reauthorize`)).status).toBe(204);
  expect((await subscribe({ expirationDateTime: inMinutes(20_000) })).status).toBe(400);

  expect((await anna.delete(`/subscriptions/${body.id}`)).status).toBe(204);
  await toAnna("after the end");
  await world.sandbox.notifications.settled();
  expect(heard).toEqual([]);
});

test("nobody subscribes to another's mailbox, also not to a shared one as a person", async () => {
  for (const mailbox of ["ben@deskhatch.test", "support@deskhatch.test"]) {
    expect((await subscribe({ resource: `users/${mailbox}/messages` })).status).toBe(403);
  }
  expect((await subscribe({ resource: "me/events" })).status).toBe(400);
});
