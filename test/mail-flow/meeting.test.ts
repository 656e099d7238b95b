/**
 * CONC-05 and HOOK-03: the webhook, the schedule's look, and the "create ticket" of two agents meet on one mail, while it is moved
 * between folders. Two desk processes with their workers; `RUNS=1000` for longer.
 */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { renewSubscriptions } from "../../server/desk/mail/subscriptions.ts";
import { mailWorkers, syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aMailWorld, arrives, type MailWorld, support, until } from "./world.ts";

const ben = "ben@deskhatch.test";

let world: MailWorld;
let contexts: MailWorld["context"][];
let mailboxes: Map<string, string>;
let agents: Awaited<ReturnType<MailWorld["signedIn"]>>[];
let outlook: Map<string, Awaited<ReturnType<MailWorld["outlookOf"]>>>;
let requesterId: string;
let number = 0;

beforeAll(async () => {
  world = await aMailWorld();
  contexts = [world.context, await world.another()];
  mailboxes = new Map([
    [support, (await world.reads("on_conversion")).id],
    [ben, (await world.reads("every_mail", ben)).id],
  ]);
  agents = await Promise.all(["anna@deskhatch.test", ben].map(world.signedIn));
  outlook = new Map([
    [support, await world.outlookOf("anna@deskhatch.test")],
    [ben, await world.outlookOf(ben)],
  ]);
  requesterId = (await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" })).id;
  await renewSubscriptions(world.context);
  for (const context of contexts) await mailWorkers(context);
});
afterAll(() => world.close());

type Mail = { mailbox: string; internetMessageId: string };
const folders = ["archive", "deleteditems", "junkemail"] as const;

/** Somebody tidies up in Outlook and changes his mind: each move gives the mail another id. A copy has even another immutable one. */
async function isMoved(
  { mailbox, internetMessageId }: Mail,
  ways: readonly (typeof folders)[number][],
  copied: boolean,
) {
  const owner = outlook.get(mailbox);
  const messages = `/users/${mailbox}/messages`;
  const filter = encodeURIComponent(`internetMessageId eq '<${internetMessageId}>'`);
  const { body } = (await owner?.get(`${messages}?$filter=${filter}&$select=id`)) ?? {};
  let id: string = body.value[0].id;
  const move = async (act: "move" | "copy", destinationId: string) => {
    const answer = await owner?.post(`${messages}/${encodeURIComponent(id)}/${act}`, { destinationId });
    expect(answer?.status).toBe(201);
    return answer?.body.id;
  };
  for (const folder of ways) {
    id = await move("move", folder);
    id = await move("move", "inbox");
  }
  if (copied) await move("copy", "inbox");
}

/** The pane asks for the mail that is open until the desk has it, and its agent makes a ticket of it at once. */
async function isConverted({ mailbox, internetMessageId }: Mail, agent: (typeof agents)[number]) {
  const query = new URLSearchParams({ mailbox, internetMessageId });
  const { messageId } = await until(async () => {
    const { body } = await agent.get(`/api/mails/open?${query}`);
    return body.state === "known" && body.mail;
  });
  const wish = { messageId, requester: { contactId: requesterId }, subject: "The lamp", attachmentIds: [] };
  const { body } = await agent.post("/api/tickets", wish);
  return { outcome: body.outcome, number: body.ticket.number, messageId };
}

const looks = (mailbox: string) =>
  contexts.map((context) => syncAndReceive(context, mailboxes.get(mailbox) ?? "").catch(() => "again"));

const meeting = fc.record({
  mailbox: fc.constantFrom(support, ben),
  ways: fc.array(fc.constantFrom(...folders), { maxLength: 3 }),
  copied: fc.boolean(),
  clicks: fc.constantFrom([0], [0, 1], [0, 0, 1, 1]),
});

type Meeting = typeof meeting extends fc.Arbitrary<infer One> ? One : never;

async function meets({ mailbox, ways, copied, clicks }: Meeting) {
  const mail = {
    mailbox,
    internetMessageId: await arrives(world.sandbox, { to: mailbox, subject: `Meeting ${++number}` }),
  };
  const [opened] = await Promise.all([
    Promise.all(clicks.map((who) => isConverted(mail, agents[who] as (typeof agents)[number]))),
    isMoved(mail, ways, copied),
    ...looks(mailbox),
  ]);
  await until(async () => {
    await Promise.all(looks(mailbox));
    return (await world.desk.inboxItem.count({ where: { state: "pending" } })) === 0;
  });
  return { ...mail, copied, opened };
}

/** One message of each mail, on one ticket that everybody was given; a copy is noted as one. */
async function expectOne({ internetMessageId, mailbox, copied, opened }: Awaited<ReturnType<typeof meets>>) {
  const [message, ...more] = await world.desk.message.findMany({
    where: { internetMessageId },
    select: { id: true, seenIn: { select: { mailboxId: true } }, ticket: { select: { number: true } } },
  });
  expect(more).toEqual([]);
  expect(new Set(opened.map(({ messageId }) => messageId))).toEqual(new Set([message?.id]));
  expect(new Set(opened.map((one) => one.number))).toEqual(new Set([message?.ticket?.number]));
  const first = opened.filter(({ outcome }) => outcome === "opened").length;
  expect(first).toBeLessThanOrEqual(1);
  if (mailbox === support) expect(first).toBe(1);
  expect(message?.seenIn.length).toBe(copied ? 1 : 0);
}

test("each time it is one message and one ticket, and everybody gets that", async () => {
  // Outlook's requests of a few people, not of one.
  world.sandbox.limits.requests = Number.POSITIVE_INFINITY;
  await fc.assert(
    fc.asyncProperty(meeting, async (one) => expectOne(await meets(one))),
    { numRuns: Number(process.env.RUNS ?? 40), endOnFailure: true },
  );
  expect(await world.desk.ticket.count()).toBe(number);
  expect(await world.desk.message.count()).toBe(number);
}, 3_600_000);

test("a thousand notices of the same few mails, out of order, mixed and with lifecycle events, fetch each mail twice at most", async () => {
  const mailboxId = mailboxes.get(support) ?? "";
  const { subscriptionId, clientState } = await world.desk.mailbox.findUniqueOrThrow({ where: { id: mailboxId } });
  const genuine = { subscriptionId, clientState, resource: "Users/x/Messages/y", resourceData: { id: "y" } };
  const forged = { ...genuine, clientState: "guessed", lifecycleEvent: "missed" };
  const post = (value: unknown[]) =>
    fetch(`${world.sandbox.addinUrl}/api/graph/notices`, { method: "POST", body: JSON.stringify({ value }) });
  const known = await arrives(world.sandbox, { subject: "Known before" });
  await until(() => world.desk.message.findFirst({ where: { internetMessageId: known } }));

  // Seen, not slowed down: how often each mail is fetched.
  const before = world.sandbox.faults.done().length;
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "/\\$value", times: 1000 }, do: "delay", delayMs: 0 });
  const mails: string[] = [];
  for (let n = 0; n < 10; n++) {
    mails.push(await arrives(world.sandbox, { subject: `Told a hundred times ${n}` }));
    const posts = Array.from({ length: 10 }, (_, at) =>
      post([
        { ...genuine, changeType: "updated" },
        forged,
        ...Array.from({ length: 8 }, () => ({ ...genuine, changeType: "created" })),
        ...(at === 5 ? [{ ...genuine, lifecycleEvent: "missed" }] : []),
        { ...genuine, changeType: "deleted" },
      ]),
    );
    expect((await Promise.all(posts)).map(({ status }) => status)).toEqual(Array(10).fill(202));
  }
  await until(async () => {
    const filed = await world.desk.message.count({ where: { internetMessageId: { in: mails } } });
    return filed === mails.length && (await world.queue.busy()) === 0;
  });

  const fetched = world.sandbox.faults
    .done()
    .slice(before)
    .map(({ path }) => path);
  world.sandbox.faults.clear();
  expect(new Set(fetched).size).toBe(mails.length);
  for (const path of new Set(fetched)) expect(fetched.filter((each) => each === path).length).toBeLessThanOrEqual(2);
  expect(await world.desk.message.count({ where: { internetMessageId: { in: [...mails, known] } } })).toBe(11);
}, 120_000);
