/** What agents send from plain Outlook or a phone is found in Sent Items, and shown to nobody until it is released. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { transact } from "../../server/desk/database.ts";
import { intendMail, sendMail } from "../../server/desk/mail/send.ts";
import { syncSentItems } from "../../server/desk/mail/sent-items.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { openPublisher } from "../../server/release/publisher.ts";
import { aMailWorld, arrives, type MailWorld, support } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
let alice: Awaited<ReturnType<MailWorld["aContact"]>>;
let portal: ReturnType<typeof openPublisher>;

beforeAll(async () => {
  world = await aMailWorld({ door: true });
  portal = openPublisher(world.rooms.publisher, 2);
  mailboxId = (await world.reads("every_mail")).id;
  alice = await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
});
afterEach(() => world.sandbox.faults.clear());
afterAll(async () => {
  await portal.$disconnect();
  await world.close();
});

const looksIntoSent = () => syncSentItems(world.context, mailboxId);
const outlook = (address = "anna@deskhatch.test") => world.outlookOf(address);
const path = (rest: string, mailbox = support) => `/users/${mailbox}/messages${rest}`;

/** A ticket of a mail from Alice. */
async function aTicketOfAlice() {
  const letter = await arrives(world.sandbox, { text: "The printer is on fire." });
  await syncAndReceive(world.context, mailboxId);
  const message = await world.desk.message.findFirstOrThrow({
    where: { internetMessageId: letter },
    include: { ticket: true },
  });
  if (!message.ticket) throw new Error("The mail has no ticket.");
  return { letter, immutableId: message.immutableId ?? "", ticket: message.ticket };
}

type Answer = { text: string; from?: string; to?: string; subject?: string };

/** Anna answers in Outlook itself: in the shared mailbox, with what Outlook quotes below her words. */
async function answersInOutlook(immutableId: string, { text, from = support }: Answer) {
  const anna = await outlook();
  const draft = await anna.post(path(`/${encodeURIComponent(immutableId)}/createReply`), { comment: text });
  if (from !== support)
    await anna.patch(path(`/${encodeURIComponent(draft.body.id)}`), { sender: { emailAddress: { address: from } } });
  await anna.post(path(`/${encodeURIComponent(draft.body.id)}/send`), {});
  return draft.body.internetMessageId.replace(/[<>]/g, "") as string;
}

const replies = (ticketId: string) =>
  world.desk.entry.findMany({ where: { ticketId, kind: "reply" }, include: { message: true }, orderBy: { at: "asc" } });

test("an answer from plain Outlook is on the timeline, internal, with its new words and the agent who sent it", async () => {
  const { ticket, immutableId } = await aTicketOfAlice();
  await transact(world.desk, (tx) => tx.portalTicket.create({ data: { ticketId: ticket.id, rule: "a test" } }));
  const anna = await world.signedIn("anna@deskhatch.test");
  const before = (await anna.get(`/api/tickets/${ticket.number}`)).body;

  const messageId = await answersInOutlook(immutableId, { text: "Pull the plug.", from: "anna@deskhatch.test" });
  await looksIntoSent();
  await looksIntoSent();

  const { body } = await anna.get(`/api/tickets/${ticket.number}`);
  const [entry, ...more] = body.entries.filter(({ kind }: { kind: string }) => kind === "reply");
  expect(more).toEqual([]);
  expect(entry).toMatchObject({
    author: { side: "team", name: "Anna Albrecht" },
    visibility: { to: "internal" },
    facts: { sentFrom: "outlook", to: ["alice@harbourlight.test"] },
    sending: null,
  });
  expect(entry.html).toContain("Pull the plug.");
  expect(entry.html).not.toContain("on fire");
  expect(entry.quotedHtml).toContain("on fire");
  // The portal would show another status, so it stays; and nothing was released.
  expect([body.status, body.version > before.version]).toEqual([before.status, true]);
  expect(await world.desk.release.count({ where: { entryId: entry.id } })).toBe(0);
  expect(await portal.publishedEntry.count({ where: { ticketId: ticket.id, kind: "reply" } })).toBe(0);

  const released = await anna.post(`/api/tickets/${ticket.number}/entries/${entry.id}/releases`, {});
  expect(released.status).toBe(201);
  const [shown] = await portal.publishedEntry.findMany({ where: { ticketId: ticket.id, kind: "reply" } });
  expect(shown).toMatchObject({ authorName: "Anna Albrecht", side: "team" });
  expect(shown?.html).toContain("Pull the plug.");
  expect(shown?.html).not.toContain("on fire");
  const { body: retracted } = await anna.delete(`/api/tickets/${ticket.number}/entries/${entry.id}/releases`);
  expect(retracted.sentence).toContain("The mail that was sent to alice@harbourlight.test cannot be recalled.");

  // Alice's answer to that mail finds the ticket, because we hold the mail that she answers.
  const answer = await arrives(world.sandbox, { inReplyTo: messageId, text: "Done." });
  await syncAndReceive(world.context, mailboxId);
  const filed = await world.desk.message.findFirstOrThrow({ where: { internetMessageId: answer } });
  expect(filed.ticketId).toBe(ticket.id);
});

