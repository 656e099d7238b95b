/** The disk is full, or somebody made it read-only: mails wait, and nothing is half there. */
import { rename, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aMailWorld, arrives, type MailWorld } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads()).id;
});
afterAll(() => world.close());

const kept = (internetMessageId: string) => world.desk.message.count({ where: { internetMessageId } });
const trouble = async () => (await world.desk.mailbox.findUniqueOrThrow({ where: { id: mailboxId } })).trouble;

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
