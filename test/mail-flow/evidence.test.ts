/** What the rules judge by, as the database knows it: one question, and every rule's fact is in the answer. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { matchMail } from "../../server/desk/mail/matching/match-mail.ts";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { type Agent, aWorld, type World } from "../desk/world.ts";

let world: World;
let anna: Agent;
let lena: Agent;
beforeAll(async () => {
  world = await aWorld();
  anna = await world.anAgent({ name: "Anna" });
  lena = await world.anAgent({ name: "Lena", role: "lead" });
  await world.aMailbox();
});
afterAll(() => world.close());

async function matched(from: string, more: Record<string, string> = {}) {
  const lines = Object.entries({ From: from, "Message-ID": "<new@x.test>", Subject: "Hello", ...more });
  const domain = /@([^>\s]+)>?$/.exec(from)?.[1];
  const text = [
    `Authentication-Results: mx.test; dmarc=pass header.from=${domain}`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
    "",
    "Hello",
  ].join("\r\n");
  const mail = await readMail(Buffer.from(text), { trustedAuthservIds: ["mx.test"] });
  return matchMail(world.desk, mail, { secret: "a secret", conversationId: null });
}

test("a former address, ended by an agent, is asked about; taught to somebody else it is that one's", async () => {
  const una = await world.aContact({ name: "Una", address: "una@old.test" });
  await world.as(anna).post(`/api/contacts/${una.id}/addresses`, { address: "una@new.test" });
  await world.as(anna).post(`/api/contacts/${una.id}/former-addresses`, { address: "una@old.test" });
  expect(await matched("Una <una@old.test>")).toMatchObject({
    contactId: null,
    heldBecause: "una@old.test used to be an address of Una. Say whether it still is.",
    suggestions: { contacts: [{ contactId: una.id }] },
  });
  const vera = await world.aContact({ name: "Vera" });
  await world.as(anna).post(`/api/contacts/${vera.id}/addresses`, { address: "una@old.test" });
  expect(await matched("Una <una@old.test>")).toMatchObject({ contactId: vera.id, heldBecause: null });
});

test("a domain, what lies below it by choice, and a role address with several people behind", async () => {
  const { id: organizationId } = await world.anOrganization({ name: "Nord" });
  const [ann, bea] = [
    await world.aContact({ name: "Ann", organizationId }),
    await world.aContact({ name: "Bea", organizationId }),
  ];
  const domains = `/api/organizations/${organizationId}/domains`;
  await world.as(lena).post(domains, { domain: "nord.test" });
  expect(await matched("x@nord.test")).toMatchObject({ organizationId, contactId: null });
  expect(await matched("x@berlin.nord.test")).toMatchObject({ organizationId: null });
  await world.as(lena).post(domains, { domain: "nord.test", includeSubdomains: true });
  expect(await matched("x@berlin.nord.test")).toMatchObject({ organizationId });
  expect(await matched("info@nord.test")).toMatchObject({
    organizationId,
    contactId: null,
    heldBecause: "Several people of Nord may write as info@nord.test. Say whose matter it is.",
    suggestions: { contacts: [{ contactId: ann.id }, { contactId: bea.id }] },
  });
});

test("a look-alike of a domain at which somebody has an address is held; the real one and a known one are not", async () => {
  await world.aContact({ name: "Pia Moll", address: "pia@millern.test" });
  expect((await matched("pia@rnillern.test")).heldBecause).toContain("rnillern.test looks like millern.test");
  expect((await matched("pia@millern.test.evil.test")).heldBecause).toContain("looks like millern.test");
  expect((await matched("Pia Moll <pia@milern.test>")).heldBecause).toContain("milern.test looks like millern.test");
  expect((await matched("new@millern.test")).heldBecause).toBeNull();
  await world.aContact({ name: "Ron", address: "ron@rnillern.test" });
  expect((await matched("other@rnillern.test")).heldBecause).toBeNull();
});

test("merged: the other contact is found by the first one's address, and undone, the first again", async () => {
  const al = await world.aContact({ name: "Al", address: "al@merged.test" });
  const alice = await world.aContact({ name: "Alice" });
  await world.as(lena).post(`/api/contacts/${al.id}/merger`, { intoId: alice.id });
  expect(await matched("al@merged.test")).toMatchObject({ contactId: alice.id });
  await world.as(lena).delete(`/api/contacts/${al.id}/merger`);
  expect(await matched("al@merged.test")).toMatchObject({ contactId: al.id });
});

test("MAIL-07: an address is the same however it is written, and another's is not it", async () => {
  const kate = await world.aContact({ name: "Kate", address: "Kate@Bücher.test" });
  for (const written of ["KATE@bücher.test", '"kate"@xn--bcher-kva.test', "kate@BÜCHER.test"])
    expect(await matched(written)).toMatchObject({ contactId: kate.id });
  for (const written of ["\u212Aate@bücher.test", "k.ate@bücher.test", "kate@bucher.test"])
    expect((await matched(written)).contactId).toBeNull();
});
