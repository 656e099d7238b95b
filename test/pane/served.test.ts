import { execFileSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import express from "express";
import { addinBuild } from "../../addin/build.ts";
import { paneRoutes } from "../../server/desk/pane.ts";
import { answerProblems } from "../../server/platform/endpoint.ts";
import { type Listening, listen } from "../../server/platform/http.ts";

const settings = {
  ENTRA_URL: "https://login.test",
  ENTRA_TENANT_ID: "6d2f8a34-6c1e-4b5a-9f0e-5a3d1c7b9e10",
  ENTRA_CLIENT_ID: "0b54c1de-3c1f-4f0c-8a55-c0ffee0d35c1",
  OFFICE_JS_URL: "https://office.test/lib/office.js",
  OUTLOOK_ORIGINS: ["https://outlook.test", "https://outlook.live.test"],
  SANDBOX_SCRIPTS: ["https://sandbox.test/first.js", "https://sandbox.test/second.js"],
};

let listening: Listening;
const get = (path: string, headers = {}) => fetch(`http://127.0.0.1:${listening.port}${path}`, { headers });

beforeAll(async () => {
  // In a process of its own: Vite does not load inside Jest.
  execFileSync(process.execPath, ["addin/build.ts"]);
  listening = await listen(express().use(paneRoutes(settings)).use(answerProblems), 0);
}, 120_000);
afterAll(() => listening?.close());

test("the pane costs at most 220 kB compressed before the first ticket", async () => {
  const page = await readFile(join(addinBuild, "pane.html"), "utf8");
  const assets = [...page.matchAll(/"\/addin\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, asset = ""]) => asset);
  const sizes = await Promise.all(assets.map(async (asset) => (await stat(join(addinBuild, `${asset}.gz`))).size));
  expect(assets.length).toBeGreaterThan(1);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(220_000);
});

test("the pane is framed by Outlook alone and runs only our scripts and Outlook's", async () => {
  const policy = (await get("/addin/pane.html")).headers.get("content-security-policy") ?? "";
  const rules = Object.fromEntries(policy.split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1)]));
  expect(rules["frame-ancestors"]).toEqual(settings.OUTLOOK_ORIGINS);
  expect(rules["script-src"]).toEqual([
    "'self'",
    "https://office.test",
    "https://sandbox.test",
    "https://ajax.aspnetcdn.com",
  ]);
  expect(rules["connect-src"]).toEqual(["'self'", "https://login.test"]);
  expect(rules["img-src"]).not.toContain("https:");
  expect(rules["default-src"]).toEqual(["'none'"]);
});

test("no other way of writing a page's address brings it without its policy", async () => {
  for (const path of ["/addin//pane.html", "/addin//%70ane.htm%6c", "/addin/PANE.html", "/addin//redirect.html"])
    expect((await get(path)).headers.get("content-security-policy")).toContain("frame-ancestors");
});

test("Outlook's scripts come in order, before the pane, and no script stands in the page itself", async () => {
  const page = await (await get("/addin/pane.html")).text();
  const classic = [...page.matchAll(/<script src="(https:[^"]+)">/g)].map(([, url]) => url);
  expect(classic).toEqual([...settings.SANDBOX_SCRIPTS, settings.OFFICE_JS_URL]);
  for (const [, attributes, content] of page.matchAll(/<script([^>]*)>([^<]*)<\/script>/g))
    expect(content === "" || attributes?.includes("application/json")).toBe(true);
});

test("assets are kept for ever, pages are asked about each time", async () => {
  const page = await get("/addin/pane.html");
  expect(page.headers.get("cache-control")).toBe("no-cache");
  expect((await get("/addin/pane.html", { "if-none-match": page.headers.get("etag") ?? "" })).status).toBe(304);

  const [, asset = ""] = (await page.text()).match(/src="(\/addin\/assets\/[^"]+\.js)"/) ?? [];
  const plain = await get(asset, { "accept-encoding": "identity" });
  const small = await get(asset, { "accept-encoding": "br" });
  expect(small.headers.get("content-encoding")).toBe("br");
  expect(small.headers.get("cache-control")).toContain("immutable");
  expect(await small.text()).toBe(await plain.text());
});

test.each(["/addin/assets/gone.js", "/addin/secret.html", "/addin/..%2f..%2fpackage.json", "/addin/.built-from"])(
  "%s is not there",
  async (path) => {
    expect((await get(path)).status).toBe(404);
  },
);
