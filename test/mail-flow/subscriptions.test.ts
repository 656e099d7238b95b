/** One living subscription per mailbox, whatever happens to it: HOOK-05 without the mails, which arriving.test.ts tries. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import express from "express";
import { openDesk, transact } from "../../server/desk/database.ts";
import { noticeRoutes } from "../../server/desk/mail/notices.ts";
import { renewSubscriptions } from "../../server/desk/mail/subscriptions.ts";
import { mailWorkers } from "../../server/desk/mail/workers.ts";
import { answerProblems } from "../../server/platform/endpoint.ts";
import { listen } from "../../server/platform/http.ts";
import { aMailWorld, type MailWorld, until } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads()).id;
  await renewSubscriptions(world.context);
});
afterEach(async () => {
  world.sandbox.faults.clear();
  await letIn();
});
afterAll(() => world.close());

const hour = 3600_000;
/** The minute is over in which nobody asks again after a refusal. */
const letIn = () => world.desk.$executeRaw`update graph_lockouts set until = now()`;
const living = () => {
  const now = new Date().toISOString();
  return world.sandbox.subscriptions.all().filter(({ expiresAt }) => expiresAt > now);
};
const mailbox = () => world.desk.mailbox.findUniqueOrThrow({ where: { id: mailboxId } });
const atGraph = () => world.sandbox.subscriptions.all().map(({ id }) => id);
const leftHours = (hours: number) =>
  world.desk.mailbox.update({
    where: { id: mailboxId },
    data: { subscriptionExpiresAt: new Date(Date.now() + hours * hour) },
  });

test("a subscription with more than half its life is left alone; below, it is prolonged and stays the same", async () => {
  const { subscriptionId } = await mailbox();
  await leftHours(37);
  await renewSubscriptions(world.context);
  expect((await mailbox()).subscriptionExpiresAt?.getTime()).toBeLessThan(Date.now() + 38 * hour);

  await leftHours(35);
  await renewSubscriptions(world.context);
  expect((await mailbox()).subscriptionExpiresAt?.getTime()).toBeGreaterThan(Date.now() + 70 * hour);
  expect(atGraph()).toEqual([subscriptionId]);
});

test("one that ended while nobody was there is made anew, and the mailbox is read", async () => {
  const { subscriptionId } = await mailbox();
  world.sandbox.subscriptions.expire(subscriptionId ?? "");
  await leftHours(-1);
  await renewSubscriptions(world.context);

  const { subscriptionId: fresh } = await mailbox();
  expect(fresh).not.toBe(subscriptionId);
  const jobs = await world.desk.$queryRaw`select 1 from jobs.job where name = 'sync-mailbox' and state < 'active'`;
  expect(jobs).toHaveLength(1);
});

test("who died between subscribing and writing it down leaves none behind", async () => {
  await world.desk.mailbox.update({ where: { id: mailboxId }, data: { subscriptionId: null } });
  await renewSubscriptions(world.context);
  expect((await mailbox()).subscriptionId).not.toBeNull();
  expect(living().map(({ id }) => id)).toEqual([(await mailbox()).subscriptionId]);
});

test.each(["403", "404", "409"] as const)(
  "HOOK-05: when the renewal is answered %s, there is one new one",
  async (what) => {
    const { subscriptionId } = await mailbox();
    await leftHours(1);
    world.sandbox.faults.add({ when: { method: "PATCH", pathPattern: "/subscriptions/" }, do: what });
    await renewSubscriptions(world.context);
    const { subscriptionId: fresh, subscriptionExpiresAt } = await mailbox();
    expect(fresh).not.toBe(subscriptionId);
    expect(subscriptionExpiresAt?.getTime()).toBeGreaterThan(Date.now() + 70 * hour);
    expect(living().map(({ id }) => id)).toEqual([fresh]);
  },
);

const told = async () => (await mailbox()).untoldBecause;

test("HOOK-05: a mailbox without a subscription says so and what to do, until it has one", async () => {
  await world.desk.mailbox.update({
    where: { id: mailboxId },
    data: { subscriptionId: null, subscriptionExpiresAt: null },
  });
  world.sandbox.faults.add({ when: { method: "POST", pathPattern: "/subscriptions" }, do: "403" });
  await renewSubscriptions(world.context);
  expect(await told()).toMatch(/up to a minute late.*Ask an administrator to grant access again/);

  world.sandbox.faults.clear();
  await letIn();
  await renewSubscriptions(world.context);
  expect(await told()).toBeNull();
});

test("HOOK-05: mails that came without a notice are told once as silence, and a notice ends it", async () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  await world.desk.notice.deleteMany({ where: { mailboxId } });
  await leftHours(40);
  await world.desk.inboxItem.create({ data: { mailboxId, immutableId: "untold", receivedAt: minutesAgo(20) } });
  await renewSubscriptions(world.context);
  expect(await told()).toMatch(/told us of no new mail.*Check that NOTIFY_URL/);

  await world.desk.notice.create({
    data: { mailboxId, subscriptionId: "any", kind: "created", payload: {}, receivedAt: minutesAgo(10) },
  });
  await renewSubscriptions(world.context);
  expect(await told()).toBeNull();
});

test("two desks that start together make one subscription, whoever wants it renewed besides", async () => {
  const { clientState } = await mailbox();
  const lost = { subscriptionId: null, subscriptionExpiresAt: null };
  for (const { id } of living()) world.sandbox.subscriptions.expire(id);
  await world.desk.mailbox.update({ where: { id: mailboxId }, data: lost });
  const before = world.sandbox.ledger().filter(({ effect }) => effect === "subscribed").length;
  // Graph is slow, so that both have the time to begin.
  world.sandbox.faults.add({ when: { pathPattern: "/subscriptions", times: 9 }, do: "delay", delayMs: 300 });
  await mailWorkers(world.context);
  await mailWorkers(await world.another());
  for (let notice = 0; notice < 5; notice++)
    await transact(world.desk, (tx) => world.queue.enqueue(tx, "renew-subscriptions", {}, { key: "all" }));

  await until(async () => (await mailbox()).subscriptionId !== null && (await world.queue.busy()) === 0);
  expect(world.sandbox.ledger().filter(({ effect }) => effect === "subscribed")).toHaveLength(before + 1);
  expect(living().map(({ id }) => id)).toEqual([(await mailbox()).subscriptionId]);
  expect((await mailbox()).clientState).toBe(clientState);
});

test("HOOK-04: while the database is away a notice is not accepted, so that Graph comes again", async () => {
  const desk = openDesk("postgresql://desk:none@127.0.0.1:1/desk");
  const server = await listen(
    express()
      .use(noticeRoutes({ ...world.context, desk }))
      .use(answerProblems),
    0,
  );
  const { subscriptionId, clientState } = await mailbox();
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/graph/notices`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ value: [{ subscriptionId, clientState, changeType: "created" }] }),
  });
  expect(answer.status).toBe(503);
  await server.close();
  await desk.$disconnect();
});
