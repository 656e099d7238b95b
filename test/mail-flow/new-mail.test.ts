/** A new mail from a ticket, and two agents who answer at once. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { transact } from "../../server/desk/database.ts";
import { sendMail } from "../../server/desk/mail/send.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { openPublisher } from "../../server/release/publisher.ts";
import { aMailWorld, arrives, type MailWorld } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
let portal: ReturnType<typeof openPublisher>;
let anna: Awaited<ReturnType<MailWorld["signedIn"]>>;
let ben: Awaited<ReturnType<MailWorld["signedIn"]>>;
let alice: Awaited<ReturnType<MailWorld["aContact"]>>;
let bob: Awaited<ReturnType<MailWorld["aContact"]>>;

beforeAll(async () => {
  world = await aMailWorld({ door: true });
  portal = openPublisher(world.rooms.publisher, 2);
  mailboxId = (await world.reads("every_mail")).id;
  anna = await world.signedIn("anna@deskhatch.test");
  ben = await world.signedIn("ben@deskhatch.test");
  alice = await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
  bob = await world.aContact({ name: "Bob Tanaka", address: "bob@birkenfeld-werke.test" });
});
afterAll(async () => {
  await portal.$disconnect();
  await world.close();
});

/** A ticket that no mail began: from the portal, or the phone. */
const aTicketWithoutMail = () =>
  world.aTicket({ requesterId: alice.id, channel: "portal", subject: "The gate is stuck" });
const write = (who: typeof anna, number: number, wish: object) =>
  who.post(`/api/tickets/${number}/new-mails`, {
    audience: "customer",
    subject: "Your gate",
    html: "<p>We come on Monday.</p>",
    toContactIds: [alice.id],
    ...wish,
  });

/** The mail that a person got for this entry. */
async function received(address: string, entryId: string) {
  const sending = await world.desk.sending.findFirstOrThrow({ where: { entryId } });
  await sendMail(world.context, sending.id);
  const { internetMessageId } = await world.desk.sending.findUniqueOrThrow({ where: { id: sending.id } });
  const outlook = await world.outlookOf(address);
  const { body } = await outlook.get("/me/messages?$top=200");
  const mine = body.value.filter(
    (one: { internetMessageId: string }) => one.internetMessageId === `<${internetMessageId}>`,
  );
  return { mails: mine, messageId: internetMessageId ?? "" };
}

test("a ticket without a mail is written to by a new one, whose answer comes to the ticket", async () => {
  const { id, number } = await aTicketWithoutMail();
  const { status, body: entry } = await write(anna, number, {});
  expect([status, entry.kind, entry.visibility.to]).toEqual([201, "reply", "customer"]);
  const { mails, messageId } = await received(alice.address, entry.id);
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatchObject({ subject: "Your gate" });
  expect(mails[0].replyTo[0].emailAddress.address).toMatch(/^support\+[a-z2-7]{52}@deskhatch\.test$/);
  expect(await portal.publishedEntry.count({ where: { ticketId: id, kind: "reply" } })).toBe(1);

  const answer = await arrives(world.sandbox, { inReplyTo: messageId, text: "Monday is fine." });
  await syncAndReceive(world.context, mailboxId);
  expect(await world.desk.message.findFirst({ where: { internetMessageId: answer } })).toMatchObject({ ticketId: id });
});

test("a reply on a ticket without a mail does not pretend to answer one", async () => {
  const { number } = await aTicketWithoutMail();
  const { body } = await anna.post(`/api/tickets/${number}/replies`, { html: "<p>We look.</p>" });
  const { mails } = await received(alice.address, body.id);
  expect(mails[0].subject).toBe("The gate is stuck");
});

test("an internal mail goes to whom the agent chose, and neither it nor the answer shows in the portal", async () => {
  const { id, number } = await aTicketWithoutMail();
  const wish = { audience: "internal", toContactIds: [bob.id, alice.id], html: "<p>Is a motor in stock?</p>" };
  const { status, body: entry } = await write(anna, number, wish);
  expect([status, entry.visibility.to]).toEqual([201, "internal"]);
  const { mails, messageId } = await received(bob.address, entry.id);
  expect(mails[0].body.content).toContain("Is a motor in stock?");
  expect(mails[0].body.content).not.toContain("portal.example");

  const from = { from: `Bob Tanaka <${bob.address}>`, inReplyTo: messageId, text: "Two are left." };
  const answers = [await arrives(world.sandbox, from)];
  answers.push(await arrives(world.sandbox, { inReplyTo: messageId, text: "What is this?" }));
  await syncAndReceive(world.context, mailboxId);
  for (const internetMessageId of answers)
    expect(await world.desk.message.findFirst({ where: { internetMessageId } })).toMatchObject({
      ticketId: id,
      heldBecause: null,
    });
  // Showing the ticket publishes all that may be seen of it.
  expect((await anna.put(`/api/tickets/${number}/portal`, {})).status).toBe(200);
  expect(await portal.publishedEntry.count({ where: { ticketId: id } })).toBe(0);
  // Bob is asked; he does not take part.
  expect(await world.desk.participant.count({ where: { ticketId: id, contactId: bob.id } })).toBe(0);
});

