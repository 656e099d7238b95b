import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { aCustomer, aPortal, aSignedIn, aTicketOf, aVisitor, type PortalWorld } from "./world.ts";

let portal: PortalWorld;
beforeAll(async () => {
  portal = await aPortal();
});
afterAll(() => portal.end());

test("every answer carries the headers that keep scripts, frames and copies out", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  for (const path of [
    "/",
    `/tickets/${ticket.number}`,
    "/nothing",
    "/sign-in",
    "/sent/x",
    "/l/x",
    "/link/x",
    "/readyz",
    "/livez",
  ]) {
    const { headers } = await browser.get(path);
    expect(headers.get("content-security-policy")).toMatch(
      /default-src 'none'.*script-src 'self'.*form-action 'self'.*frame-ancestors 'none'/,
    );
    expect(headers.get("content-security-policy")).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toMatch(/^(no-referrer|same-origin)$/);
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("etag")).toBeNull();
  }
});

test("behind https the session cookie belongs to this host alone, and the browser is told to stay with https", async () => {
  const secure = await aPortal({ PORTAL_URL: "https://127.0.0.1" });
  try {
    const alice = await aCustomer(secure);
    const visitor = aVisitor(secure);
    await visitor.signIn(alice.address);
    expect(visitor.cookies.has("__Host-deskhatch_session")).toBe(true);
    const { headers } = await visitor.get("/");
    expect(headers.get("strict-transport-security")).toContain("max-age=31536000");
  } finally {
    await secure.close();
  }
});

test.each([
  ["from another site", { "sec-fetch-site": "cross-site", origin: "http://127.0.0.1" }],
  ["from a sibling of the site", { "sec-fetch-site": "same-site" }],
  ["by a link from nowhere", { "sec-fetch-site": "none" }],
  ["by an old browser from another site", { "sec-fetch-site": "", origin: "https://evil.test" }],
  ["by an old browser that hides where from", { "sec-fetch-site": "", origin: "null" }],
])("a form that is sent %s is refused on every address", async (_, headers) => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  const paths = [
    "/sign-in",
    "/sign-in/code",
    "/sign-in/again",
    "/sign-out",
    "/language",
    "/tickets",
    `/tickets/${ticket.number}/messages`,
    `/tickets/${ticket.number}/closure`,
    "/link/x/code",
    "/link/x/opening",
  ];
  for (const path of paths)
    expect((await browser.post(path, { onceKey: crypto.randomUUID() }, headers)).status).toBe(403);
  expect((await browser.get("/")).status).toBe(200);
  expect(await portal.publisher.customerAct.count({ where: { contactId: alice.contactId } })).toBe(0);
});

test("a request for another host is not answered, and what a proxy claims about the host changes nothing", async () => {
  const status = (headers: Record<string, string>) =>
    new Promise((done, failed) => {
      request({ host: "127.0.0.1", port: portal.port, path: "/sign-in", headers }, (res) => {
        res.resume();
        done(res.statusCode);
      })
        .on("error", failed)
        .end();
    });
  expect(await status({ host: "evil.test" })).toBe(421);
  expect(await status({ host: "127.0.0.1.evil.test" })).toBe(421);
  expect(await status({ host: `localhost:${portal.port}` })).toBe(200);

  const forged = {
    "x-forwarded-host": "evil.test",
    "x-original-url": "/readyz",
    "x-http-method-override": "DELETE",
    "x-remote-user": "alice",
  };
  const [plain, claimed] = [await aVisitor(portal).get("/sign-in"), await aVisitor(portal).get("/sign-in", forged)];
  expect(claimed.text).toBe(plain.text);
});

test("style and script come under names that change with their content, for a year, and weigh little", async () => {
  const visitor = aVisitor(portal);
  const { text } = await visitor.get("/sign-in");
  const paths = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? "");
  expect(paths).toHaveLength(2);
  let weight = 0;
  for (const path of paths) {
    const asset = await visitor.get(path, { "accept-encoding": "identity" });
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    weight += asset.bytes.length;
  }
  expect(weight).toBeLessThan(40_000);
  expect((await visitor.get("/assets/styles-000000000000.css")).status).toBe(404);
});

test("when the database is away, pages say so with 503 and the portal is not ready, but alive", async () => {
  const other = await aPortal();
  await other.context.close();
  const visitor = aVisitor(other);
  visitor.cookies.set("deskhatch_session", { value: other.context.seal.sign("some-token"), path: "/" });
  expect((await visitor.get("/livez")).status).toBe(200);
  expect((await visitor.get("/readyz")).status).toBe(503);
  const page = await visitor.get("/");
  expect(page.status).toBe(503);
  expect(page.text).toContain("We will be back in a moment");
  await other.close();
});
