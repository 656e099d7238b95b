import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Agent, aWorld, type World } from "./world.ts";

let world: World;
let anna: Agent;

beforeAll(async () => {
  world = await aWorld();
  anna = await world.anAgent();
});
afterAll(() => world.close());

const find = async (search: string) => {
  const { status, body } = await world.as(anna).get(`/api/contacts?search=${encodeURIComponent(search)}`);
  expect(status).toBe(200);
  return body.contacts.map(({ name }: { name: string }) => name);
};

test("a person without a company gets an organization of their own, which no search for companies shows", async () => {
  const { status, body } = await world
    .as(anna)
    .post("/api/contacts", { name: "Sol Ito", address: "Sol@Freemail.test" });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    addresses: ["sol@freemail.test"],
    organization: { name: "Sol Ito", personal: true },
    invited: false,
  });
  const { body: found } = await world.as(anna).get("/api/organizations?search=Sol");
  expect(found.organizations).toEqual([]);
});

test("colleagues join an organization by its id, and nobody makes its twin", async () => {
  const first = await world
    .as(anna)
    .post("/api/contacts", { name: "Ida", address: "ida@twin.test", organizationName: "Twin Ltd" });
  const { id } = first.body.organization;
  const joined = await world
    .as(anna)
    .post("/api/contacts", { name: "Ole", address: "ole@twin.test", organizationId: id });
  expect(joined.body.organization.id).toBe(id);
  const twin = await world
    .as(anna)
    .post("/api/contacts", { name: "Pia", address: "pia@twin.test", organizationName: "twin LTD" });
  expect(twin).toMatchObject({ status: 409, body: { organizationId: id } });
});

test("an organization that does not exist takes nobody in", async () => {
  const organizationId = "00000000-0000-4000-8000-000000000000";
  const answer = await world.as(anna).post("/api/contacts", { name: "Nil", address: "nil@x.test", organizationId });
  expect(answer.status).toBe(404);
  expect(await world.desk.contactAddress.count({ where: { address: "nil@x.test" } })).toBe(0);
});

test("a second address is taught once; one that is somebody's says whose", async () => {
  const una = await world.aContact({ name: "Una", address: "una@customer.test" });
  const vera = await world.aContact({ name: "Vera", address: "vera@customer.test" });
  const taught = await world.as(anna).post(`/api/contacts/${una.id}/addresses`, { address: "U.Private@Freemail.test" });
  expect(taught).toMatchObject({ status: 201, body: { addresses: ["una@customer.test", "u.private@freemail.test"] } });
  expect(
    (await world.as(anna).post(`/api/contacts/${una.id}/addresses`, { address: "u.private@freemail.test" })).status,
  ).toBe(201);

  const taken = await world.as(anna).post(`/api/contacts/${vera.id}/addresses`, { address: "U.Private@freemail.test" });
  expect(taken).toMatchObject({
    status: 409,
    body: { contactId: una.id, detail: expect.stringContaining("belongs to Una") },
  });
  const row = await world.desk.contactAddress.findUniqueOrThrow({ where: { address: "u.private@freemail.test" } });
  expect(row.taughtById).toBe(anna.id);
});

