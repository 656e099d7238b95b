/** What customers write in the portal arrives at the desk once, as if it were mail; and the portal's mails leave through the desk. */
import { randomUUID } from "node:crypto";
import { eventually, type TwoRooms, twoRooms } from "./world.ts";

let rooms: TwoRooms;
beforeAll(async () => {
  rooms = await twoRooms();
});
afterAll(() => rooms.close());

async function aCustomerWithATicket() {
  const anna = await rooms.anAgent({ name: "Anna Albrecht" });
  const alice = await rooms.aContact({ name: "Alice Moreau" });
  const mail = await rooms.aKeptMail({ from: alice, html: "<p>My lamp is dark.</p>" });
  const ticket = await rooms.aTicket({
    ...{ messageId: mail.id, requesterId: alice.id, mailboxId: mail.mailboxId },
    by: anna,
  });
  const desk = rooms.agent(anna);
  await desk.reply(ticket.number, { html: "<p>We look.</p>" });
  return { ...ticket, anna, alice, desk, customer: await rooms.signedIn(alice) };
}

type Page = {
  entries: { html: string; kind: string; files: { name: string; id: string }[] }[];
  sent: { text: string }[];
  status: { key: string };
};
const look = async (customer: { json: (path: string) => Promise<{ body: Page }> }, number: number) =>
  (await customer.json(`/tickets/${number}`)).body;

test("an answer becomes an entry with its file, is shown once at every moment, and brings the ticket back to us", async () => {
  const { number, id, customer, desk } = await aCustomerWithATicket();
  const text = "It is <dark> again.\nPlease look.";
  const photo = new File(["a photo"], "photo.jpg", { type: "image/jpeg" });
  await customer.send(`/tickets/${number}/messages`, { onceKey: randomUUID(), text }, [photo]);

  const entry = await eventually(async () => {
    const page = await look(customer, number);
    const entries = page.entries.filter(({ html }) => html.includes("dark&gt; again"));
    expect(entries.length + page.sent.length).toBe(1);
    return entries[0];
  });
  expect(entry.kind).toBe("portal_message");
  expect(entry.files.map((file) => file.name)).toEqual(["photo.jpg"]);
  expect((await customer.get(`/files/${entry.files[0]?.id}`)).text).toBe("a photo");

  const { body } = await desk.ask.get(`/api/tickets/${number}`);
  expect(body.status).toBe("in_progress");
  const message = body.entries.find(({ kind }: { kind: string }) => kind === "portal_message");
  expect([message.author.name, message.files[0].name, message.visibility.releasedBy]).toEqual([
    ...["Alice Moreau", "photo.jpg", "the customer's own words"],
  ]);
  const { sha256 } = await rooms.desk.attachment.findFirstOrThrow({ where: { entryId: message.id } });
  expect((await rooms.files.readAll(sha256)).toString()).toBe("a photo");
  await rooms.settled();
  expect(await rooms.desk.entry.count({ where: { ticketId: id, kind: "portal_message" } })).toBe(1);
});

test("an answer to a cancelled ticket opens it again, as its page says", async () => {
  const { number, customer, desk } = await aCustomerWithATicket();
  const { body: ticket } = await desk.ask.get(`/api/tickets/${number}`);
  const ifMatch = { "If-Match": `"${ticket.version}"` };
  await desk.ask.patch(`/api/tickets/${number}`, { status: "cancelled" }, ifMatch);
  await rooms.settled();
  expect((await customer.get(`/tickets/${number}`)).text).toContain("Your answer opens it again.");

  await customer.send(`/tickets/${number}/messages`, { onceKey: randomUUID(), text: "It is dark again." });

  await eventually(async () => (await look(customer, number)).status.key === "in_progress");
});

test("an act that is collected twice, because its mark was lost, is one entry", async () => {
  const { number, id, customer } = await aCustomerWithATicket();
  await customer.send(`/tickets/${number}/messages`, { onceKey: randomUUID(), text: "Once." });
  const collected = () =>
    rooms.publisher.customerAct.findFirst({ where: { ticketId: id, collectedAt: { not: null } } });
  const act = await eventually(collected);
  for (let again = 0; again < 3; again++) {
    await rooms.publisher.customerAct.updateMany({ where: { actId: act.actId }, data: { collectedAt: null } });
    await rooms.queue.enqueue(rooms.desk, "collect", {});
    await eventually(collected);
  }
  await rooms.settled();
  expect(await rooms.desk.entry.count({ where: { ticketId: id, kind: "portal_message" } })).toBe(1);
  expect((await look(customer, number)).entries.filter(({ html }) => html.includes("Once."))).toHaveLength(1);
});

