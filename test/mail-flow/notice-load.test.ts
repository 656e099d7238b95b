import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import express from "express";
import { transact } from "../../server/desk/database.ts";
import { noticeRoutes } from "../../server/desk/mail/notices.ts";
import { addMailbox } from "../../server/desk/mailboxes/add.ts";
import { type Listening, listen } from "../../server/platform/http.ts";
import { aWorld, type World } from "../desk/world.ts";

let world: World;
let server: Listening;

beforeAll(async () => {
  world = await aWorld();
  server = await listen(express().use(noticeRoutes(world.context)), 0);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

/** HOOK-04. Graph calls an answer after 2.9 s slow. */
test("at 200 notices a second, each is durable when it is answered, and 99 of 100 answers take less than half a second", async () => {
  const wish = { address: "support@deskhatch.test", name: "Support", mode: "on_conversion" as const };
  const { id } = await transact(world.desk, (tx) => addMailbox(tx, wish));
  const { clientState } = await world.desk.mailbox.update({ where: { id }, data: { subscriptionId: "ours" } });
  const body = JSON.stringify({ value: [{ subscriptionId: "ours", clientState, changeType: "created" }] });
  const post = async () => {
    const began = performance.now();
    const { status } = await fetch(`http://127.0.0.1:${server.port}/api/graph/notices`, { method: "POST", body });
    return { status, took: performance.now() - began };
  };

  const began = performance.now();
  const posts: ReturnType<typeof post>[] = [];
  for (let n = 0; n < 1000; n++) {
    await wait(Math.max(0, began + n * 5 - performance.now()));
    posts.push(post());
  }
  const answers = await Promise.all(posts);

  expect(answers.every(({ status }) => status === 202)).toBe(true);
  expect(await world.desk.notice.count()).toBe(1000);
  const took = answers.map((answer) => answer.took).sort((one, other) => one - other);
  expect(took[989]).toBeLessThan(500);
});
