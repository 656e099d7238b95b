/** Whatever happens in Dataverse, however its pages are cut, ordered and repeated: in the end the desk says what it says. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { CrmSource } from "../../server/desk/crm/source.ts";
import { syncCrm } from "../../server/desk/crm/sync.ts";
import { aCrmWorld, type CrmWorld } from "./world.ts";

let world: CrmWorld;

beforeAll(async () => {
  world = await aCrmWorld();
});
afterAll(() => world.close());

const idOf = (kind: number, number: number) => `0000000${kind}-0000-4000-8000-00000000000${number}`;
const account = fc.integer({ min: 1, max: 3 }).map((n) => idOf(1, n));
const contact = fc.integer({ min: 1, max: 5 }).map((n) => idOf(2, n));
const word = fc.constantFrom("Ada", "Bo", "Cy", "Di");
const address = fc.constantFrom("a", "b", "c", "d", "e", "f").map((name) => `${name}@agree.test`);

const act = fc.oneof(
  fc.record({ do: fc.constant("account" as const), id: account, name: word }),
  fc.record({
    do: fc.constant("contact" as const),
    id: contact,
    name: word,
    addresses: fc.uniqueArray(address, { maxLength: 3 }),
    employer: fc.option(account),
  }),
  fc.record({ do: fc.constant("no account" as const), id: account }),
  fc.record({ do: fc.constant("no contact" as const), id: contact }),
  fc.record({
    do: fc.constant("read" as const),
    page: fc.integer({ min: 1, max: 4 }),
    batches: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ do: fc.constantFrom("forget" as const, "repeat" as const) }),
);
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

/** As Dataverse may: in another order, and some of it twice. */
function disordered(source: CrmSource): CrmSource {
  return {
    ...source,
    read: async (place) => {
      const page = await source.read(place);
      return page && { ...page, changes: [...page.changes.toReversed(), ...page.changes.slice(0, 1)] };
    },
  };
}

let kept: unknown = null;

async function happens(one: Act) {
  const { crm } = world;
  if (one.do === "account") crm.put("accounts", { name: one.name }, one.id);
  if (one.do === "contact") {
    const [emailaddress1 = null, emailaddress2 = null, emailaddress3 = null] = one.addresses;
    const employer = one.employer && crm.records.find("accounts", one.employer) ? one.employer : null;
    crm.employ(
      { firstname: one.name, lastname: "Agreed", emailaddress1, emailaddress2, emailaddress3 },
      employer,
      one.id,
    );
  }
  if (one.do === "no account") {
    for (const { id, fields } of crm.records.changed("contacts", 0, Number.MAX_SAFE_INTEGER, 99))
      if (fields._parentcustomerid_value === one.id) crm.employ({}, null, id);
    crm.remove("accounts", one.id);
  }
  if (one.do === "no contact") crm.remove("contacts", one.id);
  if (one.do === "forget") crm.forgetHistory();
  if (one.do === "repeat" && kept)
    await world.desk.$executeRaw`update crm_sources set cursor = ${JSON.stringify(kept)}::jsonb`;
  if (one.do === "read") {
    crm.limits.page = one.page;
    for (let batch = 0; batch < one.batches; batch++)
      await syncCrm(world.context, disordered(world.source()), { enough: () => true });
    const { cursor } = await world.state();
    if (JSON.stringify(cursor).includes('"rest"')) kept = cursor;
  }
}

async function readAll() {
  for (let again = 0; again < 2; again++) expect(await syncCrm(world.context, disordered(world.source()))).toBe("done");
}

/** What Dataverse says of everybody, in the desk's words. */
function said() {
  const all = world.crm.records.changed("contacts", 0, Number.MAX_SAFE_INTEGER, 99);
  const companies = new Map(
    world.crm.records.changed("accounts", 0, Number.MAX_SAFE_INTEGER, 99).map(({ id, fields }) => [id, fields.name]),
  );
  return all.map(({ id, fields }) => ({
    id,
    name: fields.fullname,
    company: companies.get(String(fields._parentcustomerid_value)) ?? null,
    addresses: [fields.emailaddress1, fields.emailaddress2, fields.emailaddress3].filter(
      (one) => typeof one === "string",
    ),
  }));
}

test("for every sequence of changes, readings cut short, repetitions and forgettings, the desk ends equal to Dataverse", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 30 }), async (acts) => {
      for (const one of acts) await happens(one);
      await readAll();

      const people = said();
      const claims = Map.groupBy(
        people.flatMap(({ id, addresses }) => addresses.map((address) => ({ id, address }))),
        (claim) => claim.address,
      );
      for (const { id, name, company, addresses } of people) {
        const here = await world.contactOf(id);
        expect([here?.name, here?.formerAt, here?.organization.personal ? null : here?.organization.name]).toEqual([
          name,
          null,
          company,
        ]);
        const sole = addresses.filter((one) => claims.get(one)?.length === 1);
        const theirs = here?.addresses.map((row) => row.address) ?? [];
        expect(theirs).toEqual(expect.arrayContaining(sole));
        expect(theirs.filter((one) => !addresses.includes(one))).toEqual([]);
        expect(here?.addresses.filter(({ primary }) => primary)).toHaveLength(theirs.length ? 1 : 0);
      }
      for (const [one, claimants] of claims) {
        const owner = await world.desk.crmLink.findMany({
          where: { contact: { addresses: { some: { address: one } } }, goneAt: null },
        });
        expect(claimants.map(({ id }) => id)).toEqual(
          expect.arrayContaining(owner.map(({ externalId }) => externalId)),
        );
        expect(owner).toHaveLength(1);
      }
      const living = await world.desk.crmLink.findMany({
        where: { kind: "contact", goneAt: null },
        select: { externalId: true },
      });
      expect(living.map(({ externalId }) => externalId).sort()).toEqual(people.map(({ id }) => id).sort());
      expect(await world.desk.contact.count({ where: { formerAt: null } })).toBe(people.length);
    }),
    { numRuns: 8 },
  );
});
