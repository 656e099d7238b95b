/** Where Graph's answers send us: only to Graph itself, and never in a circle. Graph's side is spoken by hand. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Graph, openGraph } from "../../server/desk/graph/graph.ts";
import { syncSentItems } from "../../server/desk/mail/sent-items.ts";
import { syncMailbox } from "../../server/desk/mail/sync.ts";
import { aMailWorld, type MailWorld, support } from "./world.ts";

let world: MailWorld;
let graph: Graph;
let mailboxId: string;
let graphUrl: string;
let strangerUrl: string;
/** What Graph answers to the request of that number, from 0. */
let answer: (req: IncomingMessage, nth: number) => object;
let asked: string[];
/** What came to a host that is not Graph. */
let strayed: string[];

const listening = (server: Server) =>
  new Promise<string>((ready) =>
    server.listen(0, "127.0.0.1", () => ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );

const graphs = createServer((req, res) => {
  const body = answer(req, asked.push(req.url ?? "") - 1);
  if ("location" in body) res.writeHead(302, { location: String(body.location) }).end();
  else res.setHeader("Content-Type", "application/json").end(JSON.stringify(body));
});
const strangers = createServer((req, res) => {
  strayed.push(req.url ?? "");
  res.setHeader("Content-Type", "application/json").end(JSON.stringify({ value: [], nextExpectedRanges: ["0-"] }));
});

beforeAll(async () => {
  world = await aMailWorld();
  [graphUrl, strangerUrl] = await Promise.all([listening(graphs), listening(strangers)]);
  graph = openGraph({ ...world.settings, GRAPH_URL: graphUrl }, world.desk);
  mailboxId = (await world.reads()).id;
});
beforeEach(async () => {
  asked = [];
  strayed = [];
  await world.desk.mailbox.updateMany({ data: { deltaLink: null, sentLink: null, trouble: null } });
});
afterAll(async () => {
  await graph.close();
  graphs.close();
  strangers.close();
  await world.close();
});

const context = () => ({ ...world.context, graph });
const mailbox = () => world.desk.mailbox.findUniqueOrThrow({ where: { id: mailboxId } });
const sync = async () => syncMailbox(context(), await mailbox());
const page = (link: object) => ({ value: [], ...link });

test.each(["nextLink", "deltaLink"])(
  "a %s to another host is not followed, is told, and the mailbox goes on",
  async (name) => {
    answer = () => page({ [`@odata.${name}`]: `${strangerUrl}/v1.0/delta?$deltatoken=1` });
    await sync();
    await sync();
    expect(strayed).toEqual([]);
    expect((await mailbox()).trouble).toContain(`sends us to ${new URL(strangerUrl).host}`);

    answer = () => page({ "@odata.deltaLink": `${graphUrl}/v1.0/delta?$deltatoken=2` });
    expect(await sync()).toBe(true);
    expect(await mailbox()).toMatchObject({ trouble: null, deltaLink: `${graphUrl}/v1.0/delta?$deltatoken=2` });
  },
);

test.each([
  ["//elsewhere.test/v1.0/delta"],
  ["https://graph.microsoft.com@elsewhere.test/delta"],
  ["file:///etc/passwd"],
])("%s is no place of Graph's", async (link) => {
  answer = () => page({ "@odata.nextLink": link });
  expect(await sync()).toBe(false);
  expect(asked).toHaveLength(1);
});

test("a redirect of Graph's is not followed with our token", async () => {
  answer = () => ({ location: `${strangerUrl}/v1.0/delta` });
  expect(await sync()).toBe(false);
  expect(strayed).toEqual([]);
});

test("pages that lead in a circle end at its second round, for Inbox, Sent Items and subscriptions", async () => {
  answer = (_, nth) => page({ "@odata.nextLink": `${graphUrl}/v1.0/delta?page=${nth % 3}` });
  expect(await sync()).toBe(false);
  expect(await mailbox()).toMatchObject({ trouble: expect.stringContaining("in a circle"), deltaLink: null });
  expect(asked).toHaveLength(4);

  await syncSentItems(context(), mailboxId);
  expect(asked.length).toBeLessThan(10);
  expect(await mailbox()).toMatchObject({ sentLink: null });
  await expect(graph.subscriptions(support)).rejects.toThrow("in a circle");
});

test("a file is uploaded to no other host", async () => {
  const bytes = Buffer.alloc(4 * 1024 * 1024);
  const file = { name: "a.bin", type: "application/octet-stream", size: bytes.length };
  const read = async (start: number, end: number) => bytes.subarray(start, end);
  answer = (req) => (req.method === "POST" ? { uploadUrl: `${strangerUrl}/upload` } : { value: [] });
  const upload = { url: null, begun: async () => {} };
  await expect(graph.attach(support, "draft", { ...file, read }, upload)).rejects.toThrow("sends us to");
  expect(strayed).toEqual([]);
});
