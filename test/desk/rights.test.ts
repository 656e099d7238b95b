import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";
import { routes } from "../../server/desk/routes.ts";
import { endpoint } from "../../server/platform/endpoint.ts";
import type { Person } from "./entra.ts";
import { aWorld, tenantId, type World } from "./world.ts";

/** Who may, as it was decided. A route that is not listed here, or listed and gone, fails. */
const decided: Record<string, ("agent" | "lead" | "admin")[]> = {
  "get /me": ["agent", "lead", "admin"],
  "get /mails/open": ["agent", "lead", "admin"],
  "get /mails/:messageId/original": ["agent", "lead", "admin"],
  "post /mails/:messageId/acceptance": ["agent", "lead", "admin"],
  "post /mails/:messageId/spam-mark": ["agent", "lead", "admin"],
  "delete /mails/:messageId/spam-mark": ["agent", "lead", "admin"],
  "get /held-mails": ["agent", "lead", "admin"],
  "get /held-mails/count": ["agent", "lead", "admin"],
  "post /held-mails/:heldId/attempts": ["agent", "lead", "admin"],
  "get /spam-marks": ["agent", "lead", "admin"],
  "delete /loops/:loopId": ["agent", "lead", "admin"],
  "get /tickets": ["agent", "lead", "admin"],
  "post /tickets": ["agent", "lead", "admin"],
  "get /tickets/:number": ["agent", "lead", "admin"],
  "patch /tickets/:number": ["agent", "lead", "admin"],
  "get /tickets/:number/entries": ["agent", "lead", "admin"],
  "post /tickets/:number/mails": ["agent", "lead", "admin"],
  "post /tickets/:number/notes": ["agent", "lead", "admin"],
  "post /tickets/:number/merger": ["agent", "lead", "admin"],
  "delete /tickets/:number/merger": ["agent", "lead", "admin"],
  "post /tickets/:number/splits": ["agent", "lead", "admin"],
  "delete /tickets/:number/splits/:splitNumber": ["agent", "lead", "admin"],
  "post /tickets/:number/replies": ["agent", "lead", "admin"],
  "post /tickets/:number/new-mails": ["agent", "lead", "admin"],
  "delete /tickets/:number/replies/:entryId": ["agent", "lead", "admin"],
  "post /tickets/:number/entries/:entryId/releases": ["agent", "lead", "admin"],
  "delete /tickets/:number/entries/:entryId/releases": ["agent", "lead", "admin"],
  "post /tickets/:number/preview": ["agent", "lead", "admin"],
  "get /tickets/:number/customer-view": ["agent", "lead", "admin"],
  "put /tickets/:number/portal": ["agent", "lead", "admin"],
  "put /tickets/:number/participants/:contactId": ["agent", "lead", "admin"],
  "delete /tickets/:number/participants/:contactId": ["agent", "lead", "admin"],
  "get /contacts": ["agent", "lead", "admin"],
  "post /contacts": ["agent", "lead", "admin"],
  "get /contacts/:contactId": ["agent", "lead", "admin"],
  "post /contacts/:contactId/addresses": ["agent", "lead", "admin"],
  "delete /contacts/:contactId/addresses/:address": ["agent", "lead", "admin"],
  "post /contacts/:contactId/former-addresses": ["agent", "lead", "admin"],
  "delete /contacts/:contactId/former-addresses/:address": ["agent", "lead", "admin"],
  "get /contacts/:contactId/merger": ["lead", "admin"],
  "post /contacts/:contactId/merger": ["lead", "admin"],
  "delete /contacts/:contactId/merger": ["lead", "admin"],
  "post /contacts/:contactId/invitation": ["agent", "lead", "admin"],
  "get /organizations": ["agent", "lead", "admin"],
  "get /organizations/:organizationId": ["agent", "lead", "admin"],
  "post /organizations/:organizationId/domains": ["lead", "admin"],
  "delete /organizations/:organizationId/domains/:domain": ["lead", "admin"],
  "get /organizations/:organizationId/merger": ["lead", "admin"],
  "post /organizations/:organizationId/merger": ["lead", "admin"],
  "delete /organizations/:organizationId/merger": ["lead", "admin"],
  "post /uploads": ["agent", "lead", "admin"],
  "get /attachments/:id": ["agent", "lead", "admin"],
};

