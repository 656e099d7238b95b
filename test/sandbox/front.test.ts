import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startSandbox } from "../../sandbox/sandbox.ts";
import { aSandbox, type SandboxWorld } from "./world.ts";

let world: SandboxWorld;

beforeAll(async () => {
  world = await aSandbox({
    desk: async (request, response) => {
      const {
        host,
        "x-forwarded-proto": proto,
        "x-forwarded-host": forwardedHost,
        "x-forwarded-for": from,
      } = request.headers;
      const said = await text(request);
      response.writeHead(201, { "content-type": "application/json", "set-cookie": ["a=1", "b=2"] });
      response.end(
        JSON.stringify({ method: request.method, url: request.url, host, proto, forwardedHost, from, said }),
      );
    },
  });
});

afterAll(() => world.end());

test("the desk behind the front hears what was asked, and from whom", async () => {
  const response = await fetch(`${world.sandbox.addinUrl}/api/tickets?x=1`, { method: "POST", body: "hello" });
  expect(response.status).toBe(201);
  expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  const { host } = new URL(world.sandbox.addinUrl);
  expect(await response.json()).toEqual({
    method: "POST",
    url: "/api/tickets?x=1",
    host,
    proto: "https",
    forwardedHost: host,
    from: "127.0.0.1",
    said: "hello",
  });
});

test("a large body goes through", async () => {
  const body = Buffer.alloc(8 * 1024 * 1024, "x");
  const response = await fetch(`${world.sandbox.addinUrl}/upload`, { method: "PUT", body });
  expect((await response.json()).said.length).toBe(body.length);
});

test("while the desk is starting, the front says so", async () => {
  const other = await aSandbox();
  const sandbox = await startSandbox({
    dataDir: `${other.dataDir}/alone`,
    sandboxPort: 0,
    addinPort: 0,
    smtpPort: 0,
    deskUrl: "http://127.0.0.1:9",
  });
  const { setDefaultCACertificates, getCACertificates } = await import("node:tls");
  setDefaultCACertificates([...getCACertificates("default"), sandbox.ca]);
  const response = await fetch(`${sandbox.addinUrl}/`);
  expect(response.status).toBe(502);
  expect(await response.text()).toMatch(/^The desk is not answering yet/);
  await sandbox.close();
  await other.end();
});
