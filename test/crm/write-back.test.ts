/** What an agent teaches here is known in Dataverse, once, whatever goes wrong in between; and our own words change nothing when they come back. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { addContact } from "../../server/desk/contacts/create.ts";
import { endAddress } from "../../server/desk/contacts/former-address.ts";
import { mergeContact } from "../../server/desk/contacts/merge-contacts.ts";
import { teachAddress } from "../../server/desk/contacts/teach-address.ts";
import { openAsk } from "../../server/desk/crm/dataverse/ask.ts";
import { dataverseWriter } from "../../server/desk/crm/dataverse/writer.ts";
import { writeBack } from "../../server/desk/crm/out/write-back.ts";
import type { Agent } from "../desk/world.ts";
import { aCrmWorld, type CrmWorld } from "./world.ts";

let world: CrmWorld;
let anna: Agent;

beforeAll(async () => {
  world = await aCrmWorld({ DATAVERSE_WRITE_BACK: "yes" });
  anna = await world.anAgent();
});
afterEach(() => world.sandbox.faults.clear());
afterAll(() => world.close());

const asking = () => ({ ...world.context, ...world.asking(anna), version: null });
const makes = (name: string, address: string, organizationId?: string) =>
  addContact.run({ name, address, ...(organizationId && { organizationId }) }, asking());
const teaches = (contactId: string, address: string) => teachAddress.run({ contactId, address }, asking());

const writer = () => dataverseWriter(openAsk({ ...world.settings, DATAVERSE_URL: world.sandbox.url }));
const soon = () => new Date(Date.now() + 60_000);
const writes = () => writeBack(world.context, writer(), soon());
/** The time has gone by after which a writing that failed is tried again. */
const laterOn = () => world.desk.crmWriting.updateMany({ where: { state: "waiting" }, data: { dueAt: new Date(0) } });
const there = (id: string) => world.crm.records.find("contacts", id)?.fields;
const effectsOn = (id: string) =>
  world.sandbox
    .ledger()
    .filter(({ detail }) => detail.id === id)
    .map(({ effect }) => effect);

test("a contact that an agent makes is made there under our id, in its company; it comes back and changes nothing", async () => {
  const account = world.crm.put("accounts", { name: "Teach Ltd" });
  await world.follow();
  const company = await world.desk.organization.findFirstOrThrow({ where: { name: "Teach Ltd" } });
  const { id } = await makes("Una Maria Lund", "una@teach.test", company.id);

  await writes();
  expect(there(id)).toMatchObject({
    firstname: "Una Maria",
    lastname: "Lund",
    emailaddress1: "una@teach.test",
    _parentcustomerid_value: account,
  });

  const acts = await world.desk.auditRecord.count();
  await world.follow();
  await writes();
  expect(await world.desk.auditRecord.count()).toBe(acts);
  expect([await world.conflicts(), effectsOn(id)]).toEqual([[], ["crm_created"]]);

  world.crm.put("contacts", { lastname: "Berg" }, id);
  await world.follow();
  expect(await world.contactOf(id)).toMatchObject({ id, name: "Una Maria Berg" });
});

test.each(["effectThenDrop", "effectThenError", "drop", "503"] as const)(
  "there is one of it when the answer is lost (%s)",
  async (what) => {
    const { id } = await makes("Lost Answer", `${what.toLowerCase()}@teach.test`);
    world.sandbox.faults.add({ when: { method: "PATCH", pathPattern: "contacts", times: 2 }, do: what });
    await writes();
    await laterOn();
    await writes();
    expect(effectsOn(id)).toEqual(["crm_created"]);
    expect(await world.desk.crmWriting.findFirst({ where: { contactId: id } })).toMatchObject({ state: "done" });
  },
);

test("there is one of it when we die between the act and the record, and when two processes act at once", async () => {
  const { id, name, addresses } = await makes("Dead Process", "dead@teach.test");
  const person = {
    id,
    name,
    addresses,
    externalId: null,
    organization: null,
    taught: null,
    isOthers: async () => false,
  };
  await writer().bring(person);
  await Promise.all([writes(), writes(), writes()]);
  expect(effectsOn(id)).toEqual(["crm_created"]);
  await world.follow();
  expect(await world.desk.contact.count({ where: { name: "Dead Process" } })).toBe(1);
});

