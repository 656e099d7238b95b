/** One living subscription per mailbox, whatever happens to it: HOOK-05 without the mails, which arriving.test.ts tries. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import express from "express";
import { openDesk } from "../../server/desk/database.ts";
import { noticeRoutes } from "../../server/desk/mail/notices.ts";
import { renewSubscriptions } from "../../server/desk/mail/subscriptions.ts";
import { answerProblems } from "../../server/platform/endpoint.ts";
import { listen } from "../../server/platform/http.ts";
import { aMailWorld, type MailWorld } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads()).id;
  await renewSubscriptions(world.context);
});
afterEach(() => world.sandbox.faults.clear());
afterAll(() => world.close());

const hour = 3600_000;
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
  const now = new Date().toISOString();
  const living = world.sandbox.subscriptions.all().filter(({ expiresAt }) => expiresAt > now);
  expect(living.map(({ id }) => id)).toEqual([(await mailbox()).subscriptionId]);
});

test.each(["403", "404"] as const)("when the renewal is answered %s, there is a new one", async (what) => {
  const { subscriptionId } = await mailbox();
  await leftHours(1);
  world.sandbox.faults.add({ when: { method: "PATCH", pathPattern: "/subscriptions/" }, do: what });
  await renewSubscriptions(world.context);
  const { subscriptionId: fresh, subscriptionExpiresAt } = await mailbox();
  expect(fresh).not.toBe(subscriptionId);
  expect(subscriptionExpiresAt?.getTime()).toBeGreaterThan(Date.now() + 70 * hour);
});

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
