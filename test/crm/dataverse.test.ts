/** Contacts and organizations follow Dataverse: what changes there, what is deleted, and everything that goes wrong between us. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { syncCrm } from "../../server/desk/crm/sync.ts";
import { followCrm } from "../../server/desk/crm/workers.ts";
import { me } from "../../server/desk/people/me.ts";
import { aCrmWorld, type CrmWorld } from "./world.ts";

let world: CrmWorld;

beforeAll(async () => {
  world = await aCrmWorld();
});
afterEach(() => world.sandbox.faults.clear());
afterAll(() => world.close());

let numbers = 0;
/** A person nobody else in this file is. */
function aPerson(account: string | null = null, fields: Record<string, string | null> = {}) {
  const n = ++numbers;
  const address = `person${n}@crm${n}.test`;
  const id = world.crm.employ(
    { firstname: "Person", lastname: `No. ${n}`, emailaddress1: address, ...fields },
    account,
  );
  return { id, address };
}
const anAccount = (name: string, fields = {}) => world.crm.put("accounts", { name, ...fields });

/** The pause that Dataverse asked for has gone by. */
const laterOn = () => world.desk.crmSource.updateMany({ data: { pausedUntil: null } });

const living = () => world.desk.crmLink.count({ where: { sourceId: "dataverse", kind: "contact", goneAt: null } });

test("the first time, everybody comes with company, domain and all addresses; then what changes, and nothing twice", async () => {
  const harbour = anAccount("Harbourlight Logistics", { websiteurl: "https://www.harbourlight.test/about" });
  const alice = world.crm.employ(
    {
      firstname: "Alice",
      lastname: "Moreau",
      emailaddress1: "Alice@harbourlight.test",
      emailaddress2: "alice.moreau@harbourlight-freight.test",
    },
    harbour,
  );
  const sol = aPerson();
  expect(await world.follow()).toBe("done");
  expect(await world.contactOf(alice)).toMatchObject({
    name: "Alice Moreau",
    organization: { name: "Harbourlight Logistics", personal: false, domains: [{ domain: "harbourlight.test" }] },
    addresses: [
      { address: "alice@harbourlight.test", primary: true },
      { address: "alice.moreau@harbourlight-freight.test" },
    ],
  });
  expect(await world.contactOf(sol.id)).toMatchObject({ organization: { personal: true } });

  const audited = await world.desk.auditRecord.count();
  expect(await world.follow()).toBe("done");
  expect(await world.desk.auditRecord.count()).toBe(audited);

  world.crm.put("contacts", { lastname: "Moreau-Petit", emailaddress1: "a.petit@harbourlight.test" }, alice);
  world.crm.employ({}, harbour, sol.id);
  await world.follow();
  expect(await world.contactOf(alice)).toMatchObject({
    name: "Alice Moreau-Petit",
    addresses: [
      { address: "a.petit@harbourlight.test", primary: true },
      { address: "alice.moreau@harbourlight-freight.test" },
    ],
    formerAddresses: [{ address: "alice@harbourlight.test" }],
  });
  expect(await world.contactOf(sol.id)).toMatchObject({ organization: { name: "Harbourlight Logistics" } });
  expect(await world.conflicts()).toEqual([]);
});

test("who is deleted or deactivated there stays here as former, with the tickets; who comes back is the same contact", async () => {
  const [gone, idle] = [aPerson(), aPerson()];
  await world.follow();
  const before = await world.contactOf(gone.id);
  const ticket = await world.aTicket({ requesterId: before?.id ?? "" });

  world.crm.remove("contacts", gone.id);
  world.crm.put("contacts", { statecode: 1 }, idle.id);
  await world.follow();
  for (const { id, address } of [gone, idle])
    expect(await world.contactOf(id)).toMatchObject({ formerAt: expect.any(Date), addresses: [{ address }] });
  expect(await world.desk.ticket.findUnique({ where: { id: ticket.id } })).toMatchObject({ requesterId: before?.id });

  world.crm.put("contacts", { statecode: 0 }, idle.id);
  const again = world.crm.employ({ firstname: "Back", lastname: "Again", emailaddress1: gone.address }, null);
  await world.follow();
  expect(await world.contactOf(idle.id)).toMatchObject({ formerAt: null });
  expect(await world.contactOf(again)).toMatchObject({ id: before?.id, formerAt: null, name: "Back Again" });
});

test("when Dataverse has forgotten our place, everything is read again: nothing is there twice, and deletions are found", async () => {
  const [stays, goes] = [aPerson(), aPerson()];
  await world.follow();
  const [contacts, organizations] = [await world.desk.contact.count(), await world.desk.organization.count()];
  world.crm.remove("contacts", goes.id);
  world.crm.forgetHistory();
  const fresh = aPerson();

  expect(await world.follow()).toBe("done");
  expect(await world.contactOf(stays.id)).toMatchObject({ formerAt: null });
  expect(await world.contactOf(goes.id)).toMatchObject({ formerAt: expect.any(Date) });
  expect(await world.contactOf(fresh.id)).toMatchObject({ addresses: [{ address: fresh.address }] });
  expect([await world.desk.contact.count(), await world.desk.organization.count()]).toEqual([
    contacts + 1,
    organizations + 1,
  ]);
});

test.each(["429", "503", "500", "drop", "truncate", "effectThenDrop"] as const)(
  "a contact survives it when Dataverse answers %s",
  async (what) => {
    const { id, address } = aPerson();
    world.sandbox.faults.add({ when: { method: "GET", pathPattern: "contacts", times: 2 }, do: what, retryAfter: 0 });
    expect(await world.follow()).toBe("done");
    expect(await world.contactOf(id)).toMatchObject({ addresses: [{ address }] });
  },
);

