import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Agent, aWorld, type World } from "./world.ts";

let world: World;
let anna: Agent;
let ben: Agent;

beforeAll(async () => {
  world = await aWorld();
  anna = await world.anAgent({ name: "Anna Albrecht" });
  ben = await world.anAgent({ name: "Ben Okafor" });
});
afterAll(() => world.close());

test("Anna selects a mail of a contact, makes a ticket of it, sees it and writes a note", async () => {
  const alice = await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
  const mailbox = await world.aMailbox({ team: "Support" });
  const kept = await world.aKeptMail({
    mailboxId: mailbox.id,
    from: alice,
    subject: "The lamp is out",
    html: "<p>It went dark.</p>",
    files: [{ name: "lamp.jpg" }, { name: "signature.png", inline: true }],
  });

  const selected = await world
    .as(anna)
    .get(`/api/mails/open?mailbox=${mailbox.address.toUpperCase()}&internetMessageId=${encodeURIComponent(`<${kept.internetMessageId}>`)}`);
  expect(selected).toMatchObject({ status: 200, body: { state: "known" } });
  const { mail } = selected.body;
  expect(mail.sender.contact).toMatchObject({ id: alice.id, name: "Alice Moreau" });
  expect(mail.proposal).toMatchObject({ requesterId: alice.id, subject: "The lamp is out", team: "Support" });
  expect(mail.proposal.attachmentIds).toEqual([kept.attachments[0]?.id]);

  const { requesterId, ...proposal } = mail.proposal;
  const opened = await world
    .as(anna)
    .post("/api/tickets", { messageId: mail.messageId, requester: { contactId: requesterId }, ...proposal });
  expect(opened).toMatchObject({ status: 201, body: { outcome: "opened", sentence: null } });

  const { number } = opened.body.ticket;
  const written = await world.as(anna).post(`/api/tickets/${number}/notes`, { html: "<b>Call her</b>" });
  expect(written).toMatchObject({ status: 201, body: { kind: "note", visibility: { to: "internal" } } });

  const shown = await world.as(ben).get(`/api/tickets/${number}`);
  expect(shown.status).toBe(200);
  expect(shown.body.entries).toMatchObject([
    { kind: "mail_received", html: "<p>It went dark.</p>", author: { side: "customer", name: "Alice Moreau" }, files: [{ name: "lamp.jpg" }] },
    { kind: "note", html: "<b>Call her</b>", author: { side: "team", name: "Anna Albrecht" } },
  ]);
  const again = await world.as(anna).get(`/api/mails/open?mailbox=${mailbox.address}&internetMessageId=${kept.internetMessageId}`);
  expect(again.body.mail.ticket.number).toBe(number);
});
