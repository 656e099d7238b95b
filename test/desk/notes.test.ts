import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Agent, aWorld, type World } from "./world.ts";

let world: World;
let anna: Agent;
let ben: Agent;

beforeAll(async () => {
  world = await aWorld();
  anna = await world.anAgent({ name: "Anna" });
  ben = await world.anAgent({ name: "Ben" });
});
afterAll(() => world.close());

test.each([
  ["a script", "<p>Hi<script>alert(1)</script></p>", "<p>Hi</p>"],
  ["an event", '<p onclick="alert(1)">Hi</p>', "<p>Hi</p>"],
  ["a link that runs", '<a href="javascript:alert(1)">Hi</a>', "<a>Hi</a>"],
  ["a frame", "<p>Hi</p><iframe src=//evil.test></iframe>", "<p>Hi</p>"],
  ["a form", "<p>Hi</p><form action=//evil.test><input name=password></form>", "<p>Hi</p>"],
  [
    "a picture from elsewhere",
    '<p>Hi</p><img src="https://evil.test/x.png">',
    '<p>Hi</p><img data-remote-src="https://evil.test/x.png" />',
  ],
])("%s in a note is not kept", async (_, html, kept) => {
  const { number } = await world.aTicket();
  const written = await world.as(anna).post(`/api/tickets/${number}/notes`, { html });
  expect(written).toMatchObject({ status: 201, body: { html: kept } });
  const entry = await world.desk.entry.findUniqueOrThrow({ where: { id: written.body.id } });
  expect(entry.html).toBe(kept);
});

test.each(["", "   ", "<p>&nbsp;</p>", "<script>alert(1)</script>"])("nothing (%j) is no note", async (html) => {
  const { number } = await world.aTicket();
  expect((await world.as(anna).post(`/api/tickets/${number}/notes`, { html })).status).toBe(400);
});

test("a note is internal, and stays so whatever the request asks for", async () => {
  const { number, id } = await world.aTicket({ channel: "portal" });
  const { body } = await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "CANARY" });
  expect(body.visibility).toEqual({ to: "internal", retracted: null });
  const asked = await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "x", visibility: "customer" });
  expect(asked.status).toBe(400);
  expect(await world.desk.release.count({ where: { ticketId: id } })).toBe(0);
});

test("Anna puts her upload beside a note; Ben cannot take it, and nobody can use it twice", async () => {
  const { number } = await world.aTicket();
  const uploaded = await world
    .as(anna)
    .post("/api/uploads?name=plan.pdf", "the plan", { "Content-Type": "application/pdf" });
  expect(uploaded).toMatchObject({ status: 201, body: { name: "plan.pdf", type: "application/pdf", size: 8 } });
  const attachmentIds = [uploaded.body.id];

  const stolen = await world.as(ben).post(`/api/tickets/${number}/notes`, { html: "mine", attachmentIds });
  expect(stolen.status).toBe(422);
  const written = await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "see", attachmentIds });
  expect(written.body.files).toMatchObject([{ name: "plan.pdf", released: false }]);
  const twice = await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "again", attachmentIds });
  expect(twice.status).toBe(422);
  expect((await world.as(anna).get(`/api/tickets/${number}`)).body.entries).toHaveLength(1);
});
