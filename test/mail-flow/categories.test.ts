/** Outlook's own list shows which ticket a mail belongs to and how it stands, and everybody's other categories stay. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { transact } from "../../server/desk/database.ts";
import { categorizeMails, categoryOf } from "../../server/desk/mail/categories.ts";
import { most } from "../../server/desk/mail/pace.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aMailWorld, arrives, type MailWorld, support, until } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
let anna: Awaited<ReturnType<MailWorld["signedIn"]>>;
let outlook: Awaited<ReturnType<MailWorld["outlookOf"]>>;

beforeAll(async () => {
  world = await aMailWorld({ door: true });
  mailboxId = (await world.reads("every_mail")).id;
  anna = await world.signedIn("anna@deskhatch.test");
  outlook = await world.outlookOf("anna@deskhatch.test");
  await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
});
afterEach(() => world.sandbox.faults.clear());
afterAll(() => world.close());

const categorize = () => categorizeMails(world.context);
const path = (id: string) => `/users/${support}/messages/${encodeURIComponent(id)}`;
const categoriesOf = async (id: string): Promise<string[]> =>
  (await outlook.get(`${path(id)}?$select=categories`)).body.categories;

async function aTicketOfAlice(letter: Parameters<typeof arrives>[1] = {}) {
  const messageId = await arrives(world.sandbox, letter);
  await syncAndReceive(world.context, mailboxId);
  const message = await world.desk.message.findFirstOrThrow({
    where: { internetMessageId: messageId },
    include: { ticket: true },
  });
  if (!message.ticket) throw new Error("The mail has no ticket.");
  return { messageId, id: message.immutableId ?? "", ticketId: message.ticket.id, number: message.ticket.number };
}

async function becomes(number: number, status: string) {
  const { version } = (await anna.get(`/api/tickets/${number}`)).body;
  const answer = await anna.patch(`/api/tickets/${number}`, { status }, { "if-match": `"${version}"` });
  expect(answer.status).toBe(200);
}

/** A mail that just came is given its category at once; of any other the first batch looks and the second one writes. */
const ourFirstWord = { method: "POST", pathPattern: "/\\$batch" };
const ourWord = { ...ourFirstWord, nth: 2 };

/** What the desk asked of Graph from now on. */
const changes = (id: string) =>
  world.sandbox.store.one<{ seq: number }>("select seq from message where immutable_id = ?", id)?.seq;

test("a mail wears its ticket's number and status, follows the status, and keeps what people gave it", async () => {
  const { id, number } = await aTicketOfAlice();
  await outlook.patch(path(id), { categories: ["Red category", "#1 · mine"] });
  await categorize();
  expect(await categoriesOf(id)).toEqual(["Red category", "#1 · mine", `#${number} · New`]);

  await becomes(number, "in_progress");
  await categorize();
  expect(await categoriesOf(id)).toEqual(["Red category", "#1 · mine", `#${number} · In progress`]);

  // Nothing to do: nothing is asked.
  const before = changes(id);
  await world.desk.ticket.update({ where: { number }, data: { categoriesDueAt: new Date() } });
  await categorize();
  expect(changes(id)).toBe(before);
});

test("an answer that is filed wears it, too; and a mail that leaves the ticket takes it off", async () => {
  const { id, number, messageId, ticketId } = await aTicketOfAlice();
  const answer = await aTicketOfAlice({ inReplyTo: messageId, text: "And now the toaster." });
  expect(answer.number).toBe(number);
  await categorize();
  expect([await categoriesOf(id), await categoriesOf(answer.id)]).toEqual([[`#${number} · New`], [`#${number} · New`]]);

  await world.desk.message.updateMany({ where: { immutableId: answer.id }, data: { ticketId: null } });
  await world.desk.ticket.update({ where: { id: ticketId }, data: { categoriesDueAt: new Date() } });
  await categorize();
  expect([await categoriesOf(id), await categoriesOf(answer.id)]).toEqual([[`#${number} · New`], []]);
});

