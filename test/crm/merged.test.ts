/** Two contacts that came from Dataverse turn out to be one: whatever it says of either record later is still understood. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mergeContact, unmergeContact } from "../../server/desk/contacts/merge-contacts.ts";
import type { Agent } from "../desk/world.ts";
import { aCrmWorld, type CrmWorld } from "./world.ts";

let world: CrmWorld;
let lena: Agent;

beforeAll(async () => {
  world = await aCrmWorld();
  lena = await world.anAgent({ name: "Lena", role: "lead" });
});
afterAll(() => world.close());

let numbers = 0;
/** Two records there of one person: two contacts here, each with a ticket. */
async function aPersonTwice() {
  const n = ++numbers;
  const record = (word: string) =>
    world.crm.employ(
      { firstname: "Al", lastname: `Twice ${n}`, emailaddress1: `${word}${n}@twice.test`, emailaddress2: null },
      null,
    );
  const records = { al: record("al"), alice: record("alice") };
  await world.follow();
  const al = await contactOf(records.al);
  const alice = await contactOf(records.alice);
  const ticket = await world.aTicket({ requesterId: al.id });
  return { records, al, alice, ticket, address: (word: string) => `${word}${n}@twice.test` };
}

async function contactOf(record: string) {
  const found = await world.contactOf(record);
  if (!found) throw new Error("The contact is not here.");
  return found;
}
const addressesOf = async (record: string) => (await contactOf(record)).addresses.map(({ address }) => address).sort();
const isFormer = async (id: string) =>
  (await world.desk.contact.findUniqueOrThrow({ where: { id }, select: { formerAt: true } })).formerAt !== null;

const leading = () => ({ ...world.context, ...world.asking(lena), version: null });
const merge = (contactId: string, intoId: string) => mergeContact.run({ contactId, intoId }, leading());
const undo = (contactId: string) => unmergeContact.run({ contactId }, leading());

test("what changes at either record changes the one contact, and takes nothing from it that the other brought", async () => {
  const { records, al, alice, address } = await aPersonTwice();
  await merge(al.id, alice.id);

  world.crm.put("contacts", { emailaddress1: address("new") }, records.al);
  world.crm.put("contacts", { emailaddress2: address("second") }, records.alice);
  await world.follow();
  for (const record of Object.values(records)) expect((await contactOf(record)).id).toBe(alice.id);
  expect(await addressesOf(records.alice)).toEqual([address("alice"), address("new"), address("second")].sort());
  expect((await contactOf(records.alice)).formerAddresses).toMatchObject([{ address: address("al") }]);
  expect((await contactOf(records.alice)).addresses[0]?.address).toBe(address("alice"));
  expect(await world.conflicts()).toEqual([]);
});

test("when the records begin to differ, ours stays and a sentence says so", async () => {
  const { records, al, alice } = await aPersonTwice();
  await merge(al.id, alice.id);
  world.crm.put("contacts", { firstname: "Alfred" }, records.al);
  world.crm.put("contacts", { firstname: "Alice" }, records.alice);
  await world.follow();
  const { name } = await contactOf(records.alice);
  expect(name).toMatch(/^(Alfred|Alice) Twice/);
  expect((await world.conflicts()).filter((sentence) => sentence.includes(name))).toHaveLength(1);
});

test("one record deleted leaves the contact as it is; both deleted make it former, one back makes it whole", async () => {
  const { records, al, alice, ticket, address } = await aPersonTwice();
  await merge(al.id, alice.id);
  const both = [address("al"), address("alice")].sort();

  world.crm.remove("contacts", records.alice);
  await world.follow();
  expect(await isFormer(alice.id)).toBe(false);
  expect(await addressesOf(records.al)).toEqual(both);

  world.crm.remove("contacts", records.al);
  await world.follow();
  expect(await isFormer(alice.id)).toBe(true);
  expect(await addressesOf(records.al)).toEqual(both);
  expect(await world.desk.ticket.findUnique({ where: { id: ticket.id } })).toMatchObject({ requesterId: alice.id });

  const back = world.crm.employ({ firstname: "Al", lastname: "Back", emailaddress1: address("al") }, null);
  await world.follow();
  expect(await contactOf(back)).toMatchObject({ id: alice.id, formerAt: null });
});

test("deleted while they were one, the record's own contact is former when the merger is undone, and the other is not", async () => {
  const { records, al, alice, ticket, address } = await aPersonTwice();
  await merge(al.id, alice.id);
  world.crm.remove("contacts", records.al);
  await world.follow();
  await undo(al.id);
  expect([await isFormer(al.id), await isFormer(alice.id)]).toEqual([true, false]);
  expect(await addressesOf(records.al)).toEqual([address("al")]);
  expect(await world.desk.ticket.findUnique({ where: { id: ticket.id } })).toMatchObject({ requesterId: al.id });
});

test("who is merged into a former contact, and is in the CRM, is in the CRM; undone, the former one is former again", async () => {
  const { records, al, alice } = await aPersonTwice();
  world.crm.remove("contacts", records.alice);
  await world.follow();
  expect(await isFormer(alice.id)).toBe(true);
  await merge(al.id, alice.id);
  expect(await isFormer(alice.id)).toBe(false);
  await undo(al.id);
  expect([await isFormer(al.id), await isFormer(alice.id)]).toEqual([false, true]);
});

test("a merger is no way around the CRM: a contact made by a mail that turns out to be a deleted one is former", async () => {
  const { records, al } = await aPersonTwice();
  const byMail = await world.aContact();
  world.crm.remove("contacts", records.al);
  await world.follow();
  await merge(al.id, byMail.id);
  expect(await isFormer(byMail.id)).toBe(true);
  await undo(al.id);
  expect([await isFormer(al.id), await isFormer(byMail.id)]).toEqual([true, false]);
});