test("a long Retry-After is obeyed by every process; then it goes on", async () => {
  const { id } = aPerson();
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "accounts" }, do: "429", retryAfter: 60 });
  expect(await world.follow()).toBe("trouble");
  const asked = world.sandbox.faults.done().length;
  world.sandbox.faults.add({ when: { pathPattern: "/api/data/", times: 9 }, do: "500" });
  expect([await world.follow(), await world.follow(world.source())]).toEqual(["paused", "paused"]);
  expect(world.sandbox.faults.done()).toHaveLength(asked);
  expect((await world.state()).trouble).toBeNull();

  world.sandbox.faults.clear();
  await laterOn();
  await world.follow();
  expect(await world.contactOf(id)).not.toBeNull();
});

test.each([
  ["401", "/api/data/", /add the app registration as an application user/],
  ["403", "/api/data/", /give our application user a security role that reads both/],
  ["404", "/api/data/", /DATAVERSE_URL leads to no Dataverse environment/],
  ["400", "/oauth2/v2.0/token", /check ENTRA_TENANT_ID, ENTRA_CLIENT_ID, DATAVERSE_URL/],
])(
  "when it answers %s at %s, somebody is told what to do, and it ends by itself",
  async (status, pathPattern, sentence) => {
    const { id } = aPerson();
    world.sandbox.faults.add({ when: { pathPattern, times: 5 }, do: status });
    const another = world.source();
    expect(await world.follow(another)).toBe("trouble");
    expect((await world.state()).trouble).toMatch(sentence);
    const anna = await world.anAgent({ role: "admin" });
    expect((await me.run({}, { ...world.context, ...world.asking(anna), version: null })).crms).toContainEqual(
      expect.objectContaining({ id: "dataverse", trouble: expect.stringMatching(sentence) }),
    );

    world.sandbox.faults.clear();
    expect(await world.follow(world.source())).toBe("done");
    expect((await world.state()).trouble).toBeNull();
    expect(await world.contactOf(id)).not.toBeNull();
  },
);

test("ended in the middle, it goes on there; two processes at once bring in each person once", async () => {
  const account = anAccount("Many Ltd");
  for (let n = 0; n < 1200; n++) aPerson(account);
  expect(await syncCrm(world.context, world.source(), { enough: () => true })).toBe("more");
  expect((await world.state()).cursor).toMatchObject({ doing: "read", place: { at: "contacts" } });
  expect(await syncCrm(world.context, world.source(), { enough: () => true })).toBe("more");

  const outcomes = await Promise.all([1, 2, 3].map(() => followCrm(world.context, world.source())));
  expect(outcomes).toContain("done");
  await world.follow();
  expect(await world.desk.contact.count({ where: { organization: { name: "Many Ltd" } } })).toBe(1200);
  expect(await world.desk.organization.count({ where: { name: "Many Ltd" } })).toBe(1);
  expect(await living()).toBe(world.crm.records.count("contacts"));
});

test("an address that two have there is one's here, with a sentence; when the first gives it up, the second gets it", async () => {
  const first = aPerson();
  const second = aPerson(null, { emailaddress2: first.address });
  await world.follow();
  expect(await world.conflicts()).toEqual([expect.stringContaining(`${first.address} belongs to Person No.`)]);
  expect((await world.contactOf(second.id))?.addresses).toHaveLength(1);

  world.crm.put("contacts", { emailaddress1: "other@first.test" }, first.id);
  await world.follow();
  expect(await world.conflicts()).toEqual([]);
  expect((await world.contactOf(second.id))?.addresses.map(({ address }) => address)).toContain(first.address);
});

test("an address that changed hands and is free again is the first one's when that one comes back with it", async () => {
  const first = aPerson();
  const second = aPerson();
  await world.follow();
  const before = await world.contactOf(first.id);
  world.crm.put("contacts", { statecode: 1 }, first.id);
  await world.follow();
  world.crm.put("contacts", { emailaddress2: first.address }, second.id);
  await world.follow();
  expect((await world.contactOf(second.id))?.addresses).toHaveLength(2);
  world.crm.put("contacts", { emailaddress2: null }, second.id);
  await world.follow();

  world.crm.put("contacts", { statecode: 0 }, first.id);
  await world.follow();
  expect(await world.contactOf(first.id)).toMatchObject({ id: before?.id, addresses: [{ address: first.address }] });
  expect(await world.conflicts()).toEqual([]);
});

test("a contact may come before its company, which may have no name; nothing is guessed meanwhile", async () => {
  const nameless = anAccount("");
  const early = aPerson("00000000-0000-4000-8000-00000000abcd");
  await world.follow();
  expect(await world.conflicts()).toEqual([
    expect.stringMatching(/An account has no name in Dataverse/),
    expect.stringMatching(/has not told us of the organization of Person No\./),
  ]);
  expect(await world.contactOf(early.id)).toMatchObject({ organization: { personal: true } });

  world.crm.put("accounts", { name: "Late Ltd" }, "00000000-0000-4000-8000-00000000abcd");
  world.crm.put("accounts", { name: "Named at last" }, nameless);
  await world.follow();
  expect(await world.contactOf(early.id)).toMatchObject({ organization: { name: "Late Ltd", personal: false } });
  expect(await world.conflicts()).toEqual([]);
});

test("our token goes to no other host, whatever a link says", async () => {
  await world.desk.$executeRaw`
    update crm_sources set cursor = jsonb_set(cursor, '{place,accounts}', '"https://evil.test/api/data/v9.2/accounts"') where id = 'dataverse'`;
  expect(await world.follow()).toBe("trouble");
  expect((await world.state()).trouble).toContain("Dataverse sends us to https://evil.test.");
});
