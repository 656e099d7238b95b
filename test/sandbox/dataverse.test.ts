/** The pretend Dataverse answers as Microsoft's pages say; each answer is held against a small schema of its own. */

import { X509Certificate } from "node:crypto";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { generate } from "selfsigned";
import { z } from "zod";
import { tenantId } from "../../sandbox/world.ts";
import { aSandbox, type SandboxWorld } from "./world.ts";

let world: SandboxWorld;
let token: string;

const clientId = "0b54c1de-3c1f-4f0c-8a55-c0ffee0d35c1";

beforeAll(async () => {
  world = await aSandbox();
  const { private: privateKey, cert } = await generate([{ name: "commonName", value: "desk" }], { keySize: 2048 });
  world.sandbox.registerApp({ clientId, certificatePem: cert });
  const app = new ConfidentialClientApplication({
    auth: {
      clientId,
      authority: `${world.sandbox.url}/${tenantId}`,
      knownAuthorities: [new URL(world.sandbox.url).host],
      clientCertificate: {
        thumbprintSha256: new X509Certificate(cert).fingerprint256.replaceAll(":", ""),
        privateKey,
        x5c: cert,
      },
    },
  });
  token = (await app.acquireTokenByClientCredential({ scopes: [`${world.sandbox.url}/.default`] }))?.accessToken ?? "";
});
beforeEach(() => world.sandbox.faults.clear());
afterAll(() => world.end());

const etag = z.string().regex(/^W\/"\d+"$/);
const Account = z.strictObject({ "@odata.etag": etag, accountid: z.uuid(), name: z.string().nullable() });
const Deleted = z.strictObject({
  "@odata.context": z.string().regex(/\/api\/data\/v9\.2\/\$metadata#accounts\/\$deletedEntity$/),
  id: z.uuid(),
  reason: z.literal("deleted"),
});
const link = (name: string) =>
  z.string().regex(new RegExp(`/api/data/v9\\.2/accounts\\?\\$select=name,accountid&\\$${name}=\\S+$`));
const Page = z
  .strictObject({
    "@odata.context": z.string().regex(/\/api\/data\/v9\.2\/\$metadata#accounts\(.*\)(\/\$delta)?$/),
    "@odata.nextLink": link("skiptoken").optional(),
    "@odata.deltaLink": link("deltatoken").optional(),
    value: z.array(z.union([Account, Deleted])),
  })
  .refine(
    (page) => (page["@odata.nextLink"] === undefined) !== (page["@odata.deltaLink"] === undefined),
    "one link, and never both",
  );
const Refusal = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) });

