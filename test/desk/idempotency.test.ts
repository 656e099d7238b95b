import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { sweepDesk } from "../../server/desk/sweep.ts";
import { type Agent, aWorld, type World } from "./world.ts";

let world: World;
let anna: Agent;
let ben: Agent;

beforeAll(async () => {
  world = await aWorld();
  anna = await world.anAgent();
  ben = await world.anAgent();
});
afterAll(() => world.close());

const key = () => ({ "Idempotency-Key": randomUUID() });
const notesOf = (ticketId: string) => world.desk.entry.count({ where: { ticketId, kind: "note" } });

test("the same note sent twice is one note with one answer", async () => {
  const { id, number } = await world.aTicket();
  const headers = key();
  const first = await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "once" }, headers);
  const second = await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "once" }, headers);
  expect(second).toMatchObject({ status: 201, body: first.body });
  expect(await notesOf(id)).toBe(1);
});

test("fifty at once are one note with one answer", async () => {
  const { id, number } = await world.aTicket();
  const headers = key();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => world.as(anna).post(`/api/tickets/${number}/notes`, { html: "once" }, headers)),
  );
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]?.status).toBe(201);
  expect(await notesOf(id)).toBe(1);
});

test("the same key for other words, another ticket or another version is refused", async () => {
  const [one, two] = [await world.aTicket(), await world.aTicket()];
  const headers = key();
  await world.as(anna).post(`/api/tickets/${one.number}/notes`, { html: "a" }, headers);
  expect((await world.as(anna).post(`/api/tickets/${one.number}/notes`, { html: "b" }, headers)).status).toBe(422);
  expect((await world.as(anna).post(`/api/tickets/${two.number}/notes`, { html: "a" }, headers)).status).toBe(422);
  expect((await world.as(anna).patch(`/api/tickets/${one.number}`, {}, { ...headers, "If-Match": '"1"' })).status).toBe(
    422,
  );
});

test("a colleague's key is another key", async () => {
  const { id, number } = await world.aTicket();
  const headers = key();
  await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "a" }, headers);
  expect((await world.as(ben).post(`/api/tickets/${number}/notes`, { html: "b" }, headers)).status).toBe(201);
  expect(await notesOf(id)).toBe(2);
});

test("a refused request may be tried again with its key", async () => {
  const headers = key();
  const { number } = await world.aTicket();
  const wish = { status: "in_progress" };
  const stale = await world.as(anna).patch(`/api/tickets/${number}`, wish, { ...headers, "If-Match": '"99"' });
  expect(stale.status).toBe(412);
  const { body } = await world.as(anna).get(`/api/tickets/${number}`);
  const again = await world
    .as(anna)
    .patch(`/api/tickets/${number}`, wish, { ...headers, "If-Match": `"${body.version}"` });
  expect(again.status).toBe(200);
});

test("after a crash between the effect and its answer, the effect is not repeated", async () => {
  const { id, number } = await world.aTicket();
  const headers = key();
  await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "once" }, headers);
  // What the row says when the process died right after the note's commit.
  await world.desk.idempotentAnswer.updateMany({
    where: { key: headers["Idempotency-Key"] },
    data: { status: 1, body: {} },
  });
  const again = await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "once" }, headers);
  expect(again).toMatchObject({ status: 409, body: { detail: expect.stringContaining("This was done") } });
  expect(await notesOf(id)).toBe(1);
});

test("after a crash before the effect, a second request must wait ten seconds, then does it", async () => {
  const { id, number } = await world.aTicket();
  const headers = key();
  await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "once" }, headers);
  await world.desk.entry.deleteMany({ where: { ticketId: id } });
  const row = { key: headers["Idempotency-Key"] };
  await world.desk.idempotentAnswer.updateMany({ where: row, data: { status: 0 } });
  const early = await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "once" }, headers);
  expect(early.status).toBe(409);
  expect(early.headers.get("retry-after")).toBe("1");
  await world.desk.idempotentAnswer.updateMany({ where: row, data: { at: new Date(Date.now() - 11_000) } });
  expect((await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "once" }, headers)).status).toBe(201);
  expect(await notesOf(id)).toBe(1);
});

test("a request that was taken for dead and lives does nothing any more: the second one did it", async () => {
  const { id, number } = await world.aTicket();
  const headers = key();
  let first: Promise<{ status: number }> | undefined;
  await world.desk.$transaction(async (tx) => {
    // The first request waits for the ticket, as it would for a database that stands still.
    await tx.$queryRaw`select 1 from tickets where id = ${id}::uuid for update`;
    first = world.as(anna).post(`/api/tickets/${number}/notes`, { html: "once" }, headers);
    const row = { key: headers["Idempotency-Key"] };
    while ((await world.desk.idempotentAnswer.count({ where: row })) === 0) await new Promise(setImmediate);
    await world.desk.idempotentAnswer.updateMany({ where: row, data: { at: new Date() } });
  });
  expect((await first)?.status).toBe(409);
  expect(await notesOf(id)).toBe(0);
});

test("an upload repeated after a lost answer is one file", async () => {
  const headers = { ...key(), "Content-Type": "text/plain" };
  const [first, second] = [
    await world.as(anna).post("/api/uploads?name=a.txt", "content", headers),
    await world.as(anna).post("/api/uploads?name=a.txt", "content", headers),
  ];
  expect(second).toMatchObject({ status: 201, body: first.body });
  expect((await world.as(anna).post("/api/uploads?name=a.txt", "other content", headers)).status).toBe(422);
});

test("after a day, keys and unused uploads are forgotten; used ones stay", async () => {
  const { number } = await world.aTicket();
  const headers = key();
  const upload = async () => (await world.as(anna).post("/api/uploads?name=a", "x", { "Content-Type": "a/b" })).body.id;
  const [used, unused] = [await upload(), await upload()];
  const wish = { html: "x", attachmentIds: [used] };
  await world.as(anna).post(`/api/tickets/${number}/notes`, wish, headers);

  await sweepDesk(world, new Date(Date.now() + 23 * 3600_000));
  expect((await world.as(anna).post(`/api/tickets/${number}/notes`, wish, headers)).status).toBe(201);
  expect((await world.as(anna).get(`/api/attachments/${unused}`)).status).toBe(200);

  await sweepDesk(world, new Date(Date.now() + 25 * 3600_000));
  expect(await world.desk.idempotentAnswer.count()).toBe(0);
  expect((await world.as(anna).get(`/api/attachments/${unused}`)).status).toBe(404);
  expect((await world.as(anna).get(`/api/attachments/${used}`)).status).toBe(200);
});

test.each(["short", "with blank inside", "x".repeat(201)])("%j is no key", async (bad) => {
  const { number } = await world.aTicket();
  const answer = await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "x" }, { "Idempotency-Key": bad });
  expect(answer.status).toBe(400);
});
