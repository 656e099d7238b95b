import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { routes } from "../../server/desk/routes.ts";
import { type Agent, aWorld, closedDoor, type World } from "./world.ts";

let world: World;
let anna: Agent;
// biome-ignore lint/suspicious/noExplicitAny: a document that the test reads.
let described: any;
beforeAll(async () => {
  world = await aWorld();
  anna = await world.anAgent();
  described = (await world.as(null).get("/api/openapi.json")).body;
});
afterAll(() => world.close());

test("every route is described: what it needs, what it answers, and its problems", async () => {
  const { verbs } = await closedDoor();
  for (const { method, path, verb } of routes(verbs)) {
    const operation = described.paths[path.replace(/:(\w+)/g, "{$1}")]?.[method];
    expect({ method, path, summary: operation?.summary }).toEqual({ method, path, summary: verb.summary });
    expect(Object.keys(operation.responses)).toEqual(
      expect.arrayContaining([String(verb.status), "400", "401", "403"]),
    );
    for (const [, name] of path.matchAll(/:(\w+)/g))
      expect(operation.parameters).toContainEqual(expect.objectContaining({ in: "path", name, required: true }));
  }
  const count = Object.values<object>(described.paths).flatMap((path) => Object.keys(path)).length;
  expect(count).toBe(routes(verbs).length);
});

test("operations have names of their own", () => {
  const names = Object.values<Record<string, { operationId: string }>>(described.paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );
  expect(new Set(names).size).toBe(names.length);
});

test("answers are what the description says, to a validator that knows only the description", async () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as typeof addFormats.default)(ajv);
  const contact = await world.aContact();
  const mailbox = await world.aMailbox();
  const kept = await world.aKeptMail({ from: contact, mailboxId: mailbox.id, files: [{ name: "a.txt" }] });
  const as = world.as(anna);
  const opened = await as.post("/api/tickets", {
    messageId: kept.id,
    requester: { contactId: contact.id },
    subject: "S",
  });
  const { number, version } = opened.body.ticket;
  const answers: [string, string, number, unknown][] = [
    ["/tickets", "post", opened.status, opened.body],
    ...(await Promise.all(
      (
        [
          ["/me", "get", as.get("/api/me")],
          [
            "/mails/open",
            "get",
            as.get(`/api/mails/open?mailbox=${mailbox.address}&internetMessageId=${kept.internetMessageId}`),
          ],
          ["/tickets", "get", as.get("/api/tickets")],
          ["/tickets/{number}", "get", as.get(`/api/tickets/${number}`)],
          [
            "/tickets/{number}",
            "patch",
            as.patch(`/api/tickets/${number}`, { status: "resolved" }, { "If-Match": `"${version}"` }),
          ],
          ["/tickets/{number}/entries", "get", as.get(`/api/tickets/${number}/entries`)],
          ["/tickets/{number}/mails", "post", as.post(`/api/tickets/${number}/mails`, { messageId: kept.id })],
          ["/tickets/{number}/notes", "post", as.post(`/api/tickets/${number}/notes`, { html: "note" })],
          ["/contacts", "get", as.get("/api/contacts?search=contact")],
          ["/contacts", "post", as.post("/api/contacts", { name: "N", address: "n@n.test" })],
          ["/organizations", "get", as.get("/api/organizations?search=a")],
          ["/uploads", "post", as.post("/api/uploads?name=a", "x", { "Content-Type": "text/plain" })],
        ] as const
      ).map(async ([path, method, asked]): Promise<[string, string, number, unknown]> => {
        const { status, body } = await asked;
        return [path, method, status, body];
      }),
    )),
  ];
  for (const [path, method, status, body] of answers) {
    const schema = described.paths[path][method].responses[status]?.content["application/json"].schema;
    expect({ path, method, status, described: schema !== undefined }).toEqual({
      path,
      method,
      status,
      described: true,
    });
    expect({ path, method, errors: ajv.validate(schema, body) ? null : ajv.errors }).toEqual({
      path,
      method,
      errors: null,
    });
  }
});