test("a new ticket gets a number, its words are its first entry, and it is on the list once", async () => {
  const { alice, customer } = await aCustomerWithATicket();
  const sent = await customer.send("/tickets", {
    onceKey: randomUUID(),
    subject: "The door squeaks",
    text: "Since Monday.",
  });
  const ticket = await eventually(() =>
    rooms.desk.ticket.findFirst({ where: { requesterId: alice.id, subject: "The door squeaks" } }),
  );
  const { number } = await eventually(async () => {
    const { body } = await customer.json("/");
    return body.tickets.find(({ subject }: { subject: string }) => subject === "The door squeaks");
  });
  expect([number, ticket.channel, ticket.organizationId]).toEqual([ticket.number, "portal", alice.organizationId]);
  await rooms.settled();
  expect((await look(customer, number)).entries.map(({ html }) => html)).toEqual(["<div>Since Monday.</div>"]);
  const { body } = await customer.json("/");
  expect(body.sent).toEqual([]);
  expect((await customer.json(sent.location ?? "")).body.number).toBe(number);
});

test("a customer's closure is named as the customer's own act, and his next words open the ticket again", async () => {
  const { number, id, alice, customer, desk } = await aCustomerWithATicket();
  await customer.post(`/tickets/${number}/closure`, { onceKey: randomUUID() });
  await eventually(async () => (await look(customer, number)).status.key === "closed");
  const { body } = await desk.ask.get(`/api/tickets/${number}`);
  const change = body.entries.findLast(({ kind }: { kind: string }) => kind === "status_change");
  expect([body.status, change.author.name, change.facts]).toEqual([
    "closed",
    "Alice Moreau",
    { from: "waiting_on_customer", to: "closed" },
  ]);
  expect(
    await rooms.desk.auditRecord.count({ where: { ticketId: id, act: "customer_close", contactId: alice.id } }),
  ).toBe(1);

  await customer.send(`/tickets/${number}/messages`, { onceKey: randomUUID(), text: "Not yet." });
  await eventually(async () => (await look(customer, number)).status.key === "in_progress");
});

test("the desk does not take the portal's word for who may write on which ticket", async () => {
  const { id } = await aCustomerWithATicket();
  const mallory = await rooms.aContact({ name: "Mallory Vane" });
  const act = {
    contactId: mallory.id,
    organizationId: mallory.organizationId,
    ticketId: id,
    kind: "message",
    text: "FORGED",
  };
  const { actId } = await rooms.publisher.customerAct.create({
    data: { ...act, actId: randomUUID(), onceKey: randomUUID() },
  });
  await rooms.queue.enqueue(rooms.desk, "collect", {});
  await eventually(() => rooms.publisher.customerAct.findFirst({ where: { actId, collectedAt: { not: null } } }));
  expect(await rooms.desk.entry.count({ where: { ticketId: id, contactId: mallory.id } })).toBe(0);
  expect(await rooms.desk.auditRecord.count({ where: { subject: actId, act: "customer_act_refused" } })).toBe(1);
});

test("sign-ins and link openings are in the desk's audit log, each once", async () => {
  const { alice } = await aCustomerWithATicket();
  const signIns = { contactId: alice.id, act: "portal_signed_in" };
  await rooms.queue.enqueue(rooms.desk, "collect", {});
  await eventually(() => rooms.desk.auditRecord.findFirst({ where: signIns }));
  await rooms.publisher.portalEvent.updateMany({ data: { collectedAt: null } });
  await rooms.queue.enqueue(rooms.desk, "collect", {});
  await eventually(async () => (await rooms.publisher.portalEvent.count({ where: { collectedAt: null } })) === 0);
  expect(await rooms.desk.auditRecord.count({ where: signIns })).toBe(1);
});

test("a code that came too late is dropped with a record; one that was sent is kept nowhere", async () => {
  const { alice } = await aCustomerWithATicket();
  const wish = { kind: "sign_in_code", address: alice.address };
  const late = await rooms.publisher.portalMail.create({
    data: { ...wish, facts: { code: "424242" }, expiresAt: new Date(Date.now() - 1000) },
  });
  await rooms.queue.enqueue(rooms.desk, "courier", {});
  await eventually(
    async () => (await rooms.publisher.portalMail.findUniqueOrThrow({ where: { mailId: late.mailId } })).sentAt,
  );
  expect(await rooms.desk.auditRecord.count({ where: { act: "portal_mail_dropped", subject: late.mailId } })).toBe(1);
  expect(await rooms.desk.sending.count({ where: { key: `portal-mail:${late.mailId}` } })).toBe(0);

  const fresh = await rooms.publisher.portalMail.create({
    data: { ...wish, facts: { code: "737373" }, expiresAt: new Date(Date.now() + 60_000) },
  });
  await rooms.queue.enqueue(rooms.desk, "courier", {});
  const sending = await eventually(() =>
    rooms.desk.sending.findUnique({ where: { key: `portal-mail:${fresh.mailId}` } }),
  );
  expect(JSON.stringify(sending.mail)).toContain("737373");
  await rooms.desk.sending.update({ where: { id: sending.id }, data: { state: "sent" } });
  await rooms.queue.enqueue(rooms.desk, "courier", {});
  await eventually(async () => {
    const kept = await rooms.desk.sending.findUniqueOrThrow({ where: { id: sending.id } });
    return !JSON.stringify(kept.mail).includes("737373");
  });
  expect(JSON.stringify(await rooms.publisher.portalMail.findMany())).not.toContain("737373");
});

