/** Twenty questions about mails in one request: what one mail's trouble does to the others. Graph's side is spoken by hand. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Graph, openGraph } from "../../server/desk/graph/graph.ts";
import { GraphTrouble } from "../../server/desk/graph/trouble.ts";
import { aMailWorld, type MailWorld, support } from "./world.ts";

let world: MailWorld;
let graph: Graph;
/** How Graph answers about each mail; the rest it shows. */
let statusOf: Record<string, number>;
let batches: number;

type Part = { id: string; url: string };
const idIn = (url: string) => /messages\/([^?]+)/.exec(url)?.[1] ?? "";

/** Each waits for the one before, so that after the first failure nothing is done. */
function answersTo(parts: Part[]) {
  const statuses = parts.map(({ url }) => statusOf[idIn(url)] ?? 200);
  const failed = statuses.findIndex((status) => status >= 400);
  return parts.map(({ id }, at) => {
    const status = failed !== -1 && at > failed ? 424 : (statuses[at] ?? 200);
    const error = { code: "Wanted", message: "by the test" };
    return { id, status, body: status < 400 ? { "@odata.etag": "1", categories: [] } : { error } };
  });
}

const server = createServer(async (req, res) => {
  const { requests } = (await json(req)) as { requests: Part[] };
  batches++;
  res.setHeader("Content-Type", "application/json").end(JSON.stringify({ responses: answersTo(requests) }));
});

beforeAll(async () => {
  world = await aMailWorld();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  graph = openGraph({ ...world.settings, GRAPH_URL: `http://127.0.0.1:${port}` }, world.desk);
});
beforeEach(async () => {
  statusOf = {};
  batches = 0;
  await world.desk.graphLockout.deleteMany();
});
afterAll(async () => {
  await graph.close();
  server.close();
  await world.close();
});

const kinds = async (ids: string[]) =>
  (await graph.categories(support, ids)).map((one) => (one instanceof GraphTrouble ? one.kind : "seen"));

test.each([
  [403, "forbidden"],
  [500, "unreachable"],
  [404, "gone"],
] as const)("a mail to which Graph always says %s keeps nobody from the others", async (status, kind) => {
  statusOf = { b: status };
  expect(await kinds(["a", "b", "c", "d"])).toEqual(["seen", kind, "seen", "seen"]);
  expect(await world.desk.graphLockout.count()).toBe(0);
});

test("when all mails are denied, the third is not asked for", async () => {
  statusOf = { a: 403, b: 403, c: 403, d: 403 };
  expect(await kinds(["a", "b", "c", "d"])).toEqual(["forbidden", "forbidden", "forbidden", "forbidden"]);
  expect(batches).toBe(2);
  expect(await world.desk.graphLockout.count()).toBe(1);
});
