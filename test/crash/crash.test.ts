import { expect, test } from "@jest/globals";
import { crash } from "./crash.ts";

test("two desks, two portals and PostgreSQL die 25 times, and nothing is lost, doubled or shown that must not be", async () => {
  const { kills, failures } = await crash({ kills: 25, seed: "npm test", late: 10 });
  expect(failures).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(25);
}, 600_000);
