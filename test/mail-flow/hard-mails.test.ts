import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aMailWorld, arrives, type MailWorld, until } from "./world.ts";

let world: MailWorld;
let mailboxId: string;

beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads()).id;
});
afterAll(() => world.close());

const kept = (internetMessageId: string) => world.desk.message.findMany({ where: { internetMessageId } });

test("a mail that eats memory is held with its header after three tries, and the good ones around it do not wait", async () => {
  const trap = await arrives(world.sandbox, {
    subject: "A trap",
    headers: { "Content-Type": "text/html" },
    text: "<br>".repeat(497_000),
  });
  const good = await Promise.all(Array.from({ length: 10 }, () => arrives(world.sandbox)));

  const arrived = await until(async () => {
    await syncAndReceive(world.context, mailboxId);
    const messages = await world.desk.message.findMany({ where: { internetMessageId: { in: [trap, ...good] } } });
    return messages.length >= good.length && messages.map(({ internetMessageId }) => internetMessageId);
  });
  expect(arrived.sort()).toEqual(good.sort());
  await until(async () => {
    await world.desk.inboxItem.updateMany({ where: { state: "pending" }, data: { dueAt: new Date(0) } });
    await syncAndReceive(world.context, mailboxId);
    return (await kept(trap)).length > 0;
  });
  expect(await world.desk.inboxItem.findFirst({ where: { state: "held", attempts: 3 } })).not.toBeNull();

  const [held] = await world.desk.message.findMany({
    where: { internetMessageId: trap },
    include: { attachments: true },
  });
  expect(held).toMatchObject({
    subject: "A trap",
    fromAddress: "alice@harbourlight.test",
    heldBecause: expect.stringContaining("could not be processed"),
    warnings: [expect.stringContaining("It could not be processed: Reading it")],
    attachments: [{ name: "the mail as it came.eml", sha256: held?.rawSha256 }],
  });
  expect((await world.files.readAll(held?.rawSha256 ?? "")).toString()).toContain("<br><br>");
});
