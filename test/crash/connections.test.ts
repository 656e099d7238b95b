/** CRASH-03: the database ends our connections, or gives us none. The desk is a process of its own, which could die of it. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { buildAddin } from "../../addin/build.ts";
import { deskApp, people } from "../../sandbox/world.ts";
import type { DeskSettings } from "../../server/platform/config.ts";
import { aMailWorld, arrives, type MailWorld, support, until } from "../mail-flow/world.ts";
import { freePort } from "./listening.ts";
import { supervise, type Unit } from "./process.ts";

/** How the connections of that process are told from the test's own. */
const name = "the desk under trial";

let world: MailWorld;
let desk: Unit;
let url: string;
let token: string;
/** Each role may end connections of its own. */
let enders: pg.Client[];

beforeAll(async () => {
  world = await aMailWorld();
  await world.reads("every_mail");
  await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
  enders = [world.rooms.desk, world.rooms.publisher].map((connectionString) => new pg.Client({ connectionString }));
  for (const ender of enders) await ender.connect();
  await buildAddin();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const logFile = join(world.settings.DESKHATCH_DATA, "desk.log");
  desk = supervise({ name, args: ["server/main.ts"], env: environment(world.settings, port), port, logFile });
  const person = people.find(({ address }) => address === "anna@deskhatch.test");
  if (!person) throw new Error("Anna is not there.");
  const wish = { person, clientId: deskApp.clientId, scopes: [deskApp.scope] };
  token = (await world.sandbox.entra.issueDelegatedToken(wish)).access_token;
  await until(async () => desk.isReady());
}, 120_000);
afterAll(async () => {
  await desk.stop();
  for (const ender of enders) await ender.end();
  await world.close();
});

/** The settings of the test's own desk, as lines of an environment. */
function environment(settings: DeskSettings, port: number): NodeJS.ProcessEnv {
  const named = (address: string) => `${address}?application_name=${encodeURIComponent(name)}`;
  const { PATH, HOME } = process.env;
  return {
    ...Object.fromEntries(
      Object.entries(settings).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, Array.isArray(value) ? value.join(" ") : String(value)]],
      ),
    ),
    ...{ PATH, HOME, NODE_ENV: "production", LOG_LEVEL: "warn", DESK_PORT: String(port) },
    SUPPORT_MAILBOX: support,
    DATABASE_URL_DESK: named(settings.DATABASE_URL_DESK),
    DATABASE_URL_PUBLISHER: named(settings.DATABASE_URL_PUBLISHER),
    NODE_EXTRA_CA_CERTS: world.sandbox.caFile,
  };
}

/** Ends all that it has; says how many those were. */
async function endConnections(): Promise<number> {
  let ended = 0;
  for (const ender of enders) {
    const sql =
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and usename = current_user";
    ended += (await ender.query(sql, [name])).rows.length;
  }
  return ended;
}

const asks = (method: string, path: string, body?: object, headers = {}) =>
  fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });

const ticketOf = (internetMessageId: string) =>
  world.desk.ticket.findFirst({ where: { messages: { some: { internetMessageId } } } });

async function filedOnce(internetMessageId: string) {
  await until(() => ticketOf(internetMessageId));
  expect(await world.desk.message.count({ where: { internetMessageId } })).toBe(1);
  expect(await world.desk.ticket.count({ where: { messages: { some: { internetMessageId } } } })).toBe(1);
}

/** A client that does not give up, and says what it was told until then. */
async function answers(number: number): Promise<string[]> {
  const key = { "idempotency-key": randomUUID() };
  const told: string[] = [];
  for (;;) {
    const answer = await asks("POST", `/api/tickets/${number}/replies`, { html: "<p>Unplug it.</p>" }, key);
    const { type = "" } = await answer.json();
    told.push(`${answer.status} ${type.split("#")[1] ?? ""}`.trim());
    if (answer.status === 201 || told.at(-1) === "409 done_already") return told;
    await pause(100);
  }
}

const neverEnded = () => expect([desk.deaths, desk.starts.length]).toEqual([[], 1]);

test("while its connections are ended again and again, each mail is filed once, a reply is sent once, and the desk lives", async () => {
  const question = await arrives(world.sandbox);
  await filedOnce(question);
  const ticket = await ticketOf(question);

  const replying = answers(ticket?.number ?? 0);
  const letters: string[] = [];
  for (let round = 1; round <= 25; round++) {
    letters.push(await arrives(world.sandbox, { subject: `Round ${round}` }));
    await until(async () => (await endConnections()) > 0);
  }

  const told = await replying;
  expect(told.filter((each) => !/^(201|503 unavailable|409 (under_way|done_already))$/.test(each))).toEqual([]);
  for (const letter of letters) await filedOnce(letter);
  const sending = await until(() =>
    world.desk.sending.findFirst({ where: { ticketId: ticket?.id ?? "", state: "sent" } }),
  );
  const sent = world.sandbox.ledger().filter((one) => one.effect === "sent" && one.key?.includes(sending.key));
  expect(sent).toHaveLength(1);
  expect(await world.desk.sending.count({ where: { ticketId: ticket?.id ?? "" } })).toBe(1);
  neverEnded();
}, 240_000);

test("when others use up all connections, the desk says so, to people and at /readyz, and goes on by itself", async () => {
  const greedy = await takeAllConnections();
  const letter = await arrives(world.sandbox, { subject: "Nobody can write me down" });
  try {
    const answer = await asks("GET", "/api/tickets");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      503,
      "application/problem+json; charset=utf-8",
    ]);
    expect(await answer.json()).toMatchObject({ type: "about:blank#unavailable" });
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  } finally {
    await Promise.all(greedy.map((client) => client.end()));
  }

  await until(async () => (await fetch(`${url}/readyz`)).ok);
  expect((await asks("GET", "/api/tickets")).status).toBe(200);
  await filedOnce(letter);
  neverEnded();
}, 240_000);

/** Until there is none left for anybody, and none in the desk's hands. */
async function takeAllConnections(): Promise<pg.Client[]> {
  const taken: pg.Client[] = [];
  for (;;) {
    const client = new pg.Client({ connectionString: world.rooms.desk });
    client.on("error", () => {});
    try {
      await client.connect();
      taken.push(client);
    } catch {
      if ((await endConnections()) === 0) return taken;
    }
  }
}
