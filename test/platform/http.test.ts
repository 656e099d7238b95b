/** CRASH-05: how a process stops taking requests. */
import { once } from "node:events";
import { Agent, get } from "node:http";
import { expect, test } from "@jest/globals";
import express from "express";
import { listen } from "../../server/platform/http.ts";

test("who is told to stop is not ready first, finishes what is under way, and keeps no connection", async () => {
  let finish = () => {};
  const slow = new Promise<void>((done) => (finish = done));
  let begun = () => {};
  const begins = new Promise<void>((done) => (begun = done));
  const app = express()
    .get("/readyz", (_, res) => void res.send("ready"))
    .get("/fast", (_, res) => void res.send("fast"))
    .get("/slow", async (_, res) => {
      begun();
      await slow;
      res.send("slow");
    });
  const { port, close } = await listen(app, 0, { drainSeconds: 0.4 });
  const agent = new Agent({ keepAlive: true });
  const ask = async (path: string) => {
    const [answer] = await once(get({ port, path, agent }), "response");
    answer.resume();
    return { status: answer.statusCode, connection: answer.headers.connection };
  };
  expect(await ask("/readyz")).toEqual({ status: 200, connection: "keep-alive" });
  const underWay = ask("/slow");
  await begins;

  const closed = close();
  expect(await ask("/readyz")).toEqual({ status: 503, connection: "close" });
  expect(await ask("/fast")).toEqual({ status: 200, connection: "close" });
  const refused = async () => {
    for (;;)
      if (
        await ask("/fast").then(
          () => false,
          () => true,
        )
      )
        return true;
  };
  expect(await refused()).toBe(true);
  finish();
  expect((await underWay).status).toBe(200);
  await closed;
  agent.destroy();
});
