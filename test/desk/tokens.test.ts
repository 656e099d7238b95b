import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { generateKeyPair, SignJWT } from "jose";
import type { Person } from "./entra.ts";
import { aWorld, clientId, tenantId, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

const anna: Person = {
  tid: tenantId,
  oid: "a11a0000-0000-4000-8000-000000000001",
  name: "Anna Albrecht",
  preferred_username: "Anna@deskhatch.test",
  roles: ["agent"],
};
const me = async (token: string | null) => world.as(token).get("/api/me");

test("an agent's first sign-in makes her known; the second finds her again", async () => {
  const first = await me(await world.entra.token(anna));
  expect(first).toMatchObject({
    status: 200,
    body: { agent: { name: "Anna Albrecht", address: "anna@deskhatch.test", role: "agent" } },
  });
  const second = await me(
    await world.entra.token({ ...anna, name: "Anna Ahrens", preferred_username: "ahrens@deskhatch.test" }),
  );
  expect(second.body.agent).toEqual({
    id: first.body.agent.id,
    name: "Anna Ahrens",
    address: "ahrens@deskhatch.test",
    role: "agent",
  });
});

test("the same address in another account is another agent", async () => {
  const first = await me(await world.entra.token(anna));
  const namesake = await me(await world.entra.token({ ...anna, oid: "a11a0000-0000-4000-8000-0000000000aa" }));
  expect(namesake.body.agent.id).not.toBe(first.body.agent.id);
});

test("a changed role counts from the next token on, and the audit log tells", async () => {
  const ben = { ...anna, oid: "a11a0000-0000-4000-8000-000000000002", name: "Ben" };
  const { body } = await me(await world.entra.token(ben));
  await me(await world.entra.token({ ...ben, roles: ["agent", "lead"] }));
  const acts = await world.desk.auditRecord.findMany({ where: { agentId: body.agent.id }, orderBy: { id: "asc" } });
  expect(acts.map(({ act, details }) => ({ act, details }))).toEqual([
    { act: "agent_signed_in", details: { role: "agent" } },
    { act: "agent_role_changed", details: { from: "agent", to: "lead" } },
  ]);
});

test("somebody of the tenant without a role learns whom to ask", async () => {
  const answer = await me(await world.entra.token({ ...anna, roles: [] }));
  expect(answer).toMatchObject({ status: 403, body: { detail: expect.stringContaining("Ask your administrator") } });
});

test("without a token: 401, and the way to one", async () => {
  const answer = await me(null);
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="Deskhatch"');
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
});

const now = () => Math.floor(Date.now() / 1000);

const forged: [string, () => Promise<string>][] = [
  ["for another program", () => world.entra.token(anna, { claims: { aud: "00000003-0000-0000-c000-000000000000" } })],
  ["for Graph", () => world.entra.token(anna, { claims: { aud: "https://graph.microsoft.com" } })],
  [
    "for our API by its address instead of its id",
    () => world.entra.token(anna, { claims: { aud: `api://${clientId}` } }),
  ],
  ["of a foreign tenant", () => world.entra.token({ ...anna, tid: "99999999-6c1e-4b5a-9f0e-5a3d1c7b9e10" })],
  [
    "of a foreign issuer",
    () => world.entra.token(anna, { claims: { iss: "https://login.microsoftonline.com/x/v2.0" } }),
  ],
  ["of version 1.0", () => world.entra.token(anna, { claims: { ver: "1.0" } })],
  [
    "by the issuer of version 1.0",
    () => world.entra.token(anna, { claims: { iss: `https://sts.windows.net/${tenantId}/` } }),
  ],
  ["that has expired", () => world.entra.token(anna, { expiresIn: -120 })],
  ["without an end", () => world.entra.token(anna, { claims: { exp: undefined } })],
  ["that is not valid yet", () => world.entra.token(anna, { claims: { nbf: now() + 600 } })],
  ["without our scope", () => world.entra.token(anna, { claims: { scp: "User.Read" } })],
  [
    "with a scope that only contains our scope's name",
    () => world.entra.token(anna, { claims: { scp: "Desk.UseNot" } }),
  ],
  ["without any scope (an ID token)", () => world.entra.token(anna, { claims: { scp: undefined, nonce: "n" } })],
  ["of a program instead of a person", () => world.entra.token(anna, { claims: { idtyp: "app" } })],
  ["of a program, scope left out", () => world.entra.token(anna, { claims: { idtyp: "app", scp: undefined } })],
  ["without an object id", () => world.entra.token(anna, { claims: { oid: undefined } })],
  ["without a tenant", () => world.entra.token(anna, { claims: { tid: undefined } })],
  ["whose audience is a list", () => world.entra.token(anna, { claims: { aud: ["x", "y"] } })],
  ["whose key nobody published", () => world.entra.token(anna, { header: { kid: "nobody" } })],
  [
    "signed by somebody else under our key's name",
    async () => world.entra.token(anna, { key: (await generateKeyPair("RS256")).privateKey }),
  ],
  [
    "signed with the public key as a password (HS256)",
    async () =>
      world.entra.token(anna, {
        header: { alg: "HS256" },
        key: new TextEncoder().encode(JSON.stringify(world.entra.publicKey())),
      }),
  ],
  [
    "signed by another algorithm (PS256)",
    async () => world.entra.token(anna, { header: { alg: "PS256" }, key: (await generateKeyPair("PS256")).privateKey }),
  ],
  ["signed by nobody (alg none)", () => unsigned()],
  ["with the forger's own key inside", () => withKeyInside()],
  ["whose claims were changed after signing", () => altered()],
];

test.each(forged)("a token %s is refused", async (_, token) => {
  const answer = await me(await token());
  expect({ status: answer.status, code: answer.body.type }).toEqual({ status: 401, code: "about:blank#not_signed_in" });
  expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
});

test.each(["Basic YTpi", "Bearer", "Bearer a b", "bearer ", "Token x"])(
  "the header %j is no sign-in",
  async (header) => {
    const answer = await fetch(`${world.url}/api/me`, { headers: { Authorization: header } });
    expect(answer.status).toBe(401);
  },
);

test("identity headers of the network change nothing", async () => {
  const headers = { "X-MS-CLIENT-PRINCIPAL-ID": anna.oid, "X-Forwarded-User": "admin", "X-Remote-User": "admin" };
  expect((await fetch(`${world.url}/api/me`, { headers })).status).toBe(401);
  expect((await fetch(`${world.url}/api/me?access_token=${await world.entra.token(anna)}`)).status).toBe(401);
});

test("a key that Entra begins to use later is found without a restart", async () => {
  expect((await me(await world.entra.token(anna))).status).toBe(200);
  await world.entra.roll();
  const rolled = await world.entra.token(anna);
  // Published keys are read again after five seconds at the earliest.
  while ((await me(rolled)).status !== 200) await new Promise((again) => setTimeout(again, 250));
}, 15_000);

test("many requests read the published keys once, and write 'last seen' once", async () => {
  const token = await world.entra.token({ ...anna, oid: "a11a0000-0000-4000-8000-000000000077" });
  await me(token);
  const reads = world.entra.reads();
  const seen = await world.desk.agent.findFirstOrThrow({ where: { objectId: "a11a0000-0000-4000-8000-000000000077" } });
  await Promise.all(Array.from({ length: 20 }, () => me(token)));
  expect(world.entra.reads()).toBe(reads);
  const after = await world.desk.agent.findFirstOrThrow({
    where: { objectId: "a11a0000-0000-4000-8000-000000000077" },
  });
  expect(after.lastSeenAt).toEqual(seen.lastSeenAt);
});

test("twenty first sign-ins at once make one agent", async () => {
  const carla = { ...anna, oid: "a11a0000-0000-4000-8000-000000000088" };
  const tokens = await Promise.all(Array.from({ length: 20 }, () => world.entra.token(carla)));
  const answers = await Promise.all(tokens.map(me));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await world.desk.agent.count({ where: { objectId: carla.oid } })).toBe(1);
});

async function unsigned() {
  const [, payload] = (await world.entra.token(anna)).split(".");
  const header = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
  return `${header}.${payload}.`;
}

async function altered() {
  const [header, payload, signature] = (await world.entra.token(anna)).split(".");
  const claims = JSON.parse(Buffer.from(payload ?? "", "base64url").toString());
  const admin = Buffer.from(JSON.stringify({ ...claims, roles: ["admin"] })).toString("base64url");
  return `${header}.${admin}.${signature}`;
}

async function withKeyInside() {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await crypto.subtle.exportKey("jwk", publicKey);
  return new SignJWT({ ...anna, aud: clientId, iss: world.entra.issuer, scp: "Desk.Use", ver: "2.0" })
    .setProtectedHeader({ alg: "RS256", jwk: { kty: "RSA", n: jwk.n ?? "", e: jwk.e ?? "" } })
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
}
