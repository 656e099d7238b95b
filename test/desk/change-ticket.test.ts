import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Agent, aWorld, type World } from "./world.ts";

let world: World;
let anna: Agent;
let ben: Agent;

beforeAll(async () => {
  world = await aWorld();
  anna = await world.anAgent({ name: "Anna Albrecht" });
  ben = await world.anAgent({ name: "Ben Okafor" });
});
afterAll(() => world.close());

const seen = async (number: number) => {
  const { body } = await world.as(anna).get(`/api/tickets/${number}`);
  return { "If-Match": `"${body.version}"` };
};

test("Anna takes a ticket, and its timeline says so", async () => {
  const { number } = await world.aTicket();
  const changed = await world
    .as(anna)
    .patch(`/api/tickets/${number}`, { assigneeId: anna.id, status: "in_progress" }, await seen(number));
  expect(changed).toMatchObject({
    status: 200,
    body: { status: "in_progress", turn: "ours", assignee: { id: anna.id } },
  });
  expect(changed.body.entries).toMatchObject([
    { kind: expect.stringMatching(/status_change|assignment/), author: { side: "team", name: "Anna Albrecht" } },
    { kind: expect.stringMatching(/status_change|assignment/) },
  ]);
  const facts = changed.body.entries.map(({ facts }: { facts: unknown }) => facts);
  expect(facts).toContainEqual({ from: "new", to: "in_progress" });
  expect(facts).toContainEqual({ from: null, to: "Anna Albrecht" });
});

test("whose turn it is follows from the status, and closing has a time", async () => {
  const { number } = await world.aTicket();
  const change = async (status: string) =>
    (await world.as(anna).patch(`/api/tickets/${number}`, { status }, await seen(number))).body;
  expect(await change("waiting_on_customer")).toMatchObject({ turn: "customer", closedAt: null });
  expect(await change("waiting_on_third_party")).toMatchObject({ turn: "third_party" });
  expect(await change("closed")).toMatchObject({ turn: "nobody", closedAt: expect.any(String) });
  expect(await change("in_progress")).toMatchObject({ turn: "ours", closedAt: null });
});

test("a ticket that was begun is not new again", async () => {
  const { number } = await world.aTicket();
  await world.as(anna).patch(`/api/tickets/${number}`, { status: "in_progress" }, await seen(number));
  const again = await world.as(anna).patch(`/api/tickets/${number}`, { status: "new" }, await seen(number));
  expect(again).toMatchObject({ status: 422 });
});

test("a change without the version that was seen is not made", async () => {
  const { number } = await world.aTicket();
  const blind = await world.as(anna).patch(`/api/tickets/${number}`, { status: "closed" });
  expect(blind).toMatchObject({ status: 428, body: { detail: expect.stringContaining("If-Match") } });
  const odd = await world.as(anna).patch(`/api/tickets/${number}`, { status: "closed" }, { "If-Match": "*" });
  expect(odd.status).toBe(400);
});

test("Ben changed the ticket while Anna looked: her change waits, and she reads what he did", async () => {
  const { number } = await world.aTicket();
  const version = await seen(number);
  await world.as(ben).patch(`/api/tickets/${number}`, { status: "in_progress" }, version);
  await world.as(ben).patch(`/api/tickets/${number}`, { priority: "high" }, await seen(number));

  const stale = await world.as(anna).patch(`/api/tickets/${number}`, { status: "closed" }, version);
  expect(stale).toMatchObject({
    status: 412,
    body: {
      detail: expect.stringMatching(new RegExp(`^Ben Okafor changed #${number} \\d+ s ago\\.`)),
      changed: [
        { act: "ticket_changed", by: "Ben Okafor", what: { priority: "normal → high" } },
        { act: "ticket_changed", by: "Ben Okafor", what: { status: "new → in_progress" } },
      ],
    },
  });
  const { body } = await world.as(anna).get(`/api/tickets/${number}`);
  expect(body).toMatchObject({ status: "in_progress", version: stale.body.version });
});

test("of ten changes at once with the same version, one is made", async () => {
  const { number } = await world.aTicket();
  const version = await seen(number);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      world.as(anna).patch(`/api/tickets/${number}`, { subject: `Change ${n}` }, version),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
});

test("a note makes nobody's version stale, a mail does", async () => {
  const alice = await world.aContact();
  const { number } = await world.aTicket({ requesterId: alice.id });
  const version = await seen(number);
  await world.as(ben).post(`/api/tickets/${number}/notes`, { html: "I have an idea" });
  expect((await world.as(anna).patch(`/api/tickets/${number}`, { team: "Field" }, version)).status).toBe(200);

  const before = await seen(number);
  const kept = await world.aKeptMail({ from: alice });
  await world.as(ben).post(`/api/tickets/${number}/mails`, { messageId: kept.id });
  expect((await world.as(anna).patch(`/api/tickets/${number}`, { team: null }, before)).status).toBe(412);
});

test("changing to what it is already changes nothing", async () => {
  const { number } = await world.aTicket();
  const version = await seen(number);
  const same = await world.as(anna).patch(`/api/tickets/${number}`, { priority: "normal", status: "new" }, version);
  expect(same).toMatchObject({ status: 200, body: { entries: [] } });
  expect(await seen(number)).toEqual(version);
});

test("a ticket is not given to somebody who is no agent", async () => {
  const { number } = await world.aTicket();
  const contact = await world.aContact();
  const answer = await world.as(anna).patch(`/api/tickets/${number}`, { assigneeId: contact.id }, await seen(number));
  expect(answer.status).toBe(404);
});

test("a new subject is told as words, never as HTML, and the audit log keeps no customer's words", async () => {
  const { number, id } = await world.aTicket({ subject: "<img src=x onerror=alert(1)>" });
  const { body } = await world.as(anna).patch(`/api/tickets/${number}`, { subject: "<b>Lamp</b>" }, await seen(number));
  expect(body.subject).toBe("<b>Lamp</b>");
  expect(body.entries[0].html).toBe(
    "<p>The subject is now “&lt;b&gt;Lamp&lt;/b&gt;”; it was “&lt;img src=x onerror=alert(1)&gt;”.</p>",
  );
  const audited = await world.desk.auditRecord.findMany({ where: { ticketId: id } });
  expect(JSON.stringify(audited.map(({ details }) => details))).not.toContain("Lamp");
});

test("what the customer may see of a change is on its way in the same transaction", async () => {
  const { number, id } = await world.aTicket();
  await world.as(anna).patch(`/api/tickets/${number}`, { status: "in_progress" }, await seen(number));
  const jobs = await world.desk
    .$queryRaw`select 1 from jobs.job where name = 'publish-ticket' and data->>'ticketId' = ${id}`;
  expect(jobs).not.toEqual([]);
});
