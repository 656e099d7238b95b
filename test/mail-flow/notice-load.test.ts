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

/** HOOK-04 */
test("of a thousand notices in five seconds, each is durable when it is answered", async () => {
  const wish = { address: "support@deskhatch.test", name: "Support", mode: "on_conversion" as const };
  const { id } = await transact(world.desk, (tx) => addMailbox(tx, wish));
  const { clientState } = await world.desk.mailbox.update({ where: { id }, data: { subscriptionId: "ours" } });
  const body = JSON.stringify({ value: [{ subscriptionId: "ours", clientState, changeType: "created" }] });
  const post = async () => {
    return (await fetch(`http://127.0.0.1:${server.port}/api/graph/notices`, { method: "POST", body })).status;
  };

  const began = performance.now();
  const posts: ReturnType<typeof post>[] = [];
  for (let n = 0; n < 1000; n++) {
    await wait(Math.max(0, began + n * 5 - performance.now()));
    posts.push(post());
  }
  const answers = await Promise.all(posts);

  expect(answers.every((status) => status === 202)).toBe(true);
  expect(await world.desk.notice.count()).toBe(1000);
});