test("who is in Dataverse already is found there, not made again", async () => {
  const theirs = world.crm.employ({ firstname: "Known", lastname: "There", emailaddress2: "Known@Teach.test" }, null);
  const { id } = await makes("Known There", "known@teach.test");
  await writes();
  expect([there(id), (await world.contactOf(theirs))?.id]).toEqual([undefined, id]);
});

test("a taught address takes the first free place, once; when all are taken, a sentence says so", async () => {
  const row = world.crm.employ({ firstname: "Many", lastname: "Mails", emailaddress1: "one@many.test" }, null);
  await world.follow();
  const { id = "" } = (await world.contactOf(row)) ?? {};
  await teaches(id, "Two@many.test");
  world.sandbox.faults.add({ when: { method: "PATCH", pathPattern: "contacts" }, do: "effectThenDrop" });
  await writes();
  await laterOn();
  await writes();
  expect(there(row)).toMatchObject({ emailaddress1: "one@many.test", emailaddress2: "two@many.test" });
  expect(effectsOn(row)).toEqual(["crm_created", "crm_changed"]);

  await teaches(id, "three@many.test");
  await teaches(id, "four@many.test");
  await writes();
  await writes();
  expect(there(row)).toMatchObject({ emailaddress3: "three@many.test" });
  expect(await world.desk.crmWriting.findFirst({ where: { address: "four@many.test" } })).toMatchObject({
    state: "refused",
    because: "Many Mails has three addresses in Dataverse already, so four@many.test is known here only.",
  });
  await world.follow();
  expect((await world.contactOf(row))?.addresses).toHaveLength(4);

  world.crm.put("contacts", { emailaddress2: null, emailaddress3: null }, row);
  await world.follow();
  expect((await world.contactOf(row))?.addresses).toHaveLength(4);
});

test("when the role may not write, somebody is told, and it is written when it may", async () => {
  const { id } = await makes("No Right", "right@teach.test");
  world.sandbox.faults.add({ when: { method: "PATCH", pathPattern: "contacts" }, do: "403" });
  await writes();
  expect((await world.state()).trouble).toContain("with DATAVERSE_WRITE_BACK, creates and writes contacts");
  await laterOn();
  await writes();
  expect(there(id)).toMatchObject({ lastname: "Right" });
});

test("without the setting nothing is written", async () => {
  const settings = { ...world.settings, DATAVERSE_WRITE_BACK: "no" as const };
  const { id } = await addContact.run({ name: "Only Here", address: "here@teach.test" }, { ...asking(), settings });
  await writes();
  expect([there(id), await world.desk.crmWriting.count({ where: { contactId: id } })]).toEqual([undefined, 0]);
});

test("what an agent took away stays away, and merged contacts stay merged, when Dataverse tells of them again", async () => {
  const [one, other] = ["Merge One", "Merge Other"].map((name, n) =>
    world.crm.employ(
      {
        firstname: name,
        lastname: "Twin",
        emailaddress1: `twin${n}@teach.test`,
        emailaddress2: `alias${n}@teach.test`,
      },
      null,
    ),
  );
  await world.follow();
  const [first, second] = [await world.contactOf(one ?? ""), await world.contactOf(other ?? "")];
  const lead = await world.anAgent({ role: "lead" });
  const leading = { ...asking(), ...world.asking(lead) };
  await endAddress.run({ contactId: first?.id ?? "", address: "alias0@teach.test" }, leading);
  await mergeContact.run({ contactId: second?.id ?? "", intoId: first?.id ?? "" }, leading);

  world.crm.put("contacts", { emailaddress3: "new1@teach.test" }, other);
  world.crm.put("contacts", { emailaddress3: "new0@teach.test" }, one);
  await world.follow();
  for (const record of [one, other]) expect((await world.contactOf(record ?? ""))?.id).toBe(first?.id);
  const addresses = (await world.contactOf(one ?? ""))?.addresses.map(({ address }) => address).sort();
  expect(addresses).toEqual([
    "alias1@teach.test",
    "new0@teach.test",
    "new1@teach.test",
    "twin0@teach.test",
    "twin1@teach.test",
  ]);
  expect(await world.conflicts()).toContainEqual(
    expect.stringContaining("alias0@teach.test was taken from Merge One Twin here"),
  );
});