test("a mail that no ticket has wears nothing of ours", async () => {
  const quiet = await world.reads("on_conversion", "ben@deskhatch.test");
  const letter = await arrives(world.sandbox, { to: "ben@deskhatch.test" });
  await syncAndReceive(world.context, quiet.id);
  await categorize();
  const message = await world.desk.message.findFirstOrThrow({ where: { internetMessageId: letter } });
  const ben = await world.outlookOf("ben@deskhatch.test");
  const { body } = await ben.get(`/me/messages/${encodeURIComponent(message.immutableId ?? "")}`);
  expect(body.categories).toEqual([]);
});

test("who changes the mail between our look and our word loses nothing", async () => {
  const { id, number } = await aTicketOfAlice();
  world.sandbox.faults.add({ when: ourFirstWord, do: "delay", delayMs: 1500 });
  const before = world.sandbox.faults.done().length;
  const categorizing = categorize();
  await until(async () => world.sandbox.faults.done().length > before);
  await outlook.patch(path(id), { categories: ["Blue category"] });
  await categorizing;
  expect(await categoriesOf(id)).toEqual(["Blue category", `#${number} · New`]);
});

test.each(["effectThenDrop", "503", "429"] as const)(
  "%s: a mail wears one category of ours, also when Graph's answer is lost or late",
  async (what) => {
    const { id, number } = await aTicketOfAlice();
    await categorize();
    world.sandbox.faults.add({
      when: { ...ourWord, times: 4 },
      do: what,
      ...(what === "429" && { retryAfter: 1 }),
    });
    await becomes(number, "in_progress");
    await categorize();
    // Later, when Graph lets us again; the ticket has gone on meanwhile.
    world.sandbox.faults.clear();
    await becomes(number, "resolved");
    const other = await world.another();
    await categorizeMails(other);
    expect(await categoriesOf(id)).toEqual([`#${number} · Resolved`]);
    expect((await world.desk.ticket.findUniqueOrThrow({ where: { number } })).categoriesDueAt).toBeNull();
  },
);

test("our own change of a mail is read as a change of that mail and files nothing", async () => {
  const { number } = await aTicketOfAlice();
  await categorize();
  const before = [await world.desk.message.count(), await world.desk.inboxItem.count(), await world.desk.entry.count()];
  await syncAndReceive(world.context, mailboxId);
  await syncAndReceive(world.context, mailboxId);
  const after = [await world.desk.message.count(), await world.desk.inboxItem.count(), await world.desk.entry.count()];
  expect(after).toEqual(before);
  expect((await world.desk.ticket.findUniqueOrThrow({ where: { number } })).categoriesDueAt).toBeNull();
});

test("a mail that was deleted holds nobody up", async () => {
  const { id, number } = await aTicketOfAlice();
  await outlook.post(`${path(id)}/permanentDelete`);
  const other = await aTicketOfAlice();
  await categorize();
  expect(await categoriesOf(other.id)).toEqual([`#${other.number} · New`]);
  expect((await world.desk.ticket.findUniqueOrThrow({ where: { number } })).categoriesDueAt).toBeNull();
});

/** In Exchange's manner, and before all others in their order. */
const goneId = (nth: number) => `AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A0000gone${nth}AA==`;

test("of a ticket with more deleted mails than one round takes, each is asked for once, and the others get their category", async () => {
  const { id, number, ticketId } = await aTicketOfAlice();
  const { id: messageId } = await world.desk.message.findFirstOrThrow({ where: { immutableId: id } });
  const deleted = Array.from({ length: 120 }, (_, nth) => ({ messageId, mailboxId, immutableId: goneId(nth) }));
  await world.desk.messageCopy.createMany({ data: deleted });
  await becomes(number, "in_progress");

  let rounds = 0;
  await categorizeMails({ ...world.context, queue: { ...world.queue, isResting: () => ++rounds > 3 } });
  expect(await categoriesOf(id)).toEqual([`#${number} · In progress`]);
  expect((await world.desk.ticket.findUniqueOrThrow({ where: { id: ticketId } })).categoriesDueAt).toBeNull();
});

