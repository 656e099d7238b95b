/** A file that is looked at every minute, by as many desk processes as there are. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { watchedCsv } from "../../server/desk/crm/csv/watched.ts";
import { syncCrm } from "../../server/desk/crm/sync.ts";
import { followCrm } from "../../server/desk/crm/workers.ts";
import { aWorld, type World } from "../desk/world.ts";

let world: World;
let folder: string;
let clock = 0;

beforeAll(async () => {
  world = await aWorld();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deskhatch-watched-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => world.close());

/** A person for each number; those of a company share it. */
const lines = (numbers: number[], company = "Crowd Ltd") =>
  ["id,name,email,company", ...numbers.map((n) => `w${n},Person ${n},person${n}@crowd.test,${company}`)].join("\n");

function holds(content: string, name = "contacts.csv") {
  writeFileSync(join(folder, name), content);
  utimesSync(join(folder, name), new Date(), new Date(2026, 0, 1, 0, 0, ++clock));
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
const here = () => world.desk.contact.count({ where: { crmLinks: { some: { sourceId: "csv" } }, formerAt: null } });
const source = () => world.desk.crmSource.findUniqueOrThrow({ where: { id: "csv" } });
const personOf = (n: number) =>
  world.desk.contact.findFirstOrThrow({
    where: { crmLinks: { some: { sourceId: "csv", externalId: `w${n}` } } },
    include: { addresses: true },
  });

test("what changes in the newest file of the folder changes here; who leaves it stays, marked as former, with the tickets", async () => {
  const crm = watchedCsv(folder);
  holds(lines(upTo(30)), "monday.csv");
  expect(await followCrm(world.context, crm)).toBe("done");
  expect(await here()).toBe(30);
  const seven = await personOf(7);
  const ticket = await world.aTicket({ requesterId: seven.id });

  holds(lines(upTo(30).filter((n) => n !== 7)).replace("Person 3,", "Person Three,"), "tuesday.csv");
  expect(await followCrm(world.context, crm)).toBe("done");
  expect(await personOf(7)).toMatchObject({
    id: seven.id,
    formerAt: expect.any(Date),
    addresses: [{ address: "person7@crowd.test" }],
  });
  expect(await world.desk.ticket.findUnique({ where: { id: ticket.id } })).toMatchObject({ requesterId: seven.id });
  expect((await personOf(3)).name).toBe("Person Three");

  holds(lines(upTo(30)), "wednesday.csv");
  await followCrm(world.context, crm);
  expect(await personOf(7)).toMatchObject({ id: seven.id, formerAt: null });
  const { round } = await source();
  await followCrm(world.context, crm);
  expect((await source()).round).toBe(round);
  await crm.close();
});

test("a file that lost most of its lines is not believed without a person", async () => {
  const crm = watchedCsv(folder);
  holds(lines(upTo(90)));
  await followCrm(world.context, crm);
  holds(lines(upTo(10)));
  await followCrm(world.context, crm);
  expect(await here()).toBe(90);
  expect((await source()).trouble).toMatch(/no longer names 80 of 91 records.*crm sync --accept-missing/);

  holds(lines(upTo(89)));
  await followCrm(world.context, crm);
  expect([await here(), (await source()).trouble]).toEqual([89, null]);
  await crm.close();
});

test("a file that is not there, or is broken, says so where somebody looks; nothing is lost, and it goes on by itself", async () => {
  const crm = watchedCsv(join(folder, "contacts.csv"));
  expect(await followCrm(world.context, crm)).toBe("trouble");
  expect((await source()).trouble).toMatch(/is not there\. Correct CRM_CSV/);
  const before = await here();
  holds(`name,email\n"Ann,a@b.test\n${"x\n".repeat(600_000)}`);
  expect(await followCrm(world.context, crm)).toBe("trouble");
  expect((await source()).trouble).toMatch(/a quote that does not end/);
  expect(await here()).toBe(before);
  holds(lines(upTo(89)));
  expect(await followCrm(world.context, crm)).toBe("done");
  expect([(await source()).trouble, await here()]).toEqual([null, before]);
  await crm.close();
});

test("it goes on where it was ended; two processes at once bring in each person once", async () => {
  holds(lines(upTo(1800), "Big Crowd"));
  const [one, other] = [watchedCsv(folder), watchedCsv(folder)];
  expect(await syncCrm(world.context, one, { enough: () => true })).toBe("more");
  expect((await source()).cursor).toMatchObject({ doing: "read", place: { rows: 500, done: false } });

  const outcomes = await Promise.all([
    followCrm(world.context, one),
    followCrm(world.context, other),
    followCrm(world.context, other),
  ]);
  expect(outcomes).toContain("done");
  while ((await followCrm(world.context, one)) !== "done") await followCrm(world.context, other);
  expect(await here()).toBe(1800);
  expect(await world.desk.organization.count({ where: { name: "Big Crowd" } })).toBe(1);
  expect(await world.desk.crmConflict.count({ where: { sourceId: "csv" } })).toBe(0);
  await Promise.all([one.close(), other.close()]);
});
