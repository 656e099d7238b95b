/** SYNC-04: Microsoft 365 does not let us in. What it is asked then is counted at the sandbox. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { generate } from "selfsigned";
import type { DeskContext } from "../../server/desk/context.ts";
import { transact } from "../../server/desk/database.ts";
import { openGraph } from "../../server/desk/graph/graph.ts";
import { categorizeMails } from "../../server/desk/mail/categories.ts";
import { intendMail, sendMail } from "../../server/desk/mail/send.ts";
import { syncSentItems } from "../../server/desk/mail/sent-items.ts";
import { settleSendings } from "../../server/desk/mail/settle-sendings.ts";
import { renewSubscriptions } from "../../server/desk/mail/subscriptions.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { clientId } from "../desk/world.ts";
import { aMailWorld, arrives, type MailWorld } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
let desks: DeskContext[];

beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads("every_mail")).id;
  await renewSubscriptions(world.context);
});
/** Two processes that have asked for nothing yet. */
beforeEach(() => {
  desks = [0, 1].map(() => ({ ...world.context, graph: openGraph(world.settings, world.desk) }));
});
afterEach(async () => {
  for (const { graph } of desks) await graph.close();
  world.sandbox.faults.clear();
  await world.desk.graphLockout.deleteMany();
});
afterAll(() => world.close());

/** Everything that asks Graph for something of a mailbox has something to do: a mail, a reply, a category, a renewal. */
async function everythingIsDue() {
  const letter = await arrives(world.sandbox, { subject: "Is anybody there?" });
  await syncAndReceive(world.context, mailboxId);
  const message = await world.desk.message.findFirstOrThrow({ where: { internetMessageId: letter } });
  const waiting = await arrives(world.sandbox, { subject: "While nobody was let in" });
  const reply = await transact(world.desk, (tx) =>
    intendMail(tx, world.queue, {
      kind: "reply",
      key: `reply ${message.id}`,
      mailboxId,
      ticketId: message.ticketId ?? "",
      mail: {
        to: [{ name: "Alice", address: "alice@harbourlight.test" }],
        cc: [],
        subject: "Re: Is anybody there?",
        html: "<p>Yes.</p>",
        answersMessageId: message.id,
        attachments: [],
        automatic: false,
      },
    }),
  );
  await world.desk.mailbox.update({ where: { id: mailboxId }, data: { subscriptionExpiresAt: new Date() } });
  return { waiting, ...reply };
}

const everything = (sendingId: string) =>
  desks.flatMap((desk) => [
    () => syncAndReceive(desk, mailboxId),
    () => syncSentItems(desk, mailboxId),
    () => renewSubscriptions(desk),
    () => categorizeMails(desk),
    () => sendMail(desk, sendingId),
    () => settleSendings(desk),
  ]);

/** Which of them gets there first, nobody knows; what one of them throws, its queue tries again. */
const allAtOnce = (sendingId: string) => Promise.allSettled(everything(sendingId).map((work) => work()));

/** A minute later for what we wait for. */
async function aMinuteLater() {
  await world.desk.$executeRaw`update graph_lockouts set until = until - interval '1 minute'`;
  await world.desk.$executeRaw`update tickets set categories_due_at = now() where categories_due_at is not null`;
  await world.desk.$executeRaw`update sendings set leased_until = null where state not in ('sent', 'failed')`;
  await world.desk.$executeRaw`update inbox_items set due_at = now() where state = 'pending'`;
}

const asked = () => world.sandbox.faults.done().length;
const trouble = async () => (await world.desk.mailbox.findUniqueOrThrow({ where: { id: mailboxId } })).trouble;
const kept = (internetMessageId: string) => world.desk.message.count({ where: { internetMessageId } });
const sending = (id: string) => world.desk.sending.findUniqueOrThrow({ where: { id } });

async function nothingIsLost({ waiting, sendingId }: { waiting: string; sendingId: string }) {
  for (const work of everything(sendingId)) await work().catch(() => {});
  expect(await kept(waiting)).toBe(1);
  const { state, key } = await sending(sendingId);
  expect(state).toBe("sent");
  expect(world.sandbox.ledger().filter((one) => one.effect === "sent" && one.key?.includes(key))).toHaveLength(1);
  const { subscriptionExpiresAt } = await world.desk.mailbox.findUniqueOrThrow({ where: { id: mailboxId } });
  expect(subscriptionExpiresAt?.getTime()).toBeGreaterThan(Date.now());
  expect(await trouble()).toBeNull();
  expect(await world.desk.graphLockout.count({ where: { place: { in: ["*", "support@deskhatch.test"] } } })).toBe(0);
}

test.each([
  ["401", "Ask an administrator to grant access again"],
  ["403", "Ask an administrator to grant access again"],
] as const)(
  "when Graph answers %s, two desks ask once a minute for all they have to do, and go on by themselves",
  async (what, sentence) => {
    const due = await everythingIsDue();
    world.sandbox.faults.add({ when: { pathPattern: "/v1.0/", times: 1e6 }, do: what });
    await syncAndReceive(world.context, mailboxId);
    expect(await trouble()).toContain(sentence);

    for (let minute = 1; minute <= 4; minute++) {
      await allAtOnce(due.sendingId);
      const before = asked();
      await allAtOnce(due.sendingId);
      expect(asked()).toBe(before);
      await aMinuteLater();
      await allAtOnce(due.sendingId);
      expect(asked() - before).toBe(1);
    }
    expect(await sending(due.sendingId)).toMatchObject({ state: expect.stringMatching(/waiting|drafted/) });

    world.sandbox.faults.clear();
    await aMinuteLater();
    await nothingIsLost(due);
  },
);

