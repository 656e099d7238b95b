/** What mail servers report of our mails stands where the mail stands, and no report becomes a ticket or an answer. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { transact } from "../../server/desk/database.ts";
import { intendMail, sendMail } from "../../server/desk/mail/send.ts";
import { syncSentItems } from "../../server/desk/mail/sent-items.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aMailWorld, arrives, type MailWorld, support } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
let anna: Awaited<ReturnType<MailWorld["signedIn"]>>;

beforeAll(async () => {
  world = await aMailWorld({ door: true });
  mailboxId = (await world.reads("every_mail")).id;
  anna = await world.signedIn("anna@deskhatch.test");
  await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
});
afterAll(() => world.close());

/** A reply of Anna's that has gone out, on a ticket of Alice's; it waits for her now. */
async function aSentReply() {
  const letter = await arrives(world.sandbox);
  await syncAndReceive(world.context, mailboxId);
  const message = await world.desk.message.findFirstOrThrow({
    where: { internetMessageId: letter },
    include: { ticket: true },
  });
  const number = message.ticket?.number ?? 0;
  const { body: entry } = await anna.post(`/api/tickets/${number}/replies`, { html: "<p>Unplug it.</p>" });
  const { id } = await world.desk.sending.findFirstOrThrow({ where: { entryId: entry.id } });
  await sendMail(world.context, id);
  const { internetMessageId } = await world.desk.sending.findUniqueOrThrow({ where: { id } });
  return { number, entryId: entry.id as string, messageId: internetMessageId ?? "", immutableId: message.immutableId };
}

type Report = { about: string; status: string; action?: "failed" | "delayed"; from?: string; headers?: string[] };

let reports = 0;

/** RFC 3464. Says its Message-ID. */
async function reported({ about, status, action = "failed", from = "harbourlight.test", headers = [] }: Report) {
  const id = `report-${++reports}@${from}`;
  const report = [
    `From: Mail Delivery <mailer-daemon@${from}>`,
    `To: ${support}`,
    `Subject: ${action === "failed" ? "Undeliverable" : "Delayed"}: Re: The printer is on fire`,
    `Message-ID: <${id}>`,
    ...headers,
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
    "",
    "--x",
    "Content-Type: text/plain",
    "",
    action === "failed" ? "It did not arrive." : "It was delayed. We will keep trying.",
    "--x",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mail.example",
    "",
    "Final-Recipient: rfc822; alice@harbourlight.test",
    `Action: ${action}`,
    `Status: ${status}`,
    "--x",
    "Content-Type: message/rfc822",
    "",
    `Message-ID: <${about}>`,
    `From: ${support}`,
    "Subject: Re: The printer is on fire",
    "",
    "Unplug it.",
    "--x--",
    "",
  ].join("\r\n");
  await world.sandbox.deliver(report, { from: "", to: support });
  await syncAndReceive(world.context, mailboxId);
  return id;
}

const ticketOf = async (number: number) => (await anna.get(`/api/tickets/${number}`)).body;
const entryOf = async (number: number, entryId: string) =>
  (await ticketOf(number)).entries.find(({ id }: { id: string }) => id === entryId);
const sentSoFar = () => world.sandbox.ledger().filter(({ effect }) => effect === "sent").length;

test("a reply that did not arrive says to whom and why, the ticket is ours again, and lists show it", async () => {
  const { number, entryId, messageId } = await aSentReply();
  expect(await ticketOf(number)).toMatchObject({ status: "waiting_on_customer", undelivered: false });
  const before = sentSoFar();
  const tickets = await world.desk.ticket.count();

  const report = await reported({ about: messageId, status: "5.2.2" });

  const bounce = await world.desk.message.findFirst({ where: { internetMessageId: report } });
  expect(bounce).toMatchObject({ kind: "bounce", heldBecause: null });
  expect((await entryOf(number, entryId)).bounces).toMatchObject([
    { recipient: "alice@harbourlight.test", status: "5.2.2", permanent: true },
  ]);
  const ticket = await ticketOf(number);
  expect(ticket).toMatchObject({ status: "in_progress", turn: "ours", undelivered: true });
  const { body: list } = await anna.get("/api/tickets");
  expect(list.tickets.find((one: { number: number }) => one.number === number)).toMatchObject({ undelivered: true });
  // LOOP-03: no ticket and no answer comes of it.
  expect([sentSoFar(), await world.desk.ticket.count()]).toEqual([before, tickets]);

  const { body: again } = await anna.post(`/api/tickets/${number}/replies`, { html: "<p>Once more.</p>" });
  const { id } = await world.desk.sending.findFirstOrThrow({ where: { entryId: again.id } });
  await sendMail(world.context, id);
  expect(await ticketOf(number)).toMatchObject({ undelivered: false });
});