test("an answer that only the mailbox signs is the mailbox's", async () => {
  const { ticket, immutableId } = await aTicketOfAlice();
  await answersInOutlook(immutableId, { text: "We are coming." });
  await looksIntoSent();

  const [entry] = await replies(ticket.id);
  expect(entry).toMatchObject({ agentId: null, message: { outgoing: true, fromAddress: support, heldBecause: null } });
  const anna = await world.signedIn("anna@deskhatch.test");
  const { body } = await anna.get(`/api/tickets/${ticket.number}`);
  const reply = body.entries.find(({ kind }: { kind: string }) => kind === "reply");
  expect(reply.author).toMatchObject({ side: "team", name: "Deskhatch Support" });
});

test("our own mails are not taken for answers from Outlook, whatever became of their ids", async () => {
  const { ticket, immutableId } = await aTicketOfAlice();
  const answered = await world.desk.message.findFirstOrThrow({ where: { immutableId } });
  const { sendingId } = await transact(world.desk, (tx) =>
    intendMail(tx, world.queue, {
      kind: "reply",
      key: `reply to ${ticket.id}`,
      mailboxId,
      ticketId: ticket.id,
      mail: {
        to: [{ name: alice.name, address: alice.address }],
        cc: [],
        subject: "Re: The printer is on fire",
        html: "<p>From the pane.</p>",
        answersMessageId: answered.id,
        attachments: [],
        automatic: false,
      },
    }),
  );
  // Found before it is recorded: the process died after it had sent.
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "/messages(/[^/]+)?\\?", times: 20 }, do: "503" });
  await sendMail(world.context, sendingId).catch(() => "no answer");
  world.sandbox.faults.clear();
  const { draftId, state } = await world.desk.sending.findUniqueOrThrow({ where: { id: sendingId } });
  expect(state).toBe("sending");
  // Its last letters changed when it was sent, as people report of Exchange.
  await world.desk.sending.update({ where: { id: sendingId }, data: { draftId: `${draftId?.slice(0, -4)}AAA=` } });
  await looksIntoSent();
  expect(await replies(ticket.id)).toEqual([]);

  await world.desk.sending.update({ where: { id: sendingId }, data: { leasedUntil: null } });
  await sendMail(world.context, sendingId);
  await world.desk.mailbox.update({ where: { id: mailboxId }, data: { sentLink: null } });
  await world.desk.sentItem.updateMany({ where: { state: "ours" }, data: { state: "pending" } });
  await looksIntoSent();
  expect(await replies(ticket.id)).toEqual([]);
  expect(await world.desk.message.count({ where: { ticketId: ticket.id, outgoing: true } })).toBe(1);
});

test("of a mail that belongs to no ticket nothing is kept, though its subject names one", async () => {
  const { ticket } = await aTicketOfAlice();
  const anna = await outlook();
  const message = {
    subject: `Lunch? #${ticket.number}`,
    body: { contentType: "text", content: "At noon." },
    toRecipients: [{ emailAddress: { address: "adam@harbourlight.test" } }],
  };
  const before = await world.desk.message.count();
  await anna.post(`/users/${support}/sendMail`, { message });
  await looksIntoSent();

  expect(await world.desk.message.count()).toBe(before);
  expect(await replies(ticket.id)).toEqual([]);
  const item = await world.desk.sentItem.findFirstOrThrow({
    orderBy: { sentAt: "desc" },
    where: { state: "not_kept" },
  });
  expect(item.doneAt).not.toBeNull();
});

test("what Ben had answered before he made a ticket of the mail joins that ticket", async () => {
  const ben = await world.reads("on_conversion", "ben@deskhatch.test");
  const letter = await arrives(world.sandbox, { to: "ben@deskhatch.test" });
  await syncAndReceive(world.context, ben.id);
  const mail = await world.desk.message.findFirstOrThrow({ where: { internetMessageId: letter } });
  const his = await world.outlookOf("ben@deskhatch.test");
  const messages = "/me/messages";
  const { body: draft } = await his.post(`${messages}/${encodeURIComponent(mail.immutableId ?? "")}/createReply`, {
    comment: "I look into it.",
  });
  await his.post(`${messages}/${encodeURIComponent(draft.id)}/send`, {});
  await syncSentItems(world.context, ben.id);
  expect(await world.desk.sentItem.findMany({ where: { mailboxId: ben.id } })).toMatchObject([{ state: "not_kept" }]);

  const agent = await world.signedIn("ben@deskhatch.test");
  const wish = { messageId: mail.id, requester: { contactId: alice.id }, subject: "The printer", attachmentIds: [] };
  const { body } = await agent.post("/api/tickets", wish);
  await syncSentItems(world.context, ben.id);
  expect(await replies(body.ticket.id)).toMatchObject([{ html: expect.stringContaining("I look into it.") }]);
});

