import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import pg from "pg";
import { type Agent, aWorld, type World } from "./world.ts";

let world: World;
let anna: Agent;

beforeAll(async () => {
  world = await aWorld();
  anna = await world.anAgent({ name: "Anna" });
});
afterAll(() => world.close());

async function aTicketWithNotes(count: number) {
  const ticket = await world.aTicket();
  const at = new Date("2026-01-01T00:00:00Z").getTime();
  await world.desk.entry.createMany({
    data: Array.from({ length: count }, (_, n) => ({
      ticketId: ticket.id,
      kind: "note" as const,
      agentId: anna.id,
      html: `note ${n}`,
      // Pairs share their moment, so that the order needs the id too.
      at: new Date(at + Math.floor(n / 2) * 1000),
    })),
  });
  return ticket;
}

const words = (entries: { html: string }[]) => entries.map(({ html }) => html);

test("a long timeline comes in pages, newest first, each entry once and in order", async () => {
  const { number } = await aTicketWithNotes(123);
  const newest = await world.as(anna).get(`/api/tickets/${number}`);
  expect(newest.body.entries).toHaveLength(50);
  const older = await world.as(anna).get(`/api/tickets/${number}/entries?before=${newest.body.olderCursor}`);
  const oldest = await world.as(anna).get(`/api/tickets/${number}/entries?before=${older.body.olderCursor}`);
  expect(oldest.body.olderCursor).toBeNull();
  const all = [...oldest.body.entries, ...older.body.entries, ...newest.body.entries];
  expect(all).toHaveLength(123);
  expect(new Set(words(all)).size).toBe(123);
  const order = all.map(({ at, id }) => `${at} ${id}`);
  expect(order).toEqual(order.toSorted());
});

test.each(["x", "AAAA", "' or 1=1", Buffer.from("2026-01-01T00:00:00Z no-id").toString("base64url")])(
  "the cursor %j is refused",
  async (cursor) => {
    const { number } = await world.aTicket();
    const { status } = await world.as(anna).get(`/api/tickets/${number}/entries?before=${encodeURIComponent(cursor)}`);
    expect(status).toBe(400);
    expect((await world.as(anna).get(`/api/tickets?cursor=${encodeURIComponent(cursor)}`)).status).toBe(400);
  },
);

test("tickets come in pages, the latest change first, and filters narrow them", async () => {
  const alice = await world.aContact({ name: "Alice Pagemaker" });
  const made = await Promise.all(Array.from({ length: 65 }, () => world.aTicket({ requesterId: alice.id })));
  const numbers: number[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const path = `/api/tickets?contactId=${alice.id}${cursor && `&cursor=${cursor}`}`;
    const { body } = await world.as(anna).get(path);
    numbers.push(...body.tickets.map(({ number }: { number: number }) => number));
    cursor = body.nextCursor;
  }
  expect(numbers.toSorted()).toEqual(made.map(({ number }) => number).toSorted());

  const [first] = made;
  await world.desk.ticket.update({ where: { id: first?.id ?? "" }, data: { status: "closed", assigneeId: anna.id } });
  const count = async (query: string) => (await world.as(anna).get(`/api/tickets?${query}`)).body.tickets.length;
  expect(await count(`contactId=${alice.id}&mine=true`)).toBe(1);
  expect(await count(`contactId=${alice.id}&open=false`)).toBe(1);
  expect(await count(`search=%23${first?.number}`)).toBe(1);
  expect(await count("search=alice+pagemaker")).toBe(30);
  expect(await count("search=nothing+like+this")).toBe(0);
});

test("an entry says whether the customer sees it, since when, by whom; and what was taken back", async () => {
  const { id, number } = await aTicketWithNotes(3);
  const [shown, takenBack, again] = await world.desk.entry.findMany({
    where: { ticketId: id },
    orderBy: [{ at: "asc" }, { id: "asc" }],
  });
  const release = (entryId = "", data = {}) =>
    world.desk.release.create({
      data: { ticketId: id, entryId, client: "test", html: "x", htmlSha256: "x", releasedById: anna.id, ...data },
    });
  const file = await world.desk.attachment.create({
    data: { entryId: shown?.id ?? "", name: "a", type: "a/a", size: 1, sha256: "a" },
  });
  await world.desk.attachment.create({
    data: { entryId: shown?.id ?? "", name: "b", type: "a/a", size: 1, sha256: "b", position: 1 },
  });
  const first = await release(shown?.id);
  await world.desk.releaseFile.create({ data: { releaseId: first.id, attachmentId: file.id } });
  const retracted = { retractedAt: new Date(), retractedById: anna.id };
  await release(takenBack?.id, retracted);
  await release(again?.id, retracted);
  await release(again?.id, { rule: "customer's own words", releasedById: null });

  const { body } = await world.as(anna).get(`/api/tickets/${number}`);
  expect(body.entries).toMatchObject([
    {
      visibility: { to: "customer", releaseId: first.id, releasedBy: "Anna", publishedAt: null },
      files: [
        { name: "a", released: true },
        { name: "b", released: false },
      ],
    },
    { visibility: { to: "internal", retracted: { by: "Anna", at: expect.any(String) } } },
    { visibility: { to: "customer", releasedBy: "customer's own words" } },
  ]);
});

/** SQL that a request needs, without what the queue does by itself. */
async function queriesOf(request: () => Promise<{ status: number }>) {
  await request();
  const spy = jest.spyOn(pg.Client.prototype, "query");
  try {
    expect((await request()).status).toBe(200);
    return spy.mock.calls
      .map(([query]) => String((query as { text?: string }).text ?? query))
      .filter((sql) => !/\bjobs\./.test(sql));
  } finally {
    spy.mockRestore();
  }
}

test("showing a ticket costs the same three queries, whether it has 2 entries or 120", async () => {
  const [short, long] = [await aTicketWithNotes(2), await aTicketWithNotes(120)];
  for (const { number } of [short, long]) {
    const queries = await queriesOf(() => world.as(anna).get(`/api/tickets/${number}`));
    // Who asks, the ticket, its timeline.
    expect(queries).toHaveLength(3);
  }
});

test("the mail that is open costs at most eight queries, however many people and tickets it names", async () => {
  const contacts = await Promise.all(Array.from({ length: 8 }, () => world.aContact()));
  const [alice] = contacts;
  const tickets = await Promise.all(contacts.map(({ id }) => world.aTicket({ requesterId: id })));
  const mailbox = await world.aMailbox();
  const kept = await world.aKeptMail({
    mailboxId: mailbox.id,
    ...(alice && { from: alice }),
    files: [{ name: "a" }, { name: "b" }, { name: "c" }],
    match: {
      suggestions: {
        contacts: contacts.map(({ id }) => ({ contactId: id, because: "the name is like theirs" })),
        tickets: tickets.map(({ id }) => ({ ticketId: id, because: "the subject names it" })),
      },
    },
  });
  const path = `/api/mails/open?mailbox=${mailbox.address}&internetMessageId=${kept.internetMessageId}`;
  const { body } = await world.as(anna).get(path);
  expect(body.mail.suggestedTickets).toHaveLength(8);
  expect(body.mail.sender.suggestions).toHaveLength(8);
  const queries = await queriesOf(() => world.as(anna).get(path));
  expect(queries.length).toBeLessThanOrEqual(8);
});
