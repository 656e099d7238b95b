import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { saidOf } from "../../server/desk/say.ts";
import { type Agent, aWorld, type World } from "./world.ts";

let world: World;
let anna: Agent;

beforeAll(async () => {
  world = await aWorld();
  anna = await world.anAgent({ address: "anna@deskhatch.test" });
});
afterAll(() => world.close());

const select = async (hints: Record<string, string>) => {
  const answer = await world.as(anna).get(`/api/mails/open?${new URLSearchParams(hints)}`);
  expect(answer.status).toBe(200);
  return answer.body;
};

test("a mail that has not come yet is asked for, once", async () => {
  const { address, id } = await world.aMailbox();
  const hints = { mailbox: address, internetMessageId: "<on-its-way@customer.test>" };
  expect(await select(hints)).toEqual({
    state: "arriving",
    detail: "Deskhatch is fetching this mail.",
    trouble: null,
  });
  await select(hints);
  const jobs = await world.desk.$queryRaw`
    select 1 from jobs.job where name = 'sync-mailbox' and data->>'mailboxId' = ${id} and state = 'created'`;
  expect(jobs).toHaveLength(1);
});

test("a mailbox in trouble says what is wrong instead of letting her wait", async () => {
  const { address, id } = await world.aMailbox();
  await world.desk.mailbox.update({ where: { id }, data: { trouble: "Ask an administrator to grant access again." } });
  expect(await select({ mailbox: address, itemId: "AAMk" })).toMatchObject({
    state: "arriving",
    detail: "Ask an administrator to grant access again.",
  });
});

test("in her own mailbox, and in one that Deskhatch does not read, she learns where the mail should be", async () => {
  expect(await select({ mailbox: "Anna@deskhatch.test", itemId: "AAMk" })).toMatchObject({
    state: "elsewhere",
    detail: expect.stringContaining("your own mailbox"),
  });
  expect(await select({ mailbox: "sales@other.test" })).toMatchObject({
    state: "elsewhere",
    detail: expect.stringContaining("sales@other.test"),
  });
});

test("a known mail is recognised in her own mailbox too", async () => {
  const kept = await world.aKeptMail();
  const { state, mail } = await select({
    mailbox: "anna@deskhatch.test",
    internetMessageId: `<${kept.internetMessageId}>`,
  });
  expect({ state, id: mail.messageId }).toEqual({ state: "known", id: kept.id });
});

test("of two mails with one Message-ID, the one in this mailbox is meant", async () => {
  const [here, there] = [await world.aMailbox(), await world.aMailbox()];
  const internetMessageId = "same@customer.test";
  const ours = await world.aKeptMail({ mailboxId: here.id, internetMessageId });
  const theirs = await world.aKeptMail({ mailboxId: there.id, internetMessageId });
  expect((await select({ mailbox: here.address, internetMessageId })).mail.messageId).toBe(ours.id);
  expect((await select({ mailbox: there.address, internetMessageId })).mail.messageId).toBe(theirs.id);
  expect(
    (await select({ mailbox: here.address, itemId: ours.immutableId ?? "", internetMessageId: "" })).mail.messageId,
  ).toBe(ours.id);
});

test("of two mails with one Message-ID in this mailbox, the one of the sender on screen is meant", async () => {
  const here = await world.aMailbox();
  const [alice, mallory] = [await world.aContact(), await world.aContact()];
  const internetMessageId = "replayed@customer.test";
  const hers = await world.aKeptMail({ mailboxId: here.id, internetMessageId, from: alice });
  const replay = await world.aKeptMail({ mailboxId: here.id, internetMessageId, from: mallory });
  const shown = async (from: string) =>
    (await select({ mailbox: here.address, itemId: "AAMk", internetMessageId, from })).mail.messageId;
  expect(await shown(alice.address.toUpperCase())).toBe(hers.id);
  expect(await shown(mallory.address)).toBe(replay.id);
});

test("a copy in a second mailbox is the same mail", async () => {
  const second = await world.aMailbox();
  const kept = await world.aKeptMail();
  await world.desk.messageCopy.create({ data: { messageId: kept.id, mailboxId: second.id, immutableId: "copy" } });
  expect(
    (await select({ mailbox: second.address, internetMessageId: kept.internetMessageId ?? "" })).mail.messageId,
  ).toBe(kept.id);
});

test("a stranger's mail proposes no requester; a forwarded one proposes its author, who may be known", async () => {
  const carl = await world.aContact({ name: "Carl", address: "carl@customer.test" });
  const { address, id } = await world.aMailbox();
  const kept = await world.aKeptMail({
    mailboxId: id,
    heldBecause: "Nobody knows the sender.",
    details: {
      forward: { from: { name: "Carl", address: "Carl@Customer.test" }, because: "it begins with a forwarded header" },
    },
  });
  const { mail } = await select({ mailbox: address, internetMessageId: kept.internetMessageId ?? "" });
  expect(mail).toMatchObject({
    heldBecause: saidOf("Nobody knows the sender."),
    proposal: { requesterId: null },
    sender: { contact: null, organization: null },
    forwardedFrom: { contact: { id: carl.id }, because: "It begins with a forwarded header" },
  });
});

