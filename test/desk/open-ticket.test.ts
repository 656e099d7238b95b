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
    .get(
      `/api/mails/open?mailbox=${mailbox.address.toUpperCase()}&internetMessageId=${encodeURIComponent(`<${kept.internetMessageId}>`)}`,
    );
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
    {
      kind: "mail_received",
      html: "<p>It went dark.</p>",
      author: { side: "customer", name: "Alice Moreau" },
      files: [{ name: "lamp.jpg" }, { name: "signature.png" }],
    },
    { kind: "note", html: "<b>Call her</b>", author: { side: "team", name: "Anna Albrecht" } },
  ]);
  const again = await world
    .as(anna)
    .get(`/api/mails/open?mailbox=${mailbox.address}&internetMessageId=${kept.internetMessageId}`);
  expect(again.body.mail.ticket.number).toBe(number);
});

test("two agents make a ticket of the same mail at once: there is one, and the second learns whose", async () => {
  const alice = await world.aContact();
  const kept = await world.aKeptMail({ from: alice });
  const wish = { messageId: kept.id, requester: { contactId: alice.id }, subject: "Once" };

  const both = await Promise.all([anna, ben].map((agent) => world.as(agent).post("/api/tickets", wish)));
  const first = both.find(({ body }) => body.outcome === "opened");
  const second = both.find(({ body }) => body.outcome === "already");
  expect(second?.body.ticket.id).toBe(first?.body.ticket.id);
  const winner = both[0] === first ? anna : ben;
  expect(second?.body.sentence).toMatch(
    new RegExp(`^${winner.name} made #${first?.body.ticket.number} of this \\d+ s ago\\.$`),
  );
  expect(await world.desk.ticket.count({ where: { subject: "Once" } })).toBe(1);
});

test("fifty requests for one mail end in one ticket", async () => {
  const alice = await world.aContact();
  const kept = await world.aKeptMail({ from: alice });
  const wish = { messageId: kept.id, requester: { contactId: alice.id }, subject: "One of fifty" };
  const answers = await Promise.all(Array.from({ length: 50 }, () => world.as(anna).post("/api/tickets", wish)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ body }) => body.ticket.number)).size).toBe(1);
  expect(answers.filter(({ body }) => body.outcome === "opened")).toHaveLength(1);
});

test("a stranger's mail becomes the ticket of a new contact in a new organization", async () => {
  const kept = await world.aKeptMail({ from: { name: "Zoe", address: "Zoe@Newcomer.test" } });
  const newContact = { name: "Zoe Winter", address: "Zoe@Newcomer.test", organizationName: "Newcomer Ltd" };
  const { status, body } = await world
    .as(anna)
    .post("/api/tickets", { messageId: kept.id, requester: { newContact }, subject: "Hello" });
  expect(status).toBe(201);
  expect(body.ticket.contact).toMatchObject({
    name: "Zoe Winter",
    addresses: ["zoe@newcomer.test"],
    organization: { name: "Newcomer Ltd", personal: false },
  });
  const audited = await world.desk.auditRecord.findMany({
    where: { agentId: anna.id, subject: body.ticket.contact.id },
  });
  expect(audited.map(({ act }) => act)).toEqual(["contact_created"]);
});

test("when the ticket cannot be made, the new contact is not made either", async () => {
  const taken = await world.aContact({ address: "taken@customer.test" });
  const kept = await world.aKeptMail();
  const newContact = { name: "Somebody", address: "TAKEN@customer.test", organizationName: "Left behind Ltd" };
  const answer = await world
    .as(anna)
    .post("/api/tickets", { messageId: kept.id, requester: { newContact }, subject: "No" });
  expect(answer).toMatchObject({ status: 409, body: { contactId: taken.id } });
  expect(answer.body.detail).toContain(`belongs to ${taken.name}`);
  expect(await world.desk.organization.count({ where: { name: "Left behind Ltd" } })).toBe(0);
});

