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