const shut = endpoint({ summary: "", input: z.any(), output: z.any(), run: async () => null });
const door = {
  writeReply: shut,
  writeNewMail: shut,
  takeBackReply: shut,
  releaseEntry: shut,
  retractEntry: shut,
  previewRelease: shut,
  customerView: shut,
  releaseTicket: shut,
  inviteContact: shut,
  takeOntoTicket: shut,
  leaveOutOfTicket: shut,
};
const listed = routes(door).map(({ method, path }) => ({ method, path, name: `${method} ${path}` }));

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

const nobody = "00000000-0000-4000-8000-000000000000";
const addressed = (path: string) => path.replace(/:(number|splitNumber)/g, "999999").replace(/:\w+/g, nobody);
const anna: Person = {
  tid: tenantId,
  oid: nobody.replace(/0$/, "9"),
  name: "Anna",
  preferred_username: "a@deskhatch.test",
  roles: ["agent"],
};

const ask = (token: string | null, { method, path }: { method: string; path: string }) =>
  fetch(`${world.url}/api${addressed(path)}`, {
    method: method.toUpperCase(),
    headers: token === null ? {} : { Authorization: `Bearer ${token}` },
  });

test("the routes are those whose rights were decided, and no others", () => {
  expect(listed.map(({ name }) => name).toSorted()).toEqual(Object.keys(decided).toSorted());
});

const strangers: [string, number, () => Promise<string | null>][] = [
  ["nobody", 401, async () => null],
  [
    "a token for another program",
    401,
    () => world.entra.token(anna, { claims: { aud: "https://graph.microsoft.com" } }),
  ],
  [
    "an agent of a foreign tenant",
    401,
    () => world.entra.token({ ...anna, tid: "99999999-6c1e-4b5a-9f0e-5a3d1c7b9e10" }),
  ],
  ["an expired token", 401, () => world.entra.token(anna, { expiresIn: -3600 })],
  ["a program without a person", 401, () => world.entra.token(anna, { claims: { idtyp: "app", scp: undefined } })],
  ["a colleague without a role", 403, () => world.entra.token({ ...anna, roles: [] })],
  ["a colleague with a role of another program", 403, () => world.entra.token({ ...anna, roles: ["Agent", "owner"] })],
];

test.each(strangers)("%s gets %i from every route, before anything is looked up", async (_, status, token) => {
  const bearer = await token();
  for (const route of listed) {
    const answer = await ask(bearer, route);
    expect({ route: route.name, status: answer.status }).toEqual({ route: route.name, status });
  }
});

test.each(["agent", "lead", "admin"] as const)("one with the role %s may what was decided", async (role) => {
  const bearer = await world.entra.token({
    ...anna,
    oid: nobody.replace(/0$/, String(["agent", "lead", "admin"].indexOf(role))),
    roles: [role],
  });
  for (const route of listed) {
    const { status } = await ask(bearer, route);
    const may = role === "admin" || decided[route.name]?.includes(role);
    expect({ route: route.name, refused: status === 401 || status === 403 }).toEqual({
      route: route.name,
      refused: !may,
    });
  }
});

test("an address that does not exist needs a sign-in too, and answers 404 with a problem", async () => {
  const unknown = { method: "get", path: "/agents/secrets" };
  expect((await ask(null, unknown)).status).toBe(401);
  const answer = await ask(await world.entra.token(anna), unknown);
  expect(answer.status).toBe(404);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
});

test("no answer may be kept by a cache between us, and none names an origin that may read it", async () => {
  const answer = await ask(await world.entra.token(anna), { method: "get", path: "/me" });
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
});