test("for the customer it goes to people of the ticket only; to nobody, or to somebody unknown, it is refused", async () => {
  const { id, number } = await aTicketWithoutMail();
  const stranger = await write(anna, number, { toContactIds: [bob.id] });
  expect([stranger.status, stranger.body.detail]).toEqual([
    422,
    expect.stringContaining("Bob Tanaka is not on this ticket."),
  ]);
  expect((await write(anna, number, { toContactIds: ["00000000-0000-4000-8000-000000000000"] })).status).toBe(404);
  expect((await write(anna, number, { toContactIds: [] })).status).toBe(400);
  expect((await write(anna, 999_999, {})).status).toBe(404);
  expect(await world.desk.sending.count({ where: { ticketId: id } })).toBe(0);
});

test("a mail that the mailbox would refuse for its size is refused while somebody is there to be told", async () => {
  const { number } = await aTicketWithoutMail();
  const me = await world.desk.agent.findFirstOrThrow({ where: { address: "anna@deskhatch.test" } });
  const { sha256 } = await world.files.keep(Buffer.from("a film"));
  const { id } = await world.desk.attachment.create({
    data: { name: "film.mov", type: "video/quicktime", size: 30 * 1024 * 1024, sha256, uploadedById: me.id },
  });
  const { status, body } = await write(anna, number, { attachmentIds: [id] });
  expect([status, body.detail]).toEqual([
    422,
    "These files make a mail of 40 MB, and the mailbox sends 35 MB at most. Remove a file, or send two replies.",
  ]);
});

test("two agents answer within a second: the second is told of the first's reply, and both texts go out when she insists", async () => {
  const { id, number } = await aTicketWithoutMail();
  const reply = (who: typeof anna, html: string, seenReplyId: string | null) =>
    who.post(`/api/tickets/${number}/replies`, { html, seenReplyId });
  const [first, second] = await Promise.all([
    reply(anna, "<p>From Anna.</p>", null),
    reply(ben, "<p>From Ben.</p>", null),
  ]);
  const [won, lost] = first.status === 201 ? [first, second] : [second, first];
  expect([won.status, lost.status]).toEqual([201, 409]);
  expect(lost.body.detail).toMatch(
    /^(Anna Albrecht|Ben Okafor) replied \d+ s ago\. Read that reply; your words are kept\./,
  );
  expect(await world.desk.sending.count({ where: { ticketId: id } })).toBe(1);

  const loser = first.status === 201 ? ben : anna;
  expect((await reply(loser, "<p>Mine, too.</p>", won.body.id)).status).toBe(201);
  expect(await world.desk.sending.count({ where: { ticketId: id } })).toBe(2);
  // Her own reply is no surprise to her.
  expect((await reply(loser, "<p>And one more.</p>", won.body.id)).status).toBe(201);
});

test("an internal mail can be taken back within its grace period", async () => {
  const { number } = await aTicketWithoutMail();
  const { body: entry } = await write(anna, number, { audience: "internal", toContactIds: [bob.id] });
  await transact(world.desk, (tx) =>
    tx.sending.updateMany({ where: { entryId: entry.id }, data: { sendAfter: new Date(Date.now() + 60_000) } }),
  );
  const { status, body } = await anna.delete(`/api/tickets/${number}/replies/${entry.id}`);
  expect([status, body.html]).toEqual([200, "<p>We come on Monday.</p>"]);
  expect(await world.desk.sending.findFirst({ where: { key: `new-mail:${entry.id}` } })).toMatchObject({
    state: "taken_back",
  });
});

test("a new mail is refused just as a reply is: on a merged ticket, and with a version that is old", async () => {
  const kept = await aTicketWithoutMail();
  const merged = await aTicketWithoutMail();
  const versionOf = async (number: number) => {
    const { body } = await anna.get(`/api/tickets/${number}`);
    return { "If-Match": `"${body.version}"` };
  };
  const old = await versionOf(kept.number);
  await anna.post(`/api/tickets/${merged.number}/merger`, { into: kept.number }, await versionOf(merged.number));

  const wish = { audience: "customer", subject: "Your gate", html: "<p>Monday.</p>", toContactIds: [alice.id] };
  const both = (number: number, headers = {}) =>
    Promise.all([
      anna.post(`/api/tickets/${number}/new-mails`, wish, headers),
      anna.post(`/api/tickets/${number}/replies`, { html: wish.html }, headers),
    ]);
  for (const { status, body } of await both(merged.number))
    expect([status, body.detail]).toEqual([409, expect.stringContaining(`merged into #${kept.number}`)]);
  for (const { status } of await both(kept.number, old)) expect(status).toBe(412);
  expect(await world.desk.entry.count({ where: { ticketId: { in: [kept.id, merged.id] }, kind: "reply" } })).toBe(0);
});