test("a stranger's mail that somebody moved into Sent Items is no word of ours", async () => {
  const { ticket, letter } = await aTicketOfAlice();
  await world.sandbox.deliver(
    `From: Mallory <mallory@outsider.test>\r\nTo: ${support}\r\nSubject: Re\r\nMessage-ID: <moved-${ticket.id}@outsider.test>\r\nIn-Reply-To: <${letter}>\r\n\r\nPay here.\r\n`,
    { from: "mallory@outsider.test", to: support, folder: "sentitems" },
  );
  await looksIntoSent();
  expect(await replies(ticket.id)).toEqual([]);
});

test("when Graph has forgotten our place in Sent Items, everything is found again and nothing is doubled", async () => {
  const { ticket, immutableId } = await aTicketOfAlice();
  await answersInOutlook(immutableId, { text: "First." });
  await looksIntoSent();
  world.sandbox.resetDelta(support, "sentitems");
  await answersInOutlook(immutableId, { text: "Second." });
  await looksIntoSent();
  await looksIntoSent();

  const found = await replies(ticket.id);
  expect(found.map(({ html }) => /First|Second/.exec(html)?.[0])).toEqual(["First", "Second"]);
});

test("a mail that cannot be fetched just now is filed later, and two processes at once file it once", async () => {
  const { ticket, immutableId } = await aTicketOfAlice();
  await answersInOutlook(immutableId, { text: "Patience." });
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "/\\$value", times: 4 }, do: "503" });
  await looksIntoSent();
  expect(await replies(ticket.id)).toEqual([]);

  await world.desk.sentItem.updateMany({ where: { state: "pending" }, data: { dueAt: new Date() } });
  const other = await world.another();
  await Promise.allSettled([looksIntoSent(), syncSentItems(other, mailboxId), looksIntoSent()]);
  expect(await replies(ticket.id)).toHaveLength(1);
});

test("a mail that Graph does not find for a moment is looked for again, and one that was gone may come back", async () => {
  const { ticket, immutableId } = await aTicketOfAlice();
  await answersInOutlook(immutableId, { text: "Here I am." });
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "/\\$value", times: 2 }, do: "404" });
  const soon = () => world.desk.sentItem.updateMany({ where: { state: "pending" }, data: { dueAt: new Date() } });
  await looksIntoSent();
  await soon();
  await looksIntoSent();
  expect(await replies(ticket.id)).toEqual([]);
  const gone = await world.desk.sentItem.findFirstOrThrow({ where: { state: "gone" } });

  const anna = await outlook();
  for (const destinationId of ["archive", "sentitems"])
    await anna.post(path(`/${encodeURIComponent(gone.immutableId)}/move`), { destinationId });
  await looksIntoSent();
  expect(await replies(ticket.id)).toHaveLength(1);
});

test("what was sent in days of silence is found page by page, each once, in the order in which it was sent", async () => {
  const { ticket, letter } = await aTicketOfAlice();
  const day = Date.now();
  const mails = 230;
  // Of all that is sent from a mailbox a part belongs to a ticket.
  const answers = Array.from({ length: mails }, (_, n) => n).filter((n) => n % 10 === 0);
  for (let n = 0; n < mails; n++)
    await world.sandbox.deliver(
      [
        `From: Anna Albrecht <anna@deskhatch.test>`,
        "To: alice@harbourlight.test",
        `Subject: Re: page ${n}`,
        `Message-ID: <page-${n}@deskhatch.test>`,
        `In-Reply-To: <${answers.includes(n) ? letter : `other-${n}@elsewhere.test`}>`,
        `Date: ${new Date(day + n * 1000).toUTCString().replace("GMT", "+0000")}`,
        "",
        `Answer ${n}.`,
      ].join("\r\n"),
      { from: "anna@deskhatch.test", to: support, folder: "sentitems", receivedAt: new Date(day + n * 1000) },
    );
  const before = world.sandbox.faults.done().length;
  world.sandbox.faults.add({
    when: { method: "GET", pathPattern: "sentitems.*delta", times: 50 },
    do: "delay",
    delayMs: 1,
  });
  // A job takes a hundred; what is left is the next one's.
  await looksIntoSent();
  const pages = world.sandbox.faults.done().length - before;
  expect(pages).toBeGreaterThan(1);
  expect((await replies(ticket.id)).length).toBe(10);
  const other = await world.another();
  while ((await world.desk.sentItem.count({ where: { mailboxId, state: "pending" } })) > 0)
    await Promise.all([looksIntoSent(), syncSentItems(other, mailboxId)]);

  const found = (await replies(ticket.id)).map(({ html }) => Number(/Answer (\d+)\./.exec(html ?? "")?.[1]));
  expect(found).toEqual(answers);
}, 60_000);
