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

const kept = (internetMessageId: string) => world.desk.message.findFirst({ where: { internetMessageId } });

test("a mail that arrives is kept as it came, read, and believed to be from whom it is", async () => {
  const alice = await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
  const id = await arrives(world.sandbox, { subject: "The printer is on fire" });

  await syncAndReceive(world.context, mailboxId);

  const message = await kept(id);
  expect(message).toMatchObject({ subject: "The printer is on fire", heldBecause: null, ticketId: null });
  expect(message?.match).toMatchObject({ contactId: alice.id });
  expect((await world.files.readAll(message?.rawSha256 ?? "")).toString()).toContain("Please help.");
});

test("with the webhook, a mail is there before anybody asks", async () => {
  await world.works();
  await until(() => world.desk.mailbox.findFirst({ where: { subscriptionId: { not: null } } }));

  const id = await arrives(world.sandbox, { subject: "Told by Graph" });

  await until(() => kept(id));
});