test("in a round of many, a deleted mail and one that somebody changes meanwhile hold nobody up", async () => {
  const letters = [];
  for (let nth = 0; nth < 45; nth++) letters.push(await arrives(world.sandbox, { subject: `Toaster ${nth}` }));
  await syncAndReceive(world.context, mailboxId);
  const mails = await world.desk.message.findMany({
    where: { internetMessageId: { in: letters } },
    select: { immutableId: true, ticket: { select: { number: true } } },
    orderBy: { receivedAt: "asc" },
  });
  const ids = mails.map(({ immutableId }) => immutableId ?? "");
  await outlook.post(`${path(ids[7] ?? "")}/permanentDelete`);
  world.sandbox.faults.add({ when: ourWord, do: "delay", delayMs: 1500 });
  const before = world.sandbox.faults.done().length;
  const categorizing = categorize();
  await until(async () => world.sandbox.faults.done().length > before);
  await Promise.all(ids.slice(20, 24).map((id) => outlook.patch(path(id), { categories: ["Mine"] })));
  await categorizing;
  for (const [nth, { ticket }] of mails.entries())
    if (nth !== 7) expect(await categoriesOf(ids[nth] ?? "")).toContain(`#${ticket?.number} · New`);
  for (const id of ids.slice(20, 24)) expect(await categoriesOf(id)).toContain("Mine");
  expect(await world.desk.ticket.count({ where: { categoriesDueAt: { not: null } } })).toBe(0);
});

test("in a storm categories wait, so that mail and replies have Graph's requests", async () => {
  const { id } = await aTicketOfAlice();
  const { count } = await world.desk.inboxItem.createMany({
    data: Array.from({ length: most.forCategories }, (_, nth) => ({
      ...{ mailboxId, immutableId: `fetched ${nth}`, state: "filed" as const, doneAt: new Date() },
    })),
  });
  expect(count).toBe(most.forCategories);
  await categorize();
  expect(await categoriesOf(id)).toEqual([]);

  await world.desk.inboxItem.deleteMany({ where: { immutableId: { startsWith: "fetched" } } });
  await world.desk.ticket.updateMany({
    where: { categoriesDueAt: { not: null } },
    data: { categoriesDueAt: new Date() },
  });
  // Nobody touched the mail meanwhile, so there is still no need to look first.
  world.sandbox.faults.add({ when: { ...ourFirstWord, times: 9 }, do: "delay", delayMs: 0 });
  const before = world.sandbox.faults.done().length;
  await categorize();
  expect(await categoriesOf(id)).toHaveLength(1);
  expect(world.sandbox.faults.done().length - before).toBe(1);
});

test("while Graph refuses single mails because there are too many, nothing more is asked, and later all wear it", async () => {
  const one = await aTicketOfAlice();
  const two = await aTicketOfAlice({ subject: "Another matter" });
  const { concurrent } = world.sandbox.limits;
  world.sandbox.limits.concurrent = 0;
  try {
    await categorize();
  } finally {
    world.sandbox.limits.concurrent = concurrent;
  }
  expect([await categoriesOf(one.id), await categoriesOf(two.id)]).toEqual([[], []]);
  await until(async () => {
    await categorize();
    return (await categoriesOf(two.id)).length > 0;
  });
  expect(await categoriesOf(one.id)).toEqual([`#${one.number} · New`]);
});

test("a German team reads it in German, and no name breaks a list of categories", () => {
  expect(categoryOf({ number: 1042, status: "in_progress" }, "de")).toBe("#1042 · In Arbeit");
  const statuses = [
    "new",
    "in_progress",
    "waiting_on_customer",
    "waiting_on_third_party",
    "resolved",
    "closed",
  ] as const;
  for (const language of ["en", "de"] as const)
    for (const status of statuses) expect(categoryOf({ number: 1, status }, language)).not.toMatch(/[,;]/);
});

test("of a merged ticket the mails show the ticket in which it goes on", async () => {
  const one = await aTicketOfAlice();
  const two = await aTicketOfAlice({ subject: "The same again" });
  await transact(world.desk, (tx) =>
    tx.ticket.update({
      where: { id: two.ticketId },
      data: { mergedIntoId: one.ticketId, mergedAt: new Date(), categoriesDueAt: new Date() },
    }),
  );
  await categorize();
  expect(await categoriesOf(two.id)).toEqual([`#${one.number} · New`]);
  await becomes(one.number, "resolved");
  await categorize();
  expect(await categoriesOf(two.id)).toEqual([`#${one.number} · Resolved`]);
});