async function ask(
  method: string,
  path: string,
  { headers = {}, body, bearer = token }: { headers?: Record<string, string>; body?: object; bearer?: string } = {},
) {
  const response = await fetch(new URL(path, `${world.sandbox.url}/api/data/v9.2/`), {
    method,
    headers: { authorization: `Bearer ${bearer}`, ...(body && { "content-type": "application/json" }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : null };
}

const tracking = (page: number) => ({ headers: { prefer: `odata.track-changes,odata.maxpagesize=${page}` } });

async function readAll(path: string, page = 2) {
  const values: z.infer<typeof Page>["value"] = [];
  for (let next = path; ; ) {
    const { body } = await ask("GET", next, tracking(page));
    const read = Page.parse(body);
    expect(read.value.length).toBeLessThanOrEqual(page);
    values.push(...read.value);
    if (read["@odata.deltaLink"]) return { values, deltaLink: read["@odata.deltaLink"] };
    next = read["@odata.nextLink"] ?? "";
  }
}

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const names = (values: z.infer<typeof Page>["value"]) =>
  values.map((row) => ("name" in row ? row.name : `no ${row.id.at(-1)}`));

test("a first reading has everything, page by page; the delta link has what changed since, and the deleted last", async () => {
  for (let n = 1; n <= 5; n++) world.sandbox.dataverse.put("accounts", { name: `Account ${n}` }, id(n));
  const first = await readAll("accounts?$select=name");
  expect(names(first.values)).toEqual([1, 2, 3, 4, 5].map((n) => `Account ${n}`));

  world.sandbox.dataverse.put("accounts", { name: "Second" }, id(2));
  for (const n of [1, 3, 5]) world.sandbox.dataverse.remove("accounts", id(n));
  world.sandbox.dataverse.put("accounts", { name: "Sixth" }, id(6));
  const second = await readAll(first.deltaLink);
  expect(names(second.values)).toEqual(["Second", "Sixth", "no 1", "no 3", "no 5"]);
  expect(names((await readAll(second.deltaLink)).values)).toEqual([]);
});

test("what changes while pages are read is in the next delta, if not in these", async () => {
  const { body } = await ask("GET", "accounts?$select=name", tracking(1));
  world.sandbox.dataverse.put("accounts", { name: "Fourth" }, id(4));
  const rest = await readAll(body["@odata.nextLink"], 1);
  const after = await readAll(rest.deltaLink);
  expect([...names(rest.values), ...names(after.values)].filter((name) => name === "Fourth")).toHaveLength(1);
});

test("an expired token, an unknown column and options that change tracking does not know are refused with Microsoft's codes", async () => {
  const { deltaLink } = await readAll("accounts?$select=name");
  world.sandbox.dataverse.forgetHistory();
  const expired = await ask("GET", deltaLink);
  expect([expired.status, Refusal.parse(expired.body).error.code]).toEqual([400, "0x80044352"]);
  expect((await readAll("accounts?$select=name")).values.length).toBeGreaterThan(0);

  const filtered = await ask("GET", "accounts?$filter=name eq 'x'", tracking(1));
  expect(Refusal.parse(filtered.body).error.message).toContain("isn't supported when Change Tracking is enabled");
  expect((await ask("GET", "accounts?$select=colour")).status).toBe(400);
  expect((await ask("GET", "leads")).status).toBe(404);
});

test("a row is created under an id of ours just once, and changed only in the version that was seen", async () => {
  const row = `contacts(${id(9)})`;
  const body = {
    firstname: "Una",
    lastname: "Lund",
    emailaddress1: "una@lund.test",
    "parentcustomerid_account@odata.bind": `/accounts(${id(2)})`,
  };
  const create = () => ask("PATCH", row, { body, headers: { "if-none-match": "*" } });
  const made = await create();
  expect([made.status, made.headers.get("odata-entityid")]).toEqual([204, expect.stringContaining(row)]);
  expect((await create()).status).toBe(412);

  const read = await ask("GET", `${row}?$select=fullname,_parentcustomerid_value`, {
    headers: { prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname"' },
  });
  expect(read.body).toMatchObject({
    fullname: "Una Lund",
    _parentcustomerid_value: id(2),
    "_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "account",
  });
  const seen = { "if-match": read.body["@odata.etag"] };
  const change = (headers: Record<string, string>) =>
    ask("PATCH", row, { headers, body: { emailaddress2: "u@lund.test" } });
  expect([
    (await change(seen)).status,
    (await change(seen)).status,
    (await change({ "if-match": "*" })).status,
  ]).toEqual([204, 412, 204]);
  expect((await ask("PATCH", `contacts(${id(8)})`, { headers: { "if-match": "*" }, body: {} })).status).toBe(404);
  expect((await ask("PATCH", row, { body: { colour: "red" } })).status).toBe(400);
  expect((await ask("DELETE", row)).status).toBe(204);
  expect((await ask("GET", row)).status).toBe(404);
  const effects = world.sandbox
    .ledger()
    .filter(({ detail }) => detail.id === id(9))
    .map(({ effect }) => effect);
  expect(effects).toEqual(["crm_created", "crm_changed", "crm_changed", "crm_deleted"]);
});

test("who has no token for it is refused; Graph's token is none", async () => {
  expect((await ask("GET", "accounts", { bearer: "nonsense" })).status).toBe(401);
  const { token: graph } = await world.sandbox.graphToken("anna@deskhatch.test");
  expect((await ask("GET", "accounts", { bearer: graph })).status).toBe(401);
});

test("faults look as they do there: throttling with its code, half an answer, an effect whose answer is lost", async () => {
  const fault = (what: "429" | "truncate" | "effectThenDrop") =>
    world.sandbox.faults.add({ when: { pathPattern: "/api/data/" }, do: what, retryAfter: 7 });
  fault("429");
  const throttled = await ask("GET", "accounts");
  expect([throttled.status, throttled.headers.get("retry-after"), Refusal.parse(throttled.body).error.code]).toEqual([
    429,
    "7",
    "0x80072322",
  ]);
  fault("truncate");
  await expect(ask("GET", "accounts")).rejects.toThrow(SyntaxError);
  fault("effectThenDrop");
  await expect(ask("POST", "accounts", { body: { name: "Made and not told" } })).rejects.toThrow();
  expect(names((await readAll("accounts?$select=name")).values)).toContain("Made and not told");
});