test("ten requests that teach one address to ten contacts: one has it", async () => {
  const contacts = await Promise.all(Array.from({ length: 10 }, () => world.aContact()));
  const answers = await Promise.all(
    contacts.map(({ id }) => world.as(anna).post(`/api/contacts/${id}/addresses`, { address: "wanted@x.test" })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
});

test("contacts are found by name, address and organization; an exact address comes first", async () => {
  const { id: organizationId } = await world.anOrganization({ name: "Nordlicht GmbH" });
  await world.aContact({ name: "Xenia Bauer", address: "xenia@nordlicht.test", organizationId });
  await world.aContact({ name: "bauer@nordlicht.test is not me", address: "other@nordlicht.test", organizationId });
  await world.aContact({ name: "Yan", address: "bauer@nordlicht.test", organizationId });
  expect(await find("xenia b")).toEqual(["Xenia Bauer"]);
  expect(await find("BAUER@nordlicht.test")).toEqual(["Yan", "bauer@nordlicht.test is not me"]);
  expect(await find("nordlicht")).toHaveLength(3);
});

test.each(["%", "_", "\\", "'", "''; drop table contacts; --", '"', "%%%", "\\%", "$1", "❤️"])(
  "the search %j finds what contains just these signs",
  async (signs) => {
    const marked = await world.aContact({ name: `Marked ${signs.replaceAll("\0", "")} here` });
    await world.aContact({ name: "Plain" });
    const found = await find(`Marked ${signs}`);
    expect(found).toContain(marked.name);
    expect(found).not.toContain("Plain");
    const { status } = await world.as(anna).get(`/api/organizations?search=${encodeURIComponent(signs)}`);
    expect(status).toBe(200);
    expect((await world.as(anna).get(`/api/tickets?search=${encodeURIComponent(signs)}`)).status).toBe(200);
  },
);

test("a correction is taken back, and the address is nobody's again; the last one cannot be", async () => {
  const ida = await world.aContact({ name: "Ida", address: "ida@undo.test" });
  await world.as(anna).post(`/api/contacts/${ida.id}/addresses`, { address: "typo@undo.test" });
  const undone = await world.as(anna).delete(`/api/contacts/${ida.id}/addresses/Typo%40undo.test`);
  expect(undone).toMatchObject({
    status: 200,
    body: { contact: { addresses: ["ida@undo.test"] }, formerAddresses: [] },
  });
  expect((await world.as(anna).delete(`/api/contacts/${ida.id}/addresses/typo%40undo.test`)).status).toBe(404);
  const last = await world.as(anna).delete(`/api/contacts/${ida.id}/addresses/ida%40undo.test`);
  expect(last).toMatchObject({ status: 422, body: { detail: expect.stringContaining("only address") } });
  expect(await world.desk.contactAddress.count({ where: { contactId: ida.id } })).toBe(1);
});

test("an address that a contact no longer has is kept as a former one, and may become another's, or come back", async () => {
  const una = await world.aContact({ name: "Una F", address: "una@first.test" });
  const vera = await world.aContact({ name: "Vera F" });
  await world.as(anna).post(`/api/contacts/${una.id}/addresses`, { address: "una@second.test" });
  const ended = await world.as(anna).post(`/api/contacts/${una.id}/former-addresses`, { address: "una@first.test" });
  expect(ended).toMatchObject({
    status: 201,
    body: { contact: { addresses: ["una@second.test"] }, formerAddresses: ["una@first.test"] },
  });
  const primary = await world.desk.contactAddress.findUniqueOrThrow({ where: { address: "una@second.test" } });
  expect(primary.primary).toBe(true);

  await world.as(anna).post(`/api/contacts/${vera.id}/addresses`, { address: "una@first.test" });
  const path = `/api/contacts/${una.id}/former-addresses/una%40first.test`;
  expect(await world.as(anna).delete(path)).toMatchObject({ status: 409, body: { contactId: vera.id } });
  await world.as(anna).delete(`/api/contacts/${vera.id}/addresses/una%40first.test`);
  expect(await world.as(anna).delete(path)).toMatchObject({
    status: 200,
    body: { contact: { addresses: ["una@second.test", "una@first.test"] }, formerAddresses: [] },
  });
});

test("an address that several people read is taught to none of them; to somebody alone it may be", async () => {
  const { id: organizationId } = await world.anOrganization({ name: "Several" });
  const one = await world.aContact({ organizationId });
  await world.aContact({ organizationId });
  const alone = await world.aContact();
  const refused = await world.as(anna).post(`/api/contacts/${one.id}/addresses`, { address: "Info@several.test" });
  expect(refused).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining("Several people of Several") },
  });
  expect(
    (await world.as(anna).post(`/api/contacts/${alone.id}/addresses`, { address: "info@alone.test" })).status,
  ).toBe(201);
});

test("an organization has several domains, with what lies below one or without; each is one organization's", async () => {
  const lena = await world.anAgent({ role: "lead" });
  const [nord, sued] = [await world.anOrganization({ name: "Nord" }), await world.anOrganization({ name: "Süd" })];
  const add = (id: string, domain: string, more = {}) =>
    world.as(lena).post(`/api/organizations/${id}/domains`, { domain, ...more });
  await add(nord.id, "nord.test");
  expect(await add(nord.id, "Bücher-Nord.test.", { includeSubdomains: true })).toMatchObject({
    status: 201,
    body: {
      domains: [
        { domain: "nord.test", includeSubdomains: false },
        { domain: "xn--bcher-nord-9db.test", includeSubdomains: true },
      ],
    },
  });
  expect(await add(sued.id, "NORD.test")).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("Nord") },
  });
  expect((await world.as(anna).post(`/api/organizations/${nord.id}/domains`, { domain: "x.test" })).status).toBe(403);
  expect((await world.as(lena).delete(`/api/organizations/${sued.id}/domains/nord.test`)).status).toBe(404);
  expect((await world.as(lena).delete(`/api/organizations/${nord.id}/domains/nord.test`)).status).toBe(200);
});

test.each([
  ["gmail.com", "Anybody can have an address at gmail.com"],
  ["GMX.de.", "Anybody can have an address at gmx.de"],
  ["co.uk", "Many companies have a name below co.uk"],
  ["github.io", "Many companies have a name below github.io"],
  ["not a domain", "is no domain"],
  ["localhost", "is no domain"],
])("%s is refused as an organization's domain with a sentence", async (domain, words) => {
  const lena = await world.anAgent({ role: "lead" });
  const { id } = await world.anOrganization();
  const answer = await world.as(lena).post(`/api/organizations/${id}/domains`, { domain });
  expect(answer).toMatchObject({ status: 422, body: { detail: expect.stringContaining(words) } });
  expect(await world.desk.organizationDomain.count({ where: { organizationId: id } })).toBe(0);
});
