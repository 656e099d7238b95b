import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import express from "express";
import { transact } from "../../server/desk/database.ts";
import { noticeRoutes } from "../../server/desk/mail/notices.ts";
import { addMailbox } from "../../server/desk/mailboxes/add.ts";
import { answerProblems } from "../../server/platform/endpoint.ts";
import { type Listening, listen } from "../../server/platform/http.ts";
import { aWorld, type World } from "../desk/world.ts";

let world: World;
let server: Listening;
let secret: string;
let mailboxId: string;

beforeAll(async () => {
  world = await aWorld();
  server = await listen(express().use(noticeRoutes(world.context)).use(answerProblems), 0);
  const wish = { address: "support@deskhatch.test", name: "Support", mode: "on_conversion" as const };
  mailboxId = (await transact(world.desk, (tx) => addMailbox(tx, wish))).id;
  secret = (await world.desk.mailbox.findUniqueOrThrow({ where: { id: mailboxId } })).clientState;
});
beforeEach(() =>
  world.desk.mailbox.update({
    where: { id: mailboxId },
    data: { subscriptionId: "ours", subscriptionExpiresAt: new Date(Date.now() + 1e9), deltaLink: "a place" },
  }),
);
afterAll(async () => {
  await server.close();
  await world.close();
});

const post = (body: unknown, path = "/api/graph/notices", headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const notice = (more: Record<string, unknown> = {}) => ({
  subscriptionId: "ours",
  clientState: secret,
  changeType: "created",
  resource: "Users/x/Messages/y",
  resourceData: { id: "y" },
  ...more,
});

const written = () => world.desk.notice.count();
const mailbox = () => world.desk.mailbox.findUniqueOrThrow({ where: { id: mailboxId } });

test("Graph's handshake gets its own words back as plain text", async () => {
  const token = "Validation: Testing client application reachability for subscription Request-Id: 1+2 ü";
  const answer = await post("", `/api/graph/notices?validationToken=${encodeURIComponent(token)}`, {
    "Content-Type": "text/plain",
  });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(token);
  expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
});

test("a stranger's post cannot take Graph's own notices with it", async () => {
  const before = await written();
  const stranger = { value: [notice({ subscriptionId: "a\u0000b", clientState: "x" })] };
  const posts = [stranger, { value: [notice()] }, stranger, { value: [notice()] }, stranger].map((body) => post(body));
  expect((await Promise.all(posts)).map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
  expect(await written()).toBe(before + 2);
});

test.each([
  "validationToken=<script>alert(1)</script>",
  "validationToken=%3Csvg%20onload=x%3E",
  "validationToken=a%0d%0aSet-Cookie:x",
  "validationToken=one&validationToken=two",
  `validationToken=${"x".repeat(3000)}`,
  "validationToken[a]=b&validationToken=",
])("a handshake nobody honest would send gets nothing back: %.40s", async (query) => {
  const answer = await post("", `/api/graph/notices?${query}`);
  expect(answer.status).toBe(400);
  expect(await answer.text()).not.toMatch(/<script|svg|Set-Cookie|xxx/);
});

test("only Graph's verb is known", async () => {
  expect((await fetch(`http://127.0.0.1:${server.port}/api/graph/notices?validationToken=a`)).status).toBe(405);
});

test("a notice is written down before it is answered, and causes one sync however often it comes", async () => {
  const before = await written();
  const answers = await Promise.all(Array.from({ length: 40 }, () => post({ value: [notice(), notice()] })));
  expect(answers.every(({ status }) => status === 202)).toBe(true);
  expect((await written()) - before).toBe(80);
  expect(await world.queue.busy()).toBe(1);
});

test.each([
  ["the wrong secret", { clientState: "guessed" }],
  ["no secret", { clientState: undefined }],
  ["a secret of the right length", { clientState: "x".repeat(43) }],
  ["a subscription nobody has", { subscriptionId: "theirs" }],
  [
    "an address in place of a resource",
    { clientState: "", resource: "https://evil.test/", "@odata.id": "https://evil.test/" },
  ],
  ["a lifecycle event without the secret", { clientState: "guessed", lifecycleEvent: "missed" }],
])("a notice with %s changes nothing and is told nothing", async (_, more) => {
  const before = [await written(), await mailbox()];
  const answer = await post({ value: [notice(more)] });
  expect(answer.status).toBe(202);
  expect([await written(), await mailbox()]).toEqual(before);
});

test("in a mixed post the genuine notice counts and the others do not", async () => {
  const before = await written();
  await post({ value: [notice({ clientState: "guessed" }), 17, null, notice(), { lifecycleEvent: "missed" }] });
  expect((await written()) - before).toBe(1);
});

test.each(["", "{", "[]", '{"value":1}', "null", JSON.stringify({ value: Array(1001).fill({}) })])(
  "what is no collection of notices is refused: %.20s",
  async (body) => {
    expect((await post(body)).status).toBe(400);
  },
);

test("a post that is too large is refused before it is read", async () => {
  expect((await post({ value: ["x".repeat(5_000_000)] })).status).toBe(413);
});

test("'missed' makes us read everything again", async () => {
  await post({ value: [notice({ lifecycleEvent: "missed", changeType: undefined })] }, "/api/graph/lifecycle");
  expect(await mailbox()).toMatchObject({ deltaLink: null });
});

test("'subscriptionRemoved' makes us subscribe again", async () => {
  await post({ value: [notice({ lifecycleEvent: "subscriptionRemoved" })] }, "/api/graph/lifecycle");
  expect(await mailbox()).toMatchObject({ subscriptionId: null });
});

test("'reauthorizationRequired' makes the renewal due", async () => {
  await post({ value: [notice({ lifecycleEvent: "reauthorizationRequired" })] }, "/api/graph/lifecycle");
  expect((await mailbox()).subscriptionExpiresAt?.getTime()).toBeLessThanOrEqual(Date.now());
});
