import pg from "pg";
import { audit } from "../../server/desk/audit.ts";
import { transact } from "../../server/desk/database.ts";
import { openPool } from "../../server/platform/database/own-statements.ts";
import { openDatabase } from "../../server/portal/database.ts";
import { aWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

const named = (name: string) => world.desk.organization.count({ where: { name } });

test("our own statements and Prisma's models are in one transaction: each sees the other, and both happen or neither", async () => {
  const work = transact(world.desk, async (tx) => {
    const { id } = await tx.organization.create({ data: { name: "Halfway" } });
    await tx.$executeRaw`insert into organization_domains (domain, organization_id) values ('halfway.test', ${id}::uuid)`;
    const [seen] = await tx.$queryRaw<{ name: string }[]>`select name from organizations where id = ${id}::uuid`;
    expect(seen).toEqual({ name: "Halfway" });
    expect(await tx.organizationDomain.count({ where: { organizationId: id } })).toBe(1);
    throw new Error("and then something goes wrong");
  });

  await expect(work).rejects.toThrow("and then something goes wrong");
  expect(await named("Halfway")).toBe(0);
});

test("a statement reads as Prisma reads it: times, JSON, lists, large numbers, nothing", async () => {
  const at = new Date("2026-11-25T10:00:00.123Z");
  const question = (desk: Pick<World["desk"], "$queryRaw">) =>
    desk.$queryRaw`select ${at}::timestamptz as at, array[${at}::timestamptz] as times, '{"a": [1]}'::jsonb as json,
      ${["a", 'b"c']}::text[] as texts, 9007199254740993 as large, 1 as small, 1.5::float8 as fraction, true as yes,
      null as nothing, ${null}::uuid as none, 'message'::"MessageKind" as kind, current_date as today`;

  expect(await transact(world.desk, question)).toEqual(await question(world.desk));
});

test("what is not awaited in a transaction is not written outside of it", async () => {
  let late: Promise<unknown> = Promise.resolve();
  await transact(world.desk, async (tx) => {
    late = Promise.resolve().then(async () => {
      while ((await named("Awaited")) === 0) await new Promise((again) => setImmediate(again));
      return tx.$executeRaw`insert into organizations (id, name) values (gen_random_uuid(), 'Straggler')`;
    });
    late.catch(() => {});
    await tx.organization.create({ data: { name: "Awaited" } });
  });

  await expect(late).rejects.toThrow("This transaction is over");
  expect(await named("Straggler")).toBe(0);
});

test("what a transaction has to write many times is written once, and not at all when it fails", async () => {
  const { anAgent, asking } = world;
  const by = asking(await anAgent());
  await transact(world.desk, async (tx) => {
    for (const act of ["first_act", "second_act", "third_act"]) await audit(tx, by, { act, details: { act } });
  });
  const failing = transact(world.desk, async (tx) => {
    await audit(tx, by, { act: "undone_act" });
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");

  const records = await world.desk.auditRecord.findMany({
    where: { act: { endsWith: "_act" } },
    orderBy: { id: "asc" },
  });
  expect(records.map(({ act }) => act)).toEqual(["first_act", "second_act", "third_act"]);
  expect(records[0]).toMatchObject({
    agentId: by.agent.id,
    client: by.client,
    ip: by.ip,
    details: { act: "first_act" },
  });
});

test.each([
  ["desk", (rooms: World["rooms"]) => openPool(rooms.desk, 1)],
  ["portal", (rooms: World["rooms"]) => openDatabase(rooms.portal).pool],
])("a connection that ends in nobody's hands ends no process: %s", async (_, open) => {
  const pool = open(world.rooms);
  const [client, other] = [await pool.connect(), new pg.Client({ connectionString: pool.options.connectionString })];
  await other.connect();
  const ended = new Promise((end) => client.once("end", end));
  const { rows } = await client.query("select pg_backend_pid() as pid");
  await other.query("select pg_terminate_backend($1)", [rows[0].pid]);
  await ended;
  client.release(true);
  await other.end();
  await pool.end();
});
