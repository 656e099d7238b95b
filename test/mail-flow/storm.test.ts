import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { transact } from "../../server/desk/database.ts";
import { lineUp, takeDue } from "../../server/desk/mail/inbox.ts";
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