test("when the certificate is refused, Entra ID is asked once a minute for all mailboxes", async () => {
  const due = await everythingIsDue();
  const other = await generate([{ name: "commonName", value: "another" }], { keySize: 2048 });
  world.sandbox.registerApp({ clientId, certificatePem: other.cert });
  await world.reads("on_conversion", "ben@deskhatch.test");
  const everyMailbox = await world.desk.mailbox.findMany({ select: { id: true } });
  const read = () => Promise.all(desks.flatMap((desk) => everyMailbox.map(({ id }) => syncAndReceive(desk, id))));
  const counted = { method: "POST", pathPattern: "/oauth2/v2.0/token", times: 1e6 };
  world.sandbox.faults.add({ when: counted, do: "delay", delayMs: 0 });

  await syncAndReceive(desks[0] ?? world.context, mailboxId);
  await read();
  expect(await trouble()).toContain("this machine's clock is right");
  for (let minute = 1; minute <= 4; minute++) {
    const before = asked();
    await aMinuteLater();
    await read();
    await allAtOnce(due.sendingId);
    expect(asked() - before).toBe(1);
  }

  world.sandbox.registerApp({ clientId, certificatePem: world.settings.ENTRA_CERTIFICATE });
  await aMinuteLater();
  await read();
  await nothingIsLost(due);
});

test("a mailbox that was removed says so, and is not asked for again within the minute", async () => {
  const gone = await world.reads("on_conversion", "former@deskhatch.test");
  const count = { pathPattern: "former", times: 1e6 };
  world.sandbox.faults.add({ when: count, do: "delay", delayMs: 0 });
  const before = asked();
  for (const desk of desks) await syncAndReceive(desk, gone.id);
  expect(asked() - before).toBe(1);
  const { trouble } = await world.desk.mailbox.delete({ where: { id: gone.id } });
  expect(trouble).toMatch(/knows no such mailbox/);
});

test("that nothing may be sent keeps nobody from reading", async () => {
  const due = await everythingIsDue();
  world.sandbox.faults.add({ when: { method: "POST", pathPattern: "/send$", times: 1e6 }, do: "403" });
  const [one, other] = desks;
  if (!one || !other) throw new Error("There are two desks.");
  await expect(sendMail(one, due.sendingId)).rejects.toThrow(/denies access/);
  const before = asked();
  await expect(sendMail(other, due.sendingId)).rejects.toThrow(/denies access/);
  expect(asked()).toBe(before);
  await syncAndReceive(other, mailboxId);
  expect(await kept(due.waiting)).toBe(1);
});

test("one mail that Graph denies waits by itself: the next one is read at once, and it too when it may", async () => {
  const [desk] = desks;
  if (!desk) throw new Error("There are two desks.");
  await arrives(world.sandbox, { subject: "Read without trouble" });
  await syncAndReceive(desk, mailboxId);
  const denied = await arrives(world.sandbox, { subject: "Denied to everybody" });
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "/\\$value" }, do: "403" });
  await syncAndReceive(desk, mailboxId);
  const next = await arrives(world.sandbox, { subject: "Behind it" });
  await syncAndReceive(desk, mailboxId);
  expect([await kept(denied), await kept(next)]).toEqual([0, 1]);
  await aMinuteLater();
  await syncAndReceive(desk, mailboxId);
  expect(await kept(denied)).toBe(1);
});

test("an outage of Entra ID is none of our credentials: it is tried again at once when it is over", async () => {
  const waiting = await arrives(world.sandbox, { subject: "During an outage" });
  world.sandbox.faults.add({ when: { method: "POST", pathPattern: "/oauth2/v2.0/token", times: 4 }, do: "503" });
  const [desk] = desks;
  if (!desk) throw new Error("There are two desks.");
  await syncAndReceive(desk, mailboxId);
  await syncAndReceive(desk, mailboxId);
  expect(await kept(waiting)).toBe(1);
  expect(await world.desk.graphLockout.count()).toBe(0);
});

test.each(["429", "403", "503"] as const)(
  "SYNC-01: while Graph answers %s for one mailbox, another is read",
  async (what) => {
    const other = await world.reads("on_conversion", "anna@deskhatch.test");
    const [first, second] = await Promise.all([
      arrives(world.sandbox, { subject: `Behind a ${what}` }),
      arrives(world.sandbox, { subject: `Beside a ${what}`, to: "anna@deskhatch.test" }),
    ]);
    const [desk] = desks;
    if (!desk) throw new Error("There are two desks.");
    const slowed = { pathPattern: "/users/support", times: 1e6 };
    world.sandbox.faults.add({ when: slowed, do: what, ...(what === "429" && { retryAfter: 60 }) });
    await Promise.all([syncAndReceive(desk, mailboxId), syncAndReceive(desk, other.id)]);
    expect([await kept(first), await kept(second)]).toEqual([0, 1]);
    world.sandbox.faults.clear();
    await aMinuteLater();
    // Another process was told nothing of the pause that Graph asked of the first.
    await syncAndReceive(desks[1] ?? world.context, mailboxId);
    expect(await kept(first)).toBe(1);
  },
);
