/** HOOK-05: for a day nobody tells us of new mail. It comes all the same, each once, and somebody hears that something is wrong. */
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { renewSubscriptions } from "../../server/desk/mail/subscriptions.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { log } from "../../server/platform/log.ts";
import { aMailWorld, arrives, type MailWorld, until } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads()).id;
  await renewSubscriptions(world.context);
});
afterAll(() => world.close());

const hour = 3600_000;
const mails = 500;
const kept = () => world.desk.message.count();

test("500 mails that nobody told us of are there once each, though a token ends in the middle; the silence is told once", async () => {
  const alarms = jest.spyOn(log, "error");
  const yesterday = Date.now() - 24 * hour;
  world.sandbox.faults.add({ when: { method: "NOTIFY", times: mails }, do: "lose" });
  for (let n = 0; n < mails; n++)
    await arrives(world.sandbox, {
      from: `Customer ${n} <customer${n}@many.test>`,
      subject: `Unheard ${n}`,
      at: new Date(yesterday + n * 172_000),
    });
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "delta.*token", nth: 2 }, do: "401" });

  // The schedule's turns.
  await until(async () => {
    await syncAndReceive(world.context, mailboxId);
    return (await kept()) === mails;
  });
  expect(world.sandbox.faults.done().some(({ fault }) => fault.do === "401")).toBe(true);
  await world.desk.mailbox.update({
    where: { id: mailboxId },
    data: { subscriptionExpiresAt: new Date(Date.now() + 40 * hour) },
  });
  for (let minute = 0; minute < 3; minute++) await renewSubscriptions(world.context);
  const told = alarms.mock.calls.filter(([facts]) => JSON.stringify(facts).includes('"alarm":"untold"'));
  expect(told).toHaveLength(1);

  world.sandbox.faults.clear();
  await arrives(world.sandbox, { subject: "Heard again" });
  await until(() => world.desk.notice.findFirst({ where: { mailboxId, kind: "created" } }));
  await syncAndReceive(world.context, mailboxId);
  expect(await kept()).toBe(mails + 1);
  expect(await world.desk.inboxItem.count({ where: { state: "filed" } })).toBe(mails + 1);
}, 120_000);