test("a contact's open tickets are those he asked for or takes part in; a few of his colleagues' are suggested", async () => {
  const organization = await world.anOrganization({ name: "Harbourlight" });
  const [dora, emil] = [
    await world.aContact({ organizationId: organization.id }),
    await world.aContact({ organizationId: organization.id }),
  ];
  const own = await world.aTicket({ requesterId: dora.id });
  const closed = await world.aTicket({ requesterId: dora.id });
  const shared = await world.aTicket({ requesterId: emil.id });
  await world.desk.participant.create({
    data: { ticketId: shared.id, contactId: dora.id, because: "a test says so" },
  });
  const colleagues = await world.aTicket({ requesterId: emil.id });
  await world.desk.ticket.update({ where: { id: closed.id }, data: { status: "closed" } });
  const { address, id } = await world.aMailbox();
  const kept = await world.aKeptMail({ mailboxId: id, from: dora });
  const look = async () => {
    const { mail } = await select({ mailbox: address, internetMessageId: kept.internetMessageId ?? "" });
    return mail;
  };
  const mail = await look();
  const numbers = mail.openTickets.map(({ number }: { number: number }) => number);
  expect(numbers.toSorted()).toEqual([own.number, shared.number].toSorted());
  expect(mail.suggestedTickets).toMatchObject([
    { ticket: { number: colleagues.number }, because: "An open ticket of Harbourlight" },
  ]);

  for (let more = 0; more < 3; more++) await world.aTicket({ requesterId: emil.id });
  expect((await look()).suggestedTickets).toEqual([]);
});

test("whoever writes under a contact's name from another address is told apart from the contact", async () => {
  const { id } = await world.anOrganization({ name: "Harbourlight Logistics" });
  await world.aContact({ name: "Alice Namesake", organizationId: id });
  const { address, id: mailboxId } = await world.aMailbox();
  const internetMessageId = "borrowed@outsider.test";
  await world.aKeptMail({
    mailboxId,
    internetMessageId,
    from: { name: "Alice Namesake", address: "mallory@outsider.test" },
  });
  const { mail } = await select({ mailbox: address, internetMessageId: `<${internetMessageId}>` });
  expect(mail.warnings).toEqual([
    "The name is that of Alice Namesake (Harbourlight Logistics), but the address is not one of theirs.",
  ]);
});

test("who else the mail went to is offered for the ticket, ours are not, and nobody takes part by it alone", async () => {
  const author = await world.aContact({ name: "Author", address: "author@also.test" });
  const known = await world.aContact({ name: "Known", address: "known@also.test" });
  const mailbox = await world.aMailbox();
  const kept = await world.aKeptMail({ mailboxId: mailbox.id, from: author });
  const to = [
    { name: "Us", address: mailbox.address.replace("@", "+token@") },
    { name: "Author", address: author.address },
    { name: "Known", address: known.address },
  ];
  const cc = [
    { name: "Anna", address: anna.address },
    { name: "Nia", address: "Nia@Also.test" },
    { name: "Zoe", address: "zoe@elsewhere.test" },
  ];
  await world.desk.message.update({ where: { id: kept.id }, data: { recipients: { to, cc, replyTo: [] } } });
  const query = new URLSearchParams({ mailbox: mailbox.address, internetMessageId: kept.internetMessageId ?? "" });
  const { body } = await world.as(anna).get(`/api/mails/open?${query}`);
  expect(body.mail.alsoAddressed).toMatchObject([
    { address: { address: known.address }, contact: { id: known.id } },
    { address: { address: "nia@also.test" }, contact: null },
    { address: { address: "zoe@elsewhere.test" }, contact: null },
  ]);

  const participants = [
    { contactId: known.id },
    { newContact: { name: "Nia", address: "nia@also.test" } },
    { newContact: { name: "Zoe", address: "zoe@elsewhere.test" } },
  ];
  const wish = { messageId: kept.id, requester: { contactId: author.id }, subject: "Hello", participants };
  const { body: opened } = await world.as(anna).post("/api/tickets", wish);
  expect(opened.ticket.participants).toMatchObject([
    { id: known.id },
    { name: "Nia", organization: { id: author.organizationId } },
    { name: "Zoe", organization: { personal: true } },
  ]);
});

test("after an address was taught, the mails that came before are that contact's, also those in the tray; a forged one is not", async () => {
  const alice = await world.aContact({ name: "Alice Moreau" });
  const mailbox = await world.aMailbox();
  const from = { name: "A. Moreau", address: "moreau@home.test" };
  const kept = (verdict: "pass" | "fail") =>
    world.aKeptMail({ mailboxId: mailbox.id, from, verdict, heldBecause: "Nobody knows who this is." });
  const [genuine, forged] = [await kept("pass"), await kept("fail")];
  const seen = async ({ internetMessageId }: typeof genuine) =>
    (await select({ mailbox: mailbox.address, internetMessageId: internetMessageId ?? "" })).mail;
  expect((await seen(genuine)).sender.contact).toBeNull();

  await world.as(anna).post(`/api/contacts/${alice.id}/addresses`, { address: from.address });

  expect(await seen(genuine)).toMatchObject({
    sender: { contact: { id: alice.id }, because: ["moreau@home.test is an address of Alice Moreau by now"] },
    proposal: { requesterId: alice.id },
    // It waits all the same: that an agent knows the sender is not yet that the mail belongs to a thread.
    heldBecause: saidOf("Nobody knows who this is."),
  });
  expect((await seen(forged)).sender.contact).toBeNull();
  const { body } = await world.as(anna).get("/api/held-mails");
  const held = ({ id }: { id: string }) =>
    body.mails.find(({ messageId }: { messageId: string }) => messageId === id)?.contact?.contact.id ?? null;
  expect([held(genuine), held(forged)]).toEqual([alice.id, null]);
});