test("a portal in wrong hands sends nothing in our name: no mail to strangers, and no words instead of a code", async () => {
  const { alice } = await aCustomerWithATicket();
  const expiresAt = new Date(Date.now() + 60_000);
  for (const wish of [
    { address: "stranger@elsewhere.test", facts: { code: "12345678" } },
    { address: alice.address, facts: { code: "Pay at https://evil.test/invoice" } },
  ]) {
    const { mailId } = await rooms.publisher.portalMail.create({ data: { kind: "sign_in_code", expiresAt, ...wish } });
    await rooms.queue.enqueue(rooms.desk, "courier", {});
    await eventually(async () => (await rooms.publisher.portalMail.findUniqueOrThrow({ where: { mailId } })).sentAt);
    expect(await rooms.desk.auditRecord.count({ where: { act: "portal_mail_dropped", subject: mailId } })).toBe(1);
    expect(await rooms.desk.sending.count({ where: { key: `portal-mail:${mailId}` } })).toBe(0);
  }
});

test("what the portal missed or kept too long is found by the sweep and mended", async () => {
  const { number, id, desk, customer } = await aCustomerWithATicket();
  const { body: reply } = await desk.reply(number, { html: "<p>To be lost.</p>" });
  await rooms.settled();
  const releaseId = reply.visibility.releaseId;
  const longAgo = new Date(Date.now() - 120_000);
  const swept = async () => {
    await rooms.queue.enqueue(rooms.desk, "sweep-portal", {});
    await rooms.settled();
    return (await look(customer, number)).entries.map(({ html }) => html);
  };

  await rooms.publisher.publishedEntry.deleteMany({ where: { releaseId } });
  await rooms.desk.release.update({ where: { id: releaseId }, data: { publishedAt: null, publishAfter: longAgo } });
  expect(await swept()).toContain("<p>To be lost.</p>");

  await rooms.desk.release.update({ where: { id: releaseId }, data: { retractedAt: longAgo } });
  expect(await swept()).not.toContain("<p>To be lost.</p>");

  const { organizationId } = await rooms.desk.ticket.findUniqueOrThrow({ where: { id } });
  const stray = {
    organizationId,
    ticketId: id,
    kind: "note",
    side: "team",
    authorName: "",
    html: "STRAY",
    text: "STRAY",
    at: new Date(),
  };
  await rooms.publisher.publishedEntry.create({ data: { ...stray, releaseId: randomUUID() } });
  expect(await swept()).not.toContain("STRAY");
});

test("an act of a kind that this desk does not know waits, is no words of hers, and holds up no other", async () => {
  const { number, id, alice, customer } = await aCustomerWithATicket();
  const { organizationId } = await rooms.desk.contact.findUniqueOrThrow({ where: { id: alice.id } });
  const unknown = { organizationId, actId: randomUUID(), contactId: alice.id, ticketId: id, kind: "rating" };
  await rooms.publisher.customerAct.create({ data: { ...unknown, text: "Five stars", onceKey: randomUUID() } });
  await customer.send(`/tickets/${number}/messages`, { onceKey: randomUUID(), text: "And one more thing." });
  await eventually(async () =>
    (await look(customer, number)).entries.find(({ html }) => html.includes("one more thing")),
  );

  const key = { organizationId_actId: { organizationId, actId: unknown.actId } };
  expect(await rooms.publisher.customerAct.findUnique({ where: key })).toMatchObject({ collectedAt: null });
  expect(await rooms.desk.entry.count({ where: { ticketId: id, kind: "portal_message" } })).toBe(1);
  await rooms.publisher.customerAct.delete({ where: key });
});

test("what the portal noted is in the audit log once, also when the mark that it was taken in is lost", async () => {
  const { alice } = await aCustomerWithATicket();
  const signIns = { contactId: alice.id, act: "portal_signed_in" };
  await rooms.queue.enqueue(rooms.desk, "collect", {});
  await eventually(() => rooms.desk.auditRecord.findFirst({ where: signIns }));
  const events = { contactId: alice.id, act: "signed_in" };
  await rooms.publisher.portalEvent.updateMany({ where: events, data: { collectedAt: null } });
  await rooms.queue.enqueue(rooms.desk, "collect", {});
  await eventually(() => rooms.publisher.portalEvent.findFirst({ where: { ...events, collectedAt: { not: null } } }));
  expect(await rooms.desk.auditRecord.count({ where: signIns })).toBe(1);
});
