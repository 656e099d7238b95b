/** The tray: what an agent decides about mails that are held, and what a decision grants. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { saidOf } from "../../server/desk/say.ts";
import { type Agent, aWorld, type World } from "./world.ts";

let world: World;
let anna: Agent;
let ben: Agent;
let mailboxId: string;

beforeAll(async () => {
  world = await aWorld();
  anna = await world.anAgent({ name: "Anna" });
  ben = await world.anAgent({ name: "Ben" });
  mailboxId = (await world.aMailbox({ address: "support@deskhatch.test", team: "Service" })).id;
});
afterAll(() => world.close());

const unknownInThread = "An unknown sender in a known thread.";

async function aHeldMail(wish: Parameters<World["aKeptMail"]>[0] = {}) {
  return world.aKeptMail({ mailboxId, heldBecause: unknownInThread, ...wish });
}
const tray = async (agent = anna, cursor = "") => (await world.as(agent).get(`/api/held-mails${cursor}`)).body;
const inTray = async (messageId: string) =>
  (await tray()).mails.find((mail: { messageId: string }) => mail.messageId === messageId);
const count = async () => (await world.as(anna).get("/api/held-mails/count")).body;
const message = (id: string) =>
  world.desk.message.findUniqueOrThrow({ where: { id }, include: { entry: true, held: true } });
const acts = async (subject: string) =>
  (await world.desk.auditRecord.findMany({ where: { subject }, orderBy: { id: "asc" } })).map(({ act }) => act);

test("the tray shows who sent it, why it is held, and where it may belong; the latest first, page by page", async () => {
  const ticket = await world.aTicket({ subject: "The crane stops" });
  const mail = await aHeldMail({
    from: { name: "Alice Moreau", address: "alice@outsider.test" },
    subject: "About the crane",
    files: [{ name: "crane.pdf" }],
    match: { suggestions: { contacts: [], tickets: [{ ticketId: ticket.id, because: "it answers a mail" }] } },
  });
  expect(await inTray(mail.id)).toMatchObject({
    sender: { name: "Alice Moreau", address: "alice@outsider.test" },
    authenticated: "pass",
    subject: "About the crane",
    mailbox: "support@deskhatch.test",
    team: "Service",
    because: saidOf(unknownInThread),
    error: null,
    ticket: { ticket: { number: ticket.number }, because: "it answers a mail" },
    contact: null,
    attachmentIds: [mail.attachments[0]?.id],
  });

  const before = (await count()).waiting;
  const more = [];
  for (let n = 0; n < 25; n++) more.push((await aHeldMail()).id);
  expect((await count()).waiting).toBe(before + 25);
  const first = await tray();
  const second = await tray(anna, `?cursor=${first.nextCursor}`);
  const shown = [...first.mails, ...second.mails].map(({ messageId }: { messageId: string }) => messageId);
  expect(first.mails).toHaveLength(20);
  expect(shown.slice(0, 25)).toEqual(more.toReversed());
  expect(new Set(shown).size).toBe(before + 25);
  await world.desk.heldMail.deleteMany({ where: { messageId: { in: more } } });
});

test("accepted, a mail is on the ticket for the team only; its sender is as unproven as before and takes no part", async () => {
  const alice = await world.aContact({ name: "Alice" });
  const ticket = await world.aTicket({ requesterId: alice.id });
  const mail = await aHeldMail({ verdict: "fail", from: alice });
  const answer = await world.as(anna).post(`/api/mails/${mail.id}/acceptance`, { number: ticket.number });
  expect([answer.status, answer.body]).toEqual([201, { outcome: "done", number: ticket.number, sentence: null }]);

  const filed = await message(mail.id);
  expect(filed).toMatchObject({
    ticketId: ticket.id,
    heldBecause: null,
    held: null,
    authentication: { verdict: "fail" },
  });
  expect(filed.entry).toMatchObject({ contactId: null });
  expect(await world.desk.participant.count({ where: { ticketId: ticket.id } })).toBe(0);
  expect(await world.desk.release.count({ where: { ticketId: ticket.id } })).toBe(0);
  expect(await acts(mail.id)).toEqual(["mail_filed", "mail_accepted"]);
  expect(await inTray(mail.id)).toBeUndefined();
});

test("a sender takes part only when an agent says so and a server vouches for him; the accepted mail itself stays internal", async () => {
  const ticket = await world.aTicket();
  const accept = (id: string) =>
    world.as(anna).post(`/api/mails/${id}/acceptance`, { number: ticket.number, participant: true });
  const forged = await aHeldMail({ verdict: "none" });
  expect((await accept(forged.id)).body).toMatchObject({ status: 422, type: expect.stringContaining("not_verified") });
  expect(await message(forged.id)).toMatchObject({ ticketId: null, heldBecause: unknownInThread });

  const carla = await aHeldMail({ from: { name: "Carla", address: "carla@partner.test" } });
  expect((await accept(carla.id)).status).toBe(201);
  const [participant] = await world.desk.participant.findMany({
    where: { ticketId: ticket.id },
    include: { contact: { include: { addresses: true } } },
  });
  expect(participant).toMatchObject({
    because: "Anna accepted the sender",
    contact: { name: "Carla", addresses: [{ address: "carla@partner.test" }] },
  });
  expect((await message(carla.id)).entry?.facts).toMatchObject({ staysInternal: true });
});

test("two agents at once: the second is told who was first, and nothing is done twice", async () => {
  const [one, other] = [await world.aTicket(), await world.aTicket()];
  const mail = await aHeldMail();
  const answers = await Promise.all([
    world.as(anna).post(`/api/mails/${mail.id}/acceptance`, { number: one.number }),
    world.as(ben).post(`/api/mails/${mail.id}/acceptance`, { number: other.number }),
  ]);
  const bodies = answers.map(({ body }) => body).sort((a, b) => (a.outcome < b.outcome ? -1 : 1));
  const { number } = bodies[1];
  expect(bodies).toEqual([
    {
      outcome: "already",
      number,
      sentence: expect.stringMatching(new RegExp(`^(Anna|Ben) filed it on #${number} \\d+ s ago\\.$`)),
    },
    { outcome: "done", number, sentence: null },
  ]);
  expect(await world.desk.entry.count({ where: { messageId: mail.id } })).toBe(1);
  const spam = await world.as(ben).post(`/api/mails/${mail.id}/spam-mark`);
  expect(spam.body).toMatchObject({ outcome: "already", number });
  expect(await world.desk.spamMark.count({ where: { messageId: mail.id } })).toBe(0);
});

test("split: a ticket of its own instead of the suggested one, and the tray is done with it", async () => {
  const suggested = await world.aTicket();
  const mail = await aHeldMail({
    match: { suggestions: { contacts: [], tickets: [{ ticketId: suggested.id, because: "it answers a mail" }] } },
  });
  const requester = { newContact: { name: mail.fromName, address: mail.fromAddress } };
  const { body } = await world.as(anna).post("/api/tickets", { messageId: mail.id, requester, subject: "Its own" });
  expect(body).toMatchObject({ outcome: "opened" });
  expect(body.ticket.number).not.toBe(suggested.number);
  expect(await inTray(mail.id)).toBeUndefined();
  expect(await world.desk.heldMail.count({ where: { messageId: mail.id } })).toBe(0);
});

test("spam leaves the tray with its sender's other mails, and comes back whole when the mark is taken back", async () => {
  const from = { name: "Win", address: "win@prizes.test" };
  const [mail, other] = [await aHeldMail({ from }), await aHeldMail({ from })];
  const bystander = await aHeldMail();
  expect((await world.as(anna).post(`/api/mails/${mail.id}/spam-mark`)).body.outcome).toBe("done");
  expect((await world.as(ben).post(`/api/mails/${mail.id}/spam-mark`)).body.sentence).toMatch(
    /^Anna marked it as spam \d+ s ago\.$/,
  );
  expect([await inTray(mail.id), await inTray(other.id)]).toEqual([undefined, undefined]);
  expect(await inTray(bystander.id)).toBeDefined();
  const { marks } = (await world.as(ben).get("/api/spam-marks")).body;
  expect(marks[0]).toMatchObject({ messageId: mail.id, sender: from, by: "Anna", mails: 2 });

  expect((await world.as(ben).delete(`/api/mails/${mail.id}/spam-mark`)).body.outcome).toBe("done");
  expect((await world.as(ben).delete(`/api/mails/${mail.id}/spam-mark`)).body.outcome).toBe("already");
  expect([await inTray(mail.id), await inTray(other.id)]).toMatchObject([
    { messageId: mail.id },
    { messageId: other.id },
  ]);
  expect(await acts(mail.id)).toEqual(["mail_marked_spam", "spam_mark_removed"]);
});

test("a forged mail that is marked takes nothing with it that really is from the customer", async () => {
  const alice = await world.aContact({ name: "Alice", address: "alice@forged.test" });
  const real = await aHeldMail({ from: alice });
  const forged = await aHeldMail({ from: alice, verdict: "fail" });
  await world.as(anna).post(`/api/mails/${forged.id}/spam-mark`);
  expect(await inTray(forged.id)).toBeUndefined();
  expect(await inTray(real.id)).toBeDefined();
});

test("a loop is one line in the tray; lifted, its mails wait for a decision, and a second click is told so", async () => {
  const ticket = await world.aTicket();
  const loop = await world.desk.loop.create({
    data: { key: "a test", fromAddress: "peer@peer.test", ticketId: ticket.id, because: "It goes round." },
  });
  const mail = await aHeldMail();
  await world.desk.heldMail.update({ where: { messageId: mail.id }, data: { loopId: loop.id, waitsSince: null } });
  expect(await inTray(mail.id)).toBeUndefined();
  expect((await tray()).loops).toMatchObject([
    { loopId: loop.id, address: "peer@peer.test", ticket: ticket.number, because: saidOf("It goes round."), mails: 1 },
  ]);

  expect((await world.as(anna).delete(`/api/loops/${loop.id}`)).body.outcome).toBe("done");
  expect((await world.as(ben).delete(`/api/loops/${loop.id}`)).body.sentence).toMatch(/^Anna lifted it \d+ s ago\.$/);
  expect(await inTray(mail.id)).toBeDefined();
  expect((await tray()).loops).toEqual([]);
  const { entries } = (await world.as(anna).get(`/api/tickets/${ticket.number}`)).body;
  expect(entries[0]).toMatchObject({ kind: "system", html: expect.stringContaining("Anna lifted the loop.") });
});

test("a mail that could not be processed shows its error, is saved as it came, and is tried again with a click", async () => {
  const raw = await world.files.keep(Buffer.from("Subject: Poison\r\n\r\nof a kind\r\n"));
  const mail = await aHeldMail({ heldBecause: "It could not be processed.", error: "No such charset." });
  await world.desk.message.update({
    where: { id: mail.id },
    data: { rawSha256: raw.sha256, rawSize: raw.size, subject: 'A/B "c"' },
  });
  await world.desk.inboxItem.create({
    data: { mailboxId, immutableId: mail.immutableId ?? "", state: "held", attempts: 5 },
  });
  const { heldId, error } = await inTray(mail.id);
  expect(error).toBe("No such charset.");

  const eml = await world.as(ben).get(`/api/mails/${mail.id}/original`);
  expect(eml.text).toBe("Subject: Poison\r\n\r\nof a kind\r\n");
  expect(eml.headers.get("content-type")).toBe("message/rfc822");
  expect(eml.headers.get("content-disposition")).toContain('attachment; filename="A B c.eml"');

  expect((await world.as(anna).post(`/api/held-mails/${heldId}/attempts`)).status).toBe(202);
  expect(await world.desk.message.count({ where: { id: mail.id } })).toBe(0);
  expect(await world.desk.inboxItem.findFirst({ where: { immutableId: mail.immutableId ?? "" } })).toMatchObject({
    state: "pending",
    attempts: 4,
  });
  expect((await world.as(ben).post(`/api/held-mails/${heldId}/attempts`)).status).toBe(404);
});

test("what is not held cannot be accepted, marked or tried again, and what does not exist is not found", async () => {
  const known = await world.aKeptMail();
  const ticket = await world.aTicket();
  const held = await inTray((await aHeldMail()).id);
  const nobody = "00000000-0000-4000-8000-000000000000";
  const statuses = [
    await world.as(anna).post(`/api/mails/${known.id}/acceptance`, { number: ticket.number }),
    await world.as(anna).post(`/api/mails/${known.id}/spam-mark`),
    await world.as(anna).post(`/api/held-mails/${held.heldId}/attempts`),
    await world.as(anna).post(`/api/mails/${nobody}/acceptance`, { number: ticket.number }),
    await world.as(anna).post(`/api/mails/${held.messageId}/acceptance`, { number: 999_999 }),
    await world.as(anna).get(`/api/mails/${nobody}/original`),
    await world.as(anna).delete(`/api/loops/${nobody}`),
    await world.as(anna).get("/api/held-mails?cursor=nonsense"),
  ].map(({ status }) => status);
  expect(statuses).toEqual([409, 409, 409, 404, 404, 404, 404, 400]);
});
