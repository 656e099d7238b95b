import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { deskhatch } from "../crm/cli.ts";
import { aWorld, type World } from "../desk/world.ts";

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

test("MAIL-06: who connects a mailbox of the domain with which the team signs in is told of the risk, and of a way out", async () => {
  await world.anAgent({ address: "anna@deskhatch.test" });
  const same = await deskhatch(world.rooms, "mailbox", "add", "support@deskhatch.test");
  expect(same).toMatchObject({ code: 0, out: expect.stringContaining("support@help.deskhatch.test") });
  const sub = await deskhatch(world.rooms, "mailbox", "add", "support@help.deskhatch.test");
  expect(sub).toMatchObject({ code: 0, out: expect.not.stringContaining("Note:") });
});
