import { expect, test } from "@jest/globals";
import { gently } from "./gently.ts";

test("CRASH-05: desks and portals are stopped in order one after the other while people work, and nobody notices", async () => {
  const { failures } = await gently({ restarts: 4, seed: "npm test" });
  expect(failures).toEqual([]);
}, 300_000);
