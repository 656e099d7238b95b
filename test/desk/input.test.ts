import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Prisma } from "../../prisma/generated/desk/client.ts";
import { type Agent, aWorld, type World } from "./world.ts";

let world: World;
let anna: Agent;
beforeAll(async () => {
  world = await aWorld();
  anna = await world.anAgent();
});
afterAll(() => world.close());

const unknownId = "00000000-0000-4000-8000-000000000000";

/** What each writing route takes when it is used as it should be. */
async function writes() {
  const contact = await world.aContact();
  const { number } = await world.aTicket({ requesterId: contact.id });
  const kept = await world.aKeptMail({ from: contact });
  return [
    ["post", "/api/tickets", { messageId: kept.id, requester: { contactId: contact.id }, subject: "S" }],
    ["patch", `/api/tickets/${number}`, { priority: "high" }],
    ["post", `/api/tickets/${number}/notes`, { html: "note" }],
    ["post", `/api/tickets/${number}/mails`, { messageId: kept.id }],
    ["post", "/api/contacts", { name: "N", address: "mass@assignment.test" }],
    ["post", `/api/contacts/${contact.id}/addresses`, { address: "mass2@assignment.test" }],
  ] as const;
}

/** Every column and relation of every table, so that a new one is tried by itself. */
const columns = [
  ...new Set(
    Object.entries(Prisma)
      .filter(([name]) => name.endsWith("ScalarFieldEnum"))
      .flatMap(([, fields]) => Object.keys(fields as object)),
  ),
  "connect",
  "create",
  "upsert",
  "deleteMany",
  "include",
  "select",
  "where",
  "orderBy",
  "role",
  "__proto__",
  "constructor",
];

test("no column of the database can be written that its request does not name", async () => {
  const version = { "If-Match": '"1"' };
  for (const [method, path, body] of await writes()) {
    for (const column of columns.filter((name) => !(name in body) || name === "constructor" || name === "__proto__")) {
      if (path === "/api/tickets" && ["team", "priority", "attachmentIds"].includes(column)) continue;
      if (method === "patch" && ["status", "team", "assigneeId", "subject"].includes(column)) continue;
      if (path === "/api/contacts" && column === "organizationId") continue;
      const json = JSON.stringify(body).replace(/}$/, `,${JSON.stringify(column)}:"x"}`);
      const { status } = await world.as(anna)[method](path, json, version);
      // The address names the ticket and the contact; what the body says of them does not count.
      const overruled =
        ["number", "contactId"].includes(column) && path.includes(column === "number" ? "/tickets/" : "/contacts/");
      expect({ path, column, status }).toEqual({ path, column, status: overruled ? expect.any(Number) : 400 });
    }
  }
  expect(
    await world.desk.contactAddress.count({ where: { address: { contains: "assignment.test" } } }),
  ).toBeLessThanOrEqual(1);
}, 120_000);

const notText = [
  { not: "" },
  { contains: "" },
  { startsWith: "a" },
  { OR: [] },
  { in: ["a"] },
  ["a", "b"],
  7,
  true,
  null,
];

test.each(notText)("%j is no text: 400 wherever text is asked for", async (value) => {
  for (const [method, path, body] of await writes()) {
    for (const field of Object.keys(body)) {
      const { status } = await world.as(anna)[method](path, { ...body, [field]: value }, { "If-Match": '"1"' });
      expect({ path, field, status }).toEqual({ path, field, status: 400 });
    }
  }
});

test.each([
  "search[not]=",
  "search[contains]=a",
  "search=a&search=b",
  "contactId[not]=",
  "orderBy=updatedAt",
  "take=1000",
  "mine=maybe",
  "cursor[id]=1",
])("the query %s is refused", async (query) => {
  expect((await world.as(anna).get(`/api/tickets?${query}`)).status).toBe(400);
});

test("what does not exist is not found, in the same words everywhere", async () => {
  const contact = await world.aContact();
  const { number } = await world.aTicket();
  const as = world.as(anna);
  const mail = { messageId: unknownId };
  const answers = await Promise.all([
    as.get("/api/tickets/999999"),
    as.get("/api/tickets/999999/entries"),
    as.patch("/api/tickets/999999", { status: "closed" }, { "If-Match": '"1"' }),
    as.post("/api/tickets/999999/notes", { html: "x" }),
    as.post(`/api/tickets/${number}/mails`, mail),
    as.post("/api/tickets", { ...mail, requester: { contactId: contact.id }, subject: "x" }),
    as.post(`/api/contacts/${unknownId}/addresses`, { address: "a@b.test" }),
    as.get(`/api/attachments/${unknownId}`),
  ]);
  for (const { status, body } of answers) {
    expect(status).toBe(404);
    expect(body).toMatchObject({
      type: "about:blank#not_found",
      title: "Not found",
      detail: expect.stringMatching(/ was not found\.$/),
    });
  }
});

test.each(["0", "-1", "1.5", "1e3", "0x10", "9999999999", "abc", "1;drop", "%00", "..%2f..%2fetc"])(
  "the ticket number %s is no way to anything",
  async (number) => {
    const { status } = await world.as(anna).get(`/api/tickets/${number}`);
    expect([400, 404]).toContain(status);
  },
);

test("requests of a strange shape are refused, and the desk goes on", async () => {
  const { number } = await world.aTicket();
  const notes = `/api/tickets/${number}/notes`;
  const as = world.as(anna);
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  const statuses = [
    (await as.post(notes, `{"html":${deep}}`)).status,
    (await as.post(notes, deep)).status,
    (await as.post(notes, '{"html":')).status,
    (await as.post(notes, '"text"')).status,
    (await as.post(notes, "null")).status,
    (await as.post(notes, '{"html":"a","html":{"b":1}}')).status,
    (await as.post(notes, '{"__proto__":{"html":"x"}}')).status,
    (await as.post(notes, { html: "a\u0000b" })).status,
    (await as.post(notes, "html=x", { "Content-Type": "application/x-www-form-urlencoded" })).status,
    (await as.post(notes, '{"html":"x"}', { "Content-Type": "text/plain" })).status,
    (await as.get("/api/contacts?search=a%00b")).status,
    (await as.post(notes, '{"html":"x"}', { "Content-Encoding": "gzip" })).status,
    (await as.get("/api/tickets/%E0%A4%A")).status,
  ];
  expect(statuses).toEqual(Array(statuses.length).fill(400));
  expect((await as.post(notes, { html: "x".repeat(1_100_000) })).status).toBe(413);
  expect((await as.get("/api/me")).status).toBe(200);
});

test("whatever is searched for, the answer is a list and never a failure", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", minLength: 1, maxLength: 60 }), async (words) => {
      const search = encodeURIComponent(words.toWellFormed());
      const answers = await Promise.all(
        ["contacts", "organizations", "tickets"].map((list) => world.as(anna).get(`/api/${list}?search=${search}`)),
      );
      for (const { status } of answers) expect([200, 400]).toContain(status);
    }),
    { numRuns: 60 },
  );
});