test("a mail of the thread is added to a ticket; a mail of another ticket is not", async () => {
  const alice = await world.aContact();
  const [first, second] = [
    await world.aTicket({ requesterId: alice.id }),
    await world.aTicket({ requesterId: alice.id }),
  ];
  const kept = await world.aKeptMail({ from: alice, files: [{ name: "a.txt" }, { name: "b.txt" }] });
  const attachmentIds = [kept.attachments[1]?.id];

  const added = await world.as(anna).post(`/api/tickets/${first.number}/mails`, { messageId: kept.id, attachmentIds });
  expect(added).toMatchObject({ status: 200, body: { number: first.number } });
  expect(added.body.entries[0].files).toMatchObject([{ name: "b.txt" }]);

  const repeated = await world.as(ben).post(`/api/tickets/${first.number}/mails`, { messageId: kept.id });
  expect(repeated).toMatchObject({ status: 200 });
  expect(repeated.body.entries).toHaveLength(1);

  const elsewhere = await world.as(ben).post(`/api/tickets/${second.number}/mails`, { messageId: kept.id });
  expect(elsewhere).toMatchObject({ status: 409, body: { number: first.number } });
});

test.each([
  ["all", null, true],
  ["only_new", null, true],
  ["none", null, false],
  ["from_date", new Date("2020-01-01"), true],
  ["from_date", new Date("2099-01-01"), false],
] as const)(
  "an organization whose portal shows %s (%s): the customer sees the new ticket: %s",
  async (portalScope, portalScopeFrom, shown) => {
    const organization = await world.anOrganization({ portalScope, ...(portalScopeFrom && { portalScopeFrom }) });
    const alice = await world.aContact({ organizationId: organization.id });
    const kept = await world.aKeptMail({ from: alice });
    const { body } = await world
      .as(anna)
      .post("/api/tickets", { messageId: kept.id, requester: { contactId: alice.id }, subject: "Shown?" });
    expect(body.ticket.inPortal !== null).toBe(shown);
  },
);

test.each([
  ["no server vouches for", "none", "alice"],
  ["a server calls forged", "fail", "alice"],
  ["somebody else wrote", "pass", "stranger"],
] as const)(
  "of a mail that %s, an organization that sees everything is shown nothing before somebody releases it",
  async (_, verdict, who) => {
    const { id: organizationId } = await world.anOrganization({ portalScope: "all" });
    const alice = await world.aContact({ organizationId });
    const from = who === "alice" ? alice : { name: alice.name, address: "alice@lookalike.test" };
    const kept = await world.aKeptMail({ from, verdict, heldBecause: "a doubt" });
    const { body } = await world
      .as(anna)
      .post("/api/tickets", { messageId: kept.id, requester: { contactId: alice.id }, subject: "Perhaps hers" });
    expect(body.ticket.inPortal).toBeNull();
  },
);

test("a colleague's mail that is split off is the colleague's ticket, and an internal mail's title shows to nobody", async () => {
  const { id: organizationId } = await world.anOrganization({ portalScope: "all" });
  const alice = await world.aContact({ organizationId });
  const carol = await world.aContact({ organizationId });
  const first = await world.aKeptMail({ from: alice, subject: "The lamp" });
  const other = await world.aKeptMail({ from: carol, subject: "Do not tell Alice" });
  const opened = await world
    .as(anna)
    .post("/api/tickets", { messageId: first.id, requester: { contactId: alice.id }, subject: "The lamp" });
  const { number } = opened.body.ticket;
  const { body: ticket } = await world.as(anna).post(`/api/tickets/${number}/mails`, { messageId: other.id });
  const entry = ticket.entries.find(({ author }: { author: { name: string } }) => author.name === carol.name);
  const ifMatch = { "If-Match": `"${ticket.version}"` };
  const off = await world.as(anna).post(`/api/tickets/${number}/splits`, { entryIds: [entry.id] }, ifMatch);
  expect(off).toMatchObject({
    status: 201,
    body: { contact: { id: carol.id }, subject: "Do not tell Alice", inPortal: null },
  });
});

test("thread keys are 128 random bits each", async () => {
  const tickets = await Promise.all(Array.from({ length: 5 }, () => world.aTicket()));
  const keys = await world.desk.ticket.findMany({
    where: { id: { in: tickets.map(({ id }) => id) } },
    select: { threadKey: true },
  });
  expect(new Set(keys.map(({ threadKey }) => threadKey)).size).toBe(5);
  for (const { threadKey } of keys) expect(threadKey).toMatch(/^[a-z2-7]{26}$/);
});
