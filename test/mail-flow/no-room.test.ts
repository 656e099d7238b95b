/** The disk is full, or somebody made it read-only: mails wait, and nothing is half there. */
import { rename, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { z } from "zod";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { watchDisks } from "../../server/desk/watch-disks.ts";
import { log } from "../../server/platform/log.ts";
import { percentOf } from "../../server/platform/storage.ts";
import { aMailWorld, arrives, type MailWorld } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads()).id;
});
afterAll(() => world.close());

const Full = z.object({ alarm: z.literal("disk_fills"), usedPercent: z.number() });
const isFull = (facts: unknown): facts is z.output<typeof Full> => Full.safeParse(facts).success;
const kept = (internetMessageId: string) => world.desk.message.count({ where: { internetMessageId } });
const trouble = async () => (await world.desk.mailbox.findUniqueOrThrow({ where: { id: mailboxId } })).trouble;

test("CRASH-04: a disk is told once at 80 and once at 90 percent, by whichever process sees it first, and is over when there is room", async () => {
  const alarms = jest.spyOn(log, "error");
  const told = () => alarms.mock.calls.flatMap(([facts]) => (isFull(facts) ? facts.usedPercent : []));
  const ada = await world.signedIn("ada@deskhatch.test");
  const shown = async () => (await ada.get("/api/me")).body.fullDisks;
  const other = await world.another();
  const at = async (usedPercent: number | null) => {
    const disk = { usedPercent: async () => usedPercent };
    for (const context of [world.context, other])
      await watchDisks({ ...context, files: { ...context.files, ...disk } }, { usedPercent: async () => null });
  };
  await at(79);
  expect([told(), await shown()]).toEqual([[], []]);
  for (const percent of [80, 84, 79, 80, 91, 89, 90, 99]) await at(percent);
  expect(told()).toEqual([80, 91]);
  expect(await shown()).toEqual([{ store: "desk", usedPercent: 99 }]);
  await at(70);
  expect(await shown()).toEqual([]);
  await at(85);
  expect(told()).toEqual([80, 91, 85]);

  await watchDisks(world.context);
  expect(percentOf({ blocks: 1000, bfree: 300, bavail: 250 })).toBe(74);
  expect(await world.files.usedPercent()).toBeGreaterThan(0);
});

test("CRASH-04: while no file can be kept the mail waits, the mailbox says so, and then it goes on", async () => {
  const folder = world.settings.DESK_FILES;
  const first = await arrives(world.sandbox, { subject: "There was room" });
  await syncAndReceive(world.context, mailboxId);
  expect(await kept(first)).toBe(1);

  // Where the folder was lies something that takes no files, as on a disk that takes none.
  await rename(folder, `${folder}-away`);
  await writeFile(folder, "");
  const id = await arrives(world.sandbox, { subject: "No room" });
  // More often than a mail with a fault of its own is tried.
  for (let attempt = 0; attempt < 7; attempt++) await syncAndReceive(world.context, mailboxId);
  expect(await trouble()).toContain("Make room where DESK_FILES lies");
  expect(await kept(id)).toBe(0);
  expect(await world.desk.heldMail.count()).toBe(0);
  await rm(folder);
  await rename(`${folder}-away`, folder);
  await syncAndReceive(world.context, mailboxId);
  expect(await kept(id)).toBe(1);
  await syncAndReceive(world.context, mailboxId);
  expect(await trouble()).toBeNull();
});
