/** Exchange says "accepted" and puts the copy into Sent Items up to two minutes later: until then nobody knows, and nobody sends again. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Lateness } from "../../sandbox/exchange/sent-copies.ts";
import type { DeskContext } from "../../server/desk/context.ts";
import { sendMail } from "../../server/desk/mail/send.ts";
import { syncSentItems } from "../../server/desk/mail/sent-items.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aMailWorld, arrives, type MailWorld, support } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
let processes: DeskContext[];

beforeAll(async () => {
  world = await aMailWorld({ door: true });
  mailboxId = (await world.reads("every_mail")).id;
  await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
  processes = [world.context, await world.another()];
});
afterEach(() => {
  world.sandbox.sentCopies.lateness = () => null;
  world.sandbox.sentCopies.bring();
});
afterAll(() => world.close());

const twoMinutes = 120_000;
const waits = (how: Partial<Lateness>) => {
  // As late as it likes: the tests say when it comes.
  world.sandbox.sentCopies.lateness = () => ({ seconds: 3600, meanwhile: "draft", ...how });
};

/** Anna answers Alice's mail in the pane. */
async function aReply() {
  const letter = await arrives(world.sandbox);
  await syncAndReceive(world.context, mailboxId);
  const { ticket } = await world.desk.message.findFirstOrThrow({
    where: { internetMessageId: letter },
    select: { ticket: { select: { id: true, number: true } } },
  });
  const anna = await world.signedIn("anna@deskhatch.test");
  const { status } = await anna.post(`/api/tickets/${ticket?.number}/replies`, { html: "<p>Unplug it.</p>" });
  expect(status).toBe(201);
  const { id, key } = await world.desk.sending.findFirstOrThrow({ where: { ticketId: ticket?.id ?? "" } });
  return { id, key, ticketId: ticket?.id ?? "", number: ticket?.number ?? 0 };
}
type Reply = Awaited<ReturnType<typeof aReply>>;

const tries = (reply: Reply, who = 0) =>
  sendMail(processes[who] as DeskContext, reply.id).then(
    () => "done",
    (problem: Error) => problem.message,
  );
const looksIntoSent = (who = 0) => syncSentItems(processes[who] as DeskContext, mailboxId);
const stateOf = async ({ id }: Reply) => (await world.desk.sending.findUniqueOrThrow({ where: { id } })).state;
const timesSent = ({ key }: Reply) =>
  world.sandbox.ledger().filter(({ effect, key: its }) => effect === "sent" && its?.includes(key)).length;

/** As if the mail had been asked for so long ago, by a process that was killed before it wrote down the answer. */
const longAgo = ({ id }: Reply, ms: number) =>
  world.desk.sending.updateMany({
    where: { id, state: "sending" },
    data: { askedAt: new Date(Date.now() - ms), acceptedAt: null, leasedUntil: null },
  });

/** One mail went out, and one entry tells of it. */
async function expectOnce(reply: Reply) {
  expect(timesSent(reply)).toBe(1);
  const anna = await world.signedIn("anna@deskhatch.test");
  const { body } = await anna.get(`/api/tickets/${reply.number}`);
  const replies = body.entries.filter(({ kind }: { kind: string }) => kind === "reply");
  expect(replies).toMatchObject([{ author: { name: "Anna Albrecht" }, sending: { state: "sent" } }]);
  expect(replies[0].facts?.sentFrom).toBeUndefined();
  expect(await world.desk.message.count({ where: { ticketId: reply.ticketId, outgoing: true } })).toBe(1);
}

test.each<Partial<Lateness>>([
  { meanwhile: "draft" },
  { meanwhile: "nowhere" },
  { meanwhile: "draft", changesId: true },
  { meanwhile: "nowhere", changesId: true },
])("a reply whose copy comes late is sent once, also when its process is killed meanwhile (%j)", async (how) => {
  const reply = await aReply();
  waits(how);
  expect(await tries(reply)).toContain("not in Sent Items yet");
  await longAgo(reply, twoMinutes);
  expect(await tries(reply, 1)).toContain("not in Sent Items yet");
  await looksIntoSent(1);
  expect([await stateOf(reply), timesSent(reply)]).toEqual(["sending", 1]);

  world.sandbox.sentCopies.bring();
  // The look into Sent Items comes first: it must not take the copy for an answer that Anna wrote in Outlook.
  await looksIntoSent();
  await tries(reply, 1);
  world.sandbox.resetDelta(support, "sentitems");
  await looksIntoSent(1);
  expect(await stateOf(reply)).toBe("sent");
  await expectOnce(reply);
});

test("an answer that is lost on top of it makes no second mail", async () => {
  const reply = await aReply();
  waits({});
  world.sandbox.faults.add({ when: { method: "POST", pathPattern: "/send$" }, do: "effectThenError" });
  expect(await tries(reply)).toContain("not in Sent Items yet");
  await longAgo(reply, twoMinutes);
  expect(await tries(reply, 1)).toContain("not in Sent Items yet");
  world.sandbox.sentCopies.bring();
  await tries(reply, 1);
  await expectOnce(reply);
});

test("whatever happens in which order within those two minutes, it is one mail and one entry", async () => {
  const who = fc.nat(1);
  const event = fc.oneof(
    fc.record({ what: fc.constant("tries" as const), who }),
    fc.record({ what: fc.constant("looks" as const), who }),
    fc.record({ what: fc.constant("is killed" as const), who }),
    fc.record({ what: fc.constant("forgets where it was" as const), who }),
    fc.record({ what: fc.constant("both try" as const), who }),
  );
  const how = fc.record({ meanwhile: fc.constantFrom("draft" as const, "nowhere" as const), changesId: fc.boolean() });
  const day = fc.array(event, { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(how, day, day, async (lateness, before, after) => {
      const reply = await aReply();
      waits(lateness);
      const happens = async ({ what, who: one }: { what: string; who: number }) => {
        if (what === "tries") await tries(reply, one);
        else if (what === "looks") await looksIntoSent(one);
        else if (what === "is killed") await longAgo(reply, twoMinutes);
        else if (what === "both try") await Promise.all([tries(reply, 0), tries(reply, 1)]);
        else world.sandbox.resetDelta(support, "sentitems");
      };
      await tries(reply);
      for (const one of before) await happens(one);
      world.sandbox.sentCopies.bring();
      for (const one of after) await happens(one);
      await tries(reply);
      await looksIntoSent();
      await expectOnce(reply);
    }),
    { numRuns: 20 },
  );
}, 60_000);