test("a delay is told and nothing follows from it, until the server gives up", async () => {
  const { number, entryId, messageId } = await aSentReply();
  await reported({ about: messageId, status: "4.4.1", action: "delayed" });
  expect(await ticketOf(number)).toMatchObject({ status: "waiting_on_customer", undelivered: false });
  expect((await entryOf(number, entryId)).bounces).toMatchObject([{ status: "4.4.1", permanent: false }]);

  await reported({ about: messageId, status: "4.4.7" });
  expect(await ticketOf(number)).toMatchObject({ status: "in_progress", undelivered: true });
  expect((await entryOf(number, entryId)).bounces).toHaveLength(2);
});

test("a report about a mail that we did not send is held, and marks nothing", async () => {
  const { number, entryId } = await aSentReply();
  const report = await reported({ about: "never-sent@deskhatch.test", status: "5.1.1" });
  expect(await world.desk.message.findFirst({ where: { internetMessageId: report } })).toMatchObject({
    ticketId: null,
    heldBecause: "It reports on a mail that we did not send.",
  });
  expect((await entryOf(number, entryId)).bounces).toEqual([]);
});

test("a report about a real mail of ours from a server that did not send it is held, and marks nothing", async () => {
  const { number, entryId, messageId } = await aSentReply();
  const id = "forged-report@harbourlight.test";
  const forged = [
    "From: Mail Delivery <mailer-daemon@harbourlight.test>",
    `To: ${support}`,
    "Subject: Undeliverable: Re: The printer is on fire",
    `Message-ID: <${id}>`,
    `In-Reply-To: <${messageId}>`,
    "",
    "550 5.1.1 User unknown: your message could not be delivered to <alice@harbourlight.test>",
    "",
  ].join("\r\n");
  await world.sandbox.deliver(forged, { from: "mallory@outsider.test", to: support });
  await syncAndReceive(world.context, mailboxId);
  expect(await world.desk.message.findFirst({ where: { internetMessageId: id } })).toMatchObject({
    kind: "bounce",
    ticketId: null,
    heldBecause: "It says that a mail did not arrive, but the server that it names did not send it.",
  });
  expect(await ticketOf(number)).toMatchObject({ status: "waiting_on_customer", undelivered: false });
  expect((await entryOf(number, entryId)).bounces).toEqual([]);
});

test("an answer that was sent from Outlook and did not arrive says so, too", async () => {
  const { number, immutableId } = await aSentReply();
  const outlook = await world.outlookOf("anna@deskhatch.test");
  const messages = `/users/${support}/messages`;
  const { body: draft } = await outlook.post(`${messages}/${encodeURIComponent(immutableId ?? "")}/createReply`, {
    comment: "By phone.",
  });
  await outlook.post(`${messages}/${encodeURIComponent(draft.id)}/send`, {});
  await syncSentItems(world.context, mailboxId);

  await reported({ about: draft.internetMessageId.replace(/[<>]/g, ""), status: "5.1.1" });
  const { entries, undelivered } = await ticketOf(number);
  const entry = entries.find(({ facts }: { facts: { sentFrom?: string } }) => facts.sentFrom === "outlook");
  expect([undelivered, entry.bounces.length]).toEqual([true, 1]);
});

test("an invitation that did not arrive is no riddle for the tray", async () => {
  const { sendingId } = await transact(world.desk, (tx) =>
    intendMail(tx, world.queue, {
      kind: "invitation",
      key: "an invitation that bounces",
      mailboxId,
      mail: {
        to: [{ name: "Nobody", address: "nobody@deskhatch.test" }],
        cc: [],
        subject: "Your access",
        html: "<p>Welcome</p>",
        answersMessageId: null,
        attachments: [],
        automatic: true,
      },
    }),
  );
  // Exchange itself reports that there is no such mailbox.
  await sendMail(world.context, sendingId);
  await syncAndReceive(world.context, mailboxId);
  const bounces = await world.desk.bounce.findMany({ where: { sendingId }, include: { message: true } });
  expect(bounces).toMatchObject([
    { recipient: "nobody@deskhatch.test", permanent: true, message: { heldBecause: null, ticketId: null } },
  ]);
});

test("a mail that stays unsent puts the ticket before us", async () => {
  const { number } = await aSentReply();
  const { body: entry } = await anna.post(`/api/tickets/${number}/replies`, { html: "<p>Too late.</p>" });
  const { id } = await world.desk.sending.findFirstOrThrow({ where: { entryId: entry.id } });
  world.sandbox.faults.add({ when: { method: "POST", pathPattern: "/createReply" }, do: "400" });
  await sendMail(world.context, id);
  const ticket = await ticketOf(number);
  expect(ticket).toMatchObject({ status: "in_progress", undelivered: true });
  expect(ticket.entries.some(({ html }: { html: string }) => html.includes("The mail was not sent."))).toBe(true);
});
