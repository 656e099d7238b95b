import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openSeats, type Seats } from "../../server/desk/graph/seats.ts";
import { freshRooms } from "../desk/world.ts";

let processes: Seats[];

beforeAll(async () => {
  const { desk } = await freshRooms();
  processes = [openSeats(desk), openSeats(desk), openSeats(desk)];
});
afterAll(() => Promise.all(processes.map(({ close }) => close())));

test("three processes together ask for one mailbox four times at once, never five, and each gets its turn", async () => {
  let sitting = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++sitting);
    await wait(Math.random() * 8);
    sitting--;
  };
  const turns = Array.from({ length: 600 }, (_, n) => processes[n % 3]?.sit("support@deskhatch.test", work));

  await Promise.all(turns);

  expect(most).toBeLessThanOrEqual(4);
  expect(most).toBeGreaterThan(1);
});

test("in bursts with pauses, too", async () => {
  for (let round = 0; round < 8; round++) {
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => processes[(n + round) % 3]?.sit("a@b.test", () => wait(Math.random() * 4))),
    );
    await wait(Math.random() * 300);
  }
});

test("a process that waits for one mailbox does not make another mailbox wait", async () => {
  const held = Array.from({ length: 4 }, () => processes[0]?.sit("busy@b.test", () => wait(400)));
  const began = performance.now();
  await processes[1]?.sit("free@b.test", async () => {});
  expect(performance.now() - began).toBeLessThan(350);
  await Promise.all(held);
});
