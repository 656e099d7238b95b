import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { transact } from "../../server/desk/database.ts";
import { lineUp, takeDue } from "../../server/desk/mail/inbox.ts";
import { most, paceOf } from "../../server/desk/mail/pace.ts";
import { aWorld, type World } from "../desk/world.ts";

let world: World;

beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

const noon = new Date("2026-11-25T12:00:00Z").getTime();
const arrived = (sender: string | null, second: number, nth: number) => ({
  immutableId: `${sender} ${second} ${nth}`,
  receivedAt: new Date(noon + second * 1000),
  conversationId: null,
  sender,
  bareEtag: null,
});

async function inLine(pages: ReturnType<typeof arrived>[][]) {
  const { id } = await world.aMailbox();
  for (const page of pages) await transact(world.desk, (tx) => lineUp(tx, id, page));
  await world.desk.$executeRaw`update inbox_items set due_at = '-infinity' where mailbox_id = ${id}::uuid`;
  const all = pages.flat().length;
  const order: string[] = [];
  // `returning` promises no order: one at a time.
  for (let taken = 0; taken < all; taken++) {
    const [item] = await takeDue(world.desk, id, 1);
    if (item) order.push(item.immutableId);
  }
  return order;
}

test("a storm of one sender does not put what another writes meanwhile behind it", async () => {
  const storm = Array.from({ length: 200 }, (_, nth) => arrived("monitor@outsider.test", nth / 50, nth));
  const alice = arrived("alice@harbourlight.test", 10, 0);
  const order = await inLine([storm.slice(0, 100), storm.slice(100), [alice]]);
  expect(order).toHaveLength(201);
  expect(order.indexOf(alice.immutableId)).toBeLessThan(40);
});

test("mails that are known and change again, such as by our own category, make no storm of the sender's next one", async () => {
  const { id } = await world.aMailbox();
  const known = Array.from({ length: 60 }, (_, nth) => arrived("alice@harbourlight.test", 0, nth));
  await transact(world.desk, (tx) => lineUp(tx, id, known));
  await world.desk.inboxItem.updateMany({ where: { mailboxId: id }, data: { state: "filed", doneAt: new Date() } });
  const next = arrived("alice@harbourlight.test", 5, 60);
  await transact(world.desk, (tx) => lineUp(tx, id, [...known, next]));
  const item = await world.desk.inboxItem.findFirstOrThrow({ where: { mailboxId: id, state: "pending" } });
  expect([item.immutableId, item.turn]).toEqual([next.immutableId, next.receivedAt]);
});

test("a storm leaves half of Graph's requests to others, and all mails together leave some to the replies", async () => {
  const { id } = await world.aMailbox();
  const storm = Array.from({ length: 60 }, (_, nth) => arrived("monitor@outsider.test", 0, nth));
  await transact(world.desk, (tx) => lineUp(tx, id, [...storm, arrived("alice@harbourlight.test", 3, 0)]));
  const fetched = (count: number) =>
    world.desk.$executeRaw`
      insert into inbox_items (mailbox_id, immutable_id, state, done_at)
      select ${id}::uuid, 'fetched ' || gen_random_uuid(), 'filed', now() from generate_series(1, ${count}::int)`;
  const takeSome = async (count: number) => {
    const pace = await paceOf(world.desk, id);
    return pace ? (await takeDue(world.desk, id, count, pace)).map(({ sender }) => sender) : "nothing may be fetched";
  };

  expect(await takeSome(10)).toHaveLength(10);
  await fetched(most.ofStorms);
  const others = await takeSome(60);
  expect(others).toHaveLength(20 - 10 + 1);
  expect(others).toContain("alice@harbourlight.test");
  expect(await takeSome(60)).toEqual([]);
  await fetched(most.together - most.ofStorms);
  expect(await takeSome(60)).toBe("nothing may be fetched");

  await world.desk
    .$executeRaw`update inbox_items set done_at = now() - interval '11 minutes' where done_at is not null`;
  expect(await takeSome(60)).toHaveLength(40);
});

test("what people write is filed in the order of its arrival, and the storm's mails in theirs", async () => {
  const mail = fc.record({ sender: fc.constantFrom("a@x.test", "b@x.test", null), second: fc.nat({ max: 600 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(mail, { minLength: 1, maxLength: 20 }), async (mails) => {
      const arrivals = mails.map(({ sender, second }, nth) => arrived(sender, second, nth));
      const order = await inLine([arrivals]);
      const seconds = order.map((id) => Number(id.split(" ")[1]));
      expect(seconds).toEqual(seconds.toSorted((one, other) => one - other));
    }),
    { numRuns: 10 },
  );
});
