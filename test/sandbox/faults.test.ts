import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { people } from "../../sandbox/world.ts";
import { aSandbox, type GraphUse, graphWith, type SandboxWorld } from "./world.ts";

let world: SandboxWorld;
let anna: GraphUse;

beforeAll(async () => {
  world = await aSandbox();
  anna = await world.as("anna@deskhatch.test");
});

afterEach(() => world.sandbox.faults.clear());
afterAll(() => world.end());

const key = "String {00020329-0000-0000-C000-000000000046} Name Key";

async function aDraft(value: string): Promise<string> {
  const message = {
    subject: value,
    toRecipients: [{ emailAddress: { address: "alice@harbourlight.test" } }],
    singleValueExtendedProperties: [{ id: key, value }],
  };
  return (await anna.post("/me/messages", message, { prefer: 'IdType="ImmutableId"' })).body.id;
}

const effects = (value: string) =>
  world.sandbox
    .ledger()
    .filter((entry) => entry.key === value)
    .map(({ effect }) => effect);

test("effect done, answer lost: the mail is sent once although the caller heard nothing", async () => {
  const id = await aDraft("lost-answer");
  world.sandbox.faults.add({ when: { method: "POST", pathPattern: "/send$" }, do: "effectThenDrop" });

  await expect(anna.post(`/me/messages/${id}/send`)).rejects.toThrow("fetch failed");
  expect(effects("lost-answer")).toEqual(["draft_created", "sent"]);
  // Whoever looks finds it sent; whoever sends blindly is told that it is no draft any more.
  expect((await anna.get(`/me/messages/${id}`)).body.isDraft).toBe(false);
  expect((await anna.post(`/me/messages/${id}/send`)).status).toBe(400);
  expect(effects("lost-answer")).toEqual(["draft_created", "sent"]);
});

test("a timeout after the effect looks like one before it", async () => {
  const id = await aDraft("late-answer");
  world.sandbox.faults.add({ when: { pathPattern: "/send$" }, do: "effectThenError" });
  expect((await anna.post(`/me/messages/${id}/send`)).status).toBe(504);
  expect(effects("late-answer")).toContain("sent");
});

test("a connection that is cut before the effect leaves the draft a draft", async () => {
  const id = await aDraft("cut");
  world.sandbox.faults.add({ when: { method: "POST", pathPattern: "/send$" }, do: "drop" });
  await expect(anna.post(`/me/messages/${id}/send`)).rejects.toThrow("fetch failed");
  expect(effects("cut")).toEqual(["draft_created"]);
  expect((await anna.post(`/me/messages/${id}/send`)).status).toBe(202);
});

test("half an answer: JSON that ends in the middle, and a mail whose connection does", async () => {
  const id = await aDraft("half");
  const { body: whole } = await anna.get(`/me/messages/${id}`);
  world.sandbox.faults.add({ when: { pathPattern: "/messages/", times: 2 }, do: "truncate" });
  await expect(anna.get(`/me/messages/${id}`)).rejects.toThrow(SyntaxError);
  await expect(anna.get(`/me/messages/${id}/$value`)).rejects.toThrow("terminated");
  expect((await anna.get(`/me/messages/${id}`)).body).toEqual(whole);
});

test.each(["draft", "nowhere"])(
  "the copy of a sent mail comes late when that is wished; meanwhile: %s",
  async (meanwhile) => {
    const lever = (method: string, body?: object) =>
      fetch(`${world.sandbox.url}/sandbox/late-copies`, {
        method,
        headers: { "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      });
    const id = await aDraft(`late ${meanwhile}`);
    expect((await lever("POST", { seconds: 3600, meanwhile, changesId: true })).status).toBe(204);
    expect((await anna.post(`/me/messages/${id}/send`)).status).toBe(202);
    expect(effects(`late ${meanwhile}`)).toEqual(["draft_created", "sent"]);
    const { status, body } = await anna.get(`/me/messages/${id}`);
    expect([status, body.isDraft]).toEqual(meanwhile === "draft" ? [200, true] : [404, undefined]);

    expect((await lever("DELETE")).status).toBe(204);
    expect((await anna.get(`/me/messages/${id}`)).status).toBe(404);
    const { body: sent } = await anna.get("/me/mailFolders/sentitems/messages?$top=1");
    expect(sent.value[0]).toMatchObject({ subject: `late ${meanwhile}`, isDraft: false });
  },
);

test("the script comes over http too, counts the matches and tells what it did", async () => {
  const script = (fault: object) =>
    fetch(`${world.sandbox.url}/sandbox/faults`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fault),
    });
  const second = {
    when: { method: "GET", pathPattern: "/me/mailFolders/inbox$", nth: 2, times: 2 },
    do: "429",
    retryAfter: 7,
  };
  expect((await script(second)).status).toBe(201);
  expect((await script({ when: {}, do: "explode" })).status).toBe(400);

  const statuses: number[] = [];
  for (let at = 0; at < 4; at++) statuses.push((await anna.get("/me/mailFolders/inbox")).status);
  expect(statuses).toEqual([200, 429, 429, 200]);
  const { done } = await (await fetch(`${world.sandbox.url}/sandbox/faults`)).json();
  expect(done.slice(-2)).toMatchObject([{ fault: { do: "429" } }, { fault: { do: "429" } }]);
});

test("Entra's token endpoint fails as the script says", async () => {
  world.sandbox.faults.add({ when: { pathPattern: "/oauth2/v2.0/token" }, do: "503", retryAfter: 1 });
  const ask = () =>
    fetch(`${world.sandbox.url}/common/oauth2/v2.0/token`, { method: "POST", body: new URLSearchParams() });
  expect((await ask()).status).toBe(503);
  expect((await ask()).status).toBe(400);
});

/** As an app of the tenant: Outlook itself is not throttled. */
async function anApp(): Promise<GraphUse> {
  const [person] = people;
  if (!person) throw new Error("Nobody lives in the world.");
  const { access_token } = await world.sandbox.entra.issueDelegatedToken({
    person,
    clientId: "11111111-1111-4111-8111-111111111111",
    scopes: ["https://graph.microsoft.com/Mail.Read"],
  });
  return graphWith(world.sandbox, access_token);
}

test("four at once are served, more are told to come back", async () => {
  const app = await anApp();
  await Promise.all(Array.from({ length: 12 }, () => app.get("/me/mailFolders/inbox")));
  const answers = await Promise.all(Array.from({ length: 40 }, () => app.get("/me/mailFolders/inbox")));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.body.error.code).toBe("ApplicationThrottled");
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(4);
  for (let at = 0; at < 20; at++) expect((await app.get("/me/mailFolders/inbox")).status).toBe(200);
});

test("an app that asks too often in ten minutes is told how long to wait", async () => {
  const app = await anApp();
  world.sandbox.limits.requests = 60;
  const statuses: number[] = [];
  for (let at = 0; at < 80 && !statuses.includes(429); at++)
    statuses.push((await app.get("/me/mailFolders/inbox")).status);
  const { status, headers } = await app.get("/me/mailFolders/inbox");
  expect(status).toBe(429);
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(500);
  expect((await anna.get("/me/mailFolders/inbox")).status).toBe(200);
});
