/** A reply can be taken back until its grace period is over, and until then it shows nowhere. */
import { eventually, type TwoRooms, twoRooms } from "./world.ts";

let rooms: TwoRooms;
beforeAll(async () => {
  rooms = await twoRooms({ grace: 2 });
});
afterAll(() => rooms.close());

async function aTicket() {
  const anna = await rooms.anAgent({ name: "Anna Albrecht" });
  const alice = await rooms.aContact({ name: "Alice Moreau" });
  const mail = await rooms.aKeptMail({ from: alice });
  const ticket = await rooms.aTicket({
    ...{ messageId: mail.id, requesterId: alice.id, mailboxId: mail.mailboxId },
    by: anna,
  });
  return { ...ticket, alice, anna, desk: rooms.agent(anna) };
}

const published = (ticketId: string) =>
  rooms.publisher.publishedEntry.findMany({ where: { ticketId }, select: { html: true } });

test("within the grace period the customer sees neither the reply nor the ticket; after it, both, and the status", async () => {
  const { number, id, desk } = await aTicket();
  const { body } = await desk.reply(number, { html: "<p>Soon.</p>" });
  expect([body.visibility.to, body.visibility.publishedAt, body.sending.state]).toEqual(["customer", null, "waiting"]);
  expect(await rooms.publisher.publishedTicket.count({ where: { ticketId: id } })).toBe(0);
  expect((await rooms.desk.ticket.findUniqueOrThrow({ where: { id } })).status).toBe("new");

  await eventually(async () => (await published(id)).some(({ html }) => html === "<p>Soon.</p>"));
  const release = await rooms.desk.release.findFirstOrThrow({ where: { entryId: body.id } });
  await eventually(async () => (await rooms.desk.release.findUniqueOrThrow({ where: { id: release.id } })).publishedAt);
  expect((await rooms.desk.ticket.findUniqueOrThrow({ where: { id } })).status).toBe("waiting_on_customer");
  expect((await desk.takeBack(number, body.id)).status).toBe(409);
});

test("a reply that was taken back is neither shown nor mailed, its words return and its upload can be used again", async () => {
  const { number, id, anna, desk } = await aTicket();
  const { sha256, size } = await rooms.files.keep(Buffer.from("terms"));
  const upload = await rooms.desk.attachment.create({
    data: { name: "terms.txt", type: "text/plain", size, sha256, uploadedById: anna.id },
  });
  const words = { html: "<p>Too fast.</p>", attachmentIds: [upload.id] };
  const { body: reply } = await desk.reply(number, words);
  const { status, body } = await desk.takeBack(number, reply.id);
  expect([status, body]).toEqual([200, words]);
  expect(await rooms.desk.sending.findMany({ where: { ticketId: id }, select: { state: true } })).toEqual([
    { state: "taken_back" },
  ]);
  expect(await rooms.desk.entry.count({ where: { id: reply.id } })).toBe(0);
  expect(await rooms.desk.auditRecord.count({ where: { ticketId: id, act: "reply_taken_back" } })).toBe(1);

  expect((await desk.reply(number, { ...words, html: "<p>Better.</p>" })).status).toBe(201);
  await eventually(async () => (await published(id)).length > 1);
  expect((await published(id)).map(({ html }) => html)).not.toContain("<p>Too fast.</p>");
});

test("a mail that is on its way cannot be taken back, even within the time", async () => {
  const { number, desk } = await aTicket();
  const { body: reply } = await desk.reply(number, { html: "<p>Gone.</p>" });
  await rooms.desk.sending.updateMany({ where: { entryId: reply.id }, data: { state: "drafted" } });
  const { status, body } = await desk.takeBack(number, reply.id);
  expect([status, body.detail]).toEqual([409, expect.stringContaining("Retract it")]);
});

test("retracting a reply within its grace period keeps the mail at home", async () => {
  const { number, id, alice, desk } = await aTicket();
  const { body: reply } = await desk.reply(number, { html: "<p>Never.</p>" });
  const { body } = await desk.retract(number, reply.id);
  expect(body.sentence).toContain(`The mail to ${alice.address} had not left yet and will not be sent.`);
  expect((await rooms.desk.sending.findFirstOrThrow({ where: { ticketId: id } })).state).toBe("taken_back");
});

test("words that are retracted leave the history of a reply that has not left yet", async () => {
  const { number, id, desk } = await aTicket();
  const { body: note } = await desk.note(number, { html: "<p>Wrong price.</p>" });
  await desk.release(number, note.id, {});
  const { body: reply } = await desk.reply(number, { html: "<p>See below.</p>", quoteEntryId: note.id });
  const mail = async () =>
    JSON.stringify((await rooms.desk.sending.findFirstOrThrow({ where: { entryId: reply.id } })).mail);
  expect(await mail()).toContain("Wrong price.");
  await desk.retract(number, note.id);
  expect(await mail()).not.toContain("Wrong price.");
  expect(await mail()).toContain("See below.");
  expect((await rooms.desk.sending.findFirstOrThrow({ where: { ticketId: id } })).state).toBe("waiting");
});

test("of a mail that was sent the agent is told that it cannot be recalled", async () => {
  const { number, alice, desk } = await aTicket();
  const { body: reply } = await desk.reply(number, { html: "<p>Sent.</p>" });
  await rooms.desk.sending.updateMany({ where: { entryId: reply.id }, data: { state: "sent", sentAt: new Date() } });
  const { body } = await desk.retract(number, reply.id);
  expect(body.sentence).toContain(`The mail that was sent to ${alice.address} cannot be recalled.`);
});

test("a status that somebody set meanwhile stays, unless the reply asked for one", async () => {
  const { number, id, desk } = await aTicket();
  await desk.reply(number, { html: "<p>One.</p>" });
  const { version } = await rooms.desk.ticket.findUniqueOrThrow({ where: { id } });
  await desk.ask.patch(`/api/tickets/${number}`, { status: "resolved" }, { "If-Match": `"${version}"` });
  await eventually(async () => (await published(id)).length > 1);
  expect((await rooms.desk.ticket.findUniqueOrThrow({ where: { id } })).status).toBe("resolved");

  await desk.reply(number, { html: "<p>Two.</p>", thenStatus: "waiting_on_third_party" });
  await eventually(async () => (await published(id)).length > 2);
  expect((await rooms.desk.ticket.findUniqueOrThrow({ where: { id } })).status).toBe("waiting_on_third_party");
});

test("the same request under the same key is answered the same after the reply took effect", async () => {
  const { number, id, desk } = await aTicket();
  const key = { "Idempotency-Key": crypto.randomUUID() };
  const ask = () => desk.ask.post(`/api/tickets/${number}/replies`, { html: "<p>Keyed.</p>" }, key);
  const first = await ask();
  await eventually(async () => (await published(id)).some(({ html }) => html === "<p>Keyed.</p>"));
  await rooms.settled();
  const again = await ask();
  expect([again.status, again.body]).toEqual([first.status, first.body]);
});
