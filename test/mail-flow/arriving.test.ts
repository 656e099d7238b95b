import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { tryAgain } from "../../server/desk/held/try-again.ts";
import { takeDue } from "../../server/desk/mail/inbox.ts";
import { syncMailbox } from "../../server/desk/mail/sync.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aMailWorld, arrives, type MailWorld, until } from "./world.ts";

let world: MailWorld;
let mailboxId: string;

beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads()).id;
});
afterEach(() => world.sandbox.faults.clear());
afterAll(() => world.close());

const kept = (internetMessageId: string) => world.desk.message.findMany({ where: { internetMessageId } });
const receive = () => syncAndReceive(world.context, mailboxId);
const mode = (mode: "on_conversion" | "every_mail") =>
  world.desk.mailbox.update({ where: { id: mailboxId }, data: { mode } });

/** The time has gone by after which a mail that failed is tried again. */
const laterOn = () => world.desk.inboxItem.updateMany({ where: { state: "pending" }, data: { dueAt: new Date(0) } });

test("a mail that arrives is kept as it came, read, and believed to be from whom it is", async () => {
  const alice = await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
  const id = await arrives(world.sandbox, { subject: "The printer is on fire" });

  await receive();

  const [message] = await kept(id);
  expect(message).toMatchObject({ subject: "The printer is on fire", heldBecause: null, ticketId: null });
  expect(message?.match).toMatchObject({ contactId: alice.id });
  expect((await world.files.readAll(message?.rawSha256 ?? "")).toString()).toContain("Please help.");
});

test("in a mailbox where every mail is a ticket, an unknown sender becomes a contact and gets one", async () => {
  await mode("every_mail");
  const id = await arrives(world.sandbox, { from: "Nadia Noble <nadia@new-customer.test>", subject: "Hello?" });

  await receive();
  await mode("on_conversion");

  const ticket = await world.desk.ticket.findFirst({
    where: { messages: { some: { internetMessageId: id } } },
    include: { requester: { include: { addresses: true } }, entries: true },
  });
  expect(ticket).toMatchObject({
    subject: "Hello?",
    requester: { name: "Nadia Noble", addresses: [{ address: "nadia@new-customer.test" }] },
    entries: [{ kind: "mail_received" }],
  });
});

test("an automatic mail opens no ticket, not even where every mail does", async () => {
  await mode("every_mail");
  const id = await arrives(world.sandbox, { subject: "I am away", headers: { "Auto-Submitted": "auto-replied" } });

  await receive();
  await mode("on_conversion");

  expect(await kept(id)).toMatchObject([{ kind: "auto_reply", ticketId: null, heldBecause: null }]);
});

test("'Auto-Submitted: no' is a person", async () => {
  await mode("every_mail");
  const id = await arrives(world.sandbox, { headers: { "Auto-Submitted": "No" } });

  await receive();
  await mode("on_conversion");

  expect(await kept(id)).toMatchObject([{ kind: "message", ticketId: expect.any(String) }]);
});

test("Graph may lose our place: everything is read again, and nothing is there twice", async () => {
  const before = await arrives(world.sandbox, { subject: "Before the reset" });
  await receive();
  const known = await world.desk.message.count();
  world.sandbox.resetDelta("support@deskhatch.test", "inbox");
  const after = await arrives(world.sandbox, { subject: "After the reset" });

  await receive();

  expect([await kept(before), await kept(after)].map((found) => found.length)).toEqual([1, 1]);
  expect(await world.desk.message.count()).toBe(known + 1);
});

test("two processes that read the same mailbox at once file each mail once", async () => {
  const ids = [];
  for (let n = 0; n < 12; n++) ids.push(await arrives(world.sandbox, { subject: `Both want number ${n}` }));
  const other = await world.another();

  await Promise.allSettled([receive(), syncAndReceive(other, mailboxId), receive(), syncAndReceive(other, mailboxId)]);
  await laterOn();
  await receive();

  for (const id of ids) expect(await kept(id)).toHaveLength(1);
});

test.each(["drop", "500", "503", "429"] as const)("a mail survives it when Graph answers %s", async (what) => {
  const id = await arrives(world.sandbox, { subject: `Through a ${what}` });
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "\\$value", times: 5 }, do: what, retryAfter: 1 });

  await receive();
  await laterOn();
  await receive();

  expect(await kept(id)).toHaveLength(1);
});

const isNotFound = (times: number) =>
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "\\$value", times }, do: "404" });

test("a mail that Graph does not find for a moment is looked for again", async () => {
  const id = await arrives(world.sandbox, { subject: "Not on every server yet" });
  isNotFound(1);

  await receive();
  expect(await kept(id)).toEqual([]);
  await laterOn();
  await receive();

  expect(await kept(id)).toHaveLength(1);
});

test("a mail that was deleted before we came is no trouble; when it comes back it is filed", async () => {
  const id = await arrives(world.sandbox, { subject: "Gone in a second" });
  isNotFound(2);

  await receive();
  await laterOn();
  await receive();
  expect(await kept(id)).toEqual([]);
  expect(await world.desk.inboxItem.count({ where: { state: "gone" } })).toBe(1);

  const outlook = await world.outlookOf("anna@deskhatch.test");
  const messages = "/users/support@deskhatch.test/messages";
  const { immutableId } = await world.desk.inboxItem.findFirstOrThrow({ where: { state: "gone" } });
  for (const destinationId of ["deleteditems", "inbox"])
    await outlook.post(`${messages}/${encodeURIComponent(immutableId)}/move`, { destinationId });
  await receive();
  expect(await kept(id)).toHaveLength(1);
});

test("a mail that cannot be processed is held in the end, and does not stop the others", async () => {
  await world.desk.$executeRaw`
    create function refuse() returns trigger language plpgsql as $$ begin
      if new.subject = 'Poison' then raise exception 'this mail cannot be stored'; end if; return new;
    end $$`;
  await world.desk.$executeRaw`create trigger refuse before insert on messages for each row execute function refuse()`;
  await arrives(world.sandbox, { subject: "Poison" });
  const good = await arrives(world.sandbox, { subject: "After the poison" });

  for (let attempt = 0; attempt < 6; attempt++) {
    await receive();
    await laterOn();
  }

  expect(await kept(good)).toHaveLength(1);
  const held = await world.desk.message.findFirst({ where: { heldBecause: { contains: "could not be processed" } } });
  expect((await world.files.readAll(held?.rawSha256 ?? "")).toString()).toContain("Subject: Poison");
  expect(await world.desk.inboxItem.count({ where: { state: "held" } })).toBe(1);

  // In the tray with its error; tried again in vain it is back there at once, and when the cause is gone it is read.
  const anna = world.asking(await world.anAgent());
  const waiting = () => world.desk.heldMail.findMany({ where: { waitsSince: { not: null } } });
  const again = async (heldId = "") => {
    await tryAgain.run({ heldId }, { ...world.context, ...anna, version: null });
    await receive();
  };
  const [first] = await waiting();
  expect(first).toMatchObject({ error: expect.stringContaining("cannot be stored"), messageId: held?.id });
  await again(first?.id);
  const [second] = await waiting();
  expect(second?.id).not.toBe(first?.id);
  await world.desk.$executeRaw`drop trigger refuse on messages`;
  await again(second?.id);
  expect(await waiting()).toEqual([]);
  expect(await world.desk.message.findFirst({ where: { subject: "Poison" } })).toMatchObject({ heldBecause: null });
});

test("CRASH-06: a mail at which whoever reads it dies is taken alone, and in the end held", async () => {
  await arrives(world.sandbox, { subject: "Deadly" });
  await arrives(world.sandbox, { subject: "Beside it" });
  const mailbox = await world.desk.mailbox.findUniqueOrThrow({ where: { id: mailboxId } });
  await syncMailbox(world.context, mailbox);

  const both = await takeDue(world.desk, mailboxId, 8);
  expect(both).toHaveLength(2);
  await laterOn();
  expect(await takeDue(world.desk, mailboxId, 8)).toHaveLength(1);
  const deadly = { mailboxId, immutableId: both[0]?.immutableId ?? "" };
  await world.desk.inboxItem.updateMany({ where: deadly, data: { attempts: 3 } });
  await laterOn();
  await receive();

  const held = await world.desk.heldMail.findMany({
    where: { error: "Whoever read it died." },
    include: { message: true },
  });
  expect(held).toMatchObject([deadly]);
  const subject = { in: ["Deadly", "Beside it"] };
  expect(await world.desk.message.count({ where: { subject, heldBecause: null } })).toBe(1);
});

test("the same mail in a second mailbox is one mail; a repeated Message-ID with other words is another", async () => {
  const anna = await world.reads("on_conversion", "anna@deskhatch.test");
  const id = await arrives(world.sandbox, { to: ["support@deskhatch.test", "anna@deskhatch.test"], text: "To both" });
  await arrives(world.sandbox, { messageId: id, text: "Something else" });

  await receive();
  await syncAndReceive(world.context, anna.id);

  const messages = await world.desk.message.findMany({ where: { internetMessageId: id }, include: { seenIn: true } });
  expect(messages.map(({ text }) => text.trim()).sort()).toEqual(["Something else", "To both"]);
  expect(messages.flatMap(({ seenIn }) => seenIn)).toMatchObject([{ mailboxId: anna.id }]);
});

test("answers find the tickets of the mails that came just before them", async () => {
  await mode("every_mail");
  const question = await arrives(world.sandbox, { subject: "A question" });
  const answer = await arrives(world.sandbox, { subject: "And more to it", inReplyTo: question });

  await receive();
  await mode("on_conversion");

  const [[one], [other]] = [await kept(question), await kept(answer)];
  expect(other?.ticketId).toBe(one?.ticketId);
  expect(other?.ticketId).not.toBeNull();
});

test("with the webhook a mail is there before anybody asks; when the webhook is dead, the schedule finds it", async () => {
  await world.works();
  await until(() => world.desk.mailbox.findFirst({ where: { id: mailboxId, subscriptionId: { not: null } } }));
  const told = await arrives(world.sandbox, { subject: "Told by Graph" });
  await until(async () => (await kept(told)).length > 0);

  for (const { id } of world.sandbox.subscriptions.all()) world.sandbox.subscriptions.expire(id);
  const silent = await arrives(world.sandbox, { subject: "Nobody told us" });
  await world.desk.$transaction((tx) => world.queue.enqueue(tx, "sync-all", {}));
  await until(async () => (await kept(silent)).length > 0);
});

test("when access is taken away, the mailbox says what to do; nothing is lost, and it goes on by itself", async () => {
  const ben = await world.reads("on_conversion", "ben@deskhatch.test");
  const id = await arrives(world.sandbox, { to: "ben@deskhatch.test", subject: "While we were locked out" });
  const trouble = async () => (await world.desk.mailbox.findUnique({ where: { id: ben.id } }))?.trouble;
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "ben.*delta" }, do: "403" });

  await syncAndReceive(world.context, ben.id);
  expect(await trouble()).toContain("Ask an administrator to grant access again.");

  await world.desk.$executeRaw`update graph_lockouts set until = now()`;
  await syncAndReceive(world.context, ben.id);
  expect(await trouble()).toBeNull();
  expect(await kept(id)).toHaveLength(1);
});

test("we stay away as long as Graph asks us to", async () => {
  const ada = await world.reads("on_conversion", "ada@deskhatch.test");
  const id = await arrives(world.sandbox, { to: "ada@deskhatch.test", subject: "Patience" });
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "ada.*delta" }, do: "429", retryAfter: 60 });
  await syncAndReceive(world.context, ada.id);
  const asked = world.sandbox.faults.done().length;
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "ada", times: 9 }, do: "500" });

  for (let again = 0; again < 5; again++) await syncAndReceive(world.context, ada.id);
  // Another process was told nothing, and knows it all the same.
  await syncAndReceive(await world.another(), ada.id);

  expect(world.sandbox.faults.done()).toHaveLength(asked);
  expect(await kept(id)).toEqual([]);

  world.sandbox.faults.clear();
  await world.desk.$executeRaw`update graph_lockouts set until = now()`;
  await syncAndReceive(await world.another(), ada.id);
  expect(await kept(id)).toHaveLength(1);
});

test("files and pictures of a mail are kept with their names, order and content", async () => {
  const raw = [
    "From: Alice <alice@harbourlight.test>",
    "To: support@deskhatch.test",
    "Subject: Two files",
    "Message-ID: <files@customer.test>",
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="x"',
    "",
    "--x",
    "Content-Type: text/plain",
    "",
    "See both.",
    "--x",
    'Content-Type: application/pdf; name="a.pdf"',
    "Content-Disposition: attachment; filename=a.pdf",
    "",
    "first",
    "--x",
    "Content-Type: text/csv",
    "Content-Disposition: attachment",
    "",
    "second",
    "--x--",
    "",
  ].join("\r\n");
  await world.sandbox.deliver(raw, { from: "alice@harbourlight.test", to: "support@deskhatch.test" });

  await receive();

  const message = await world.desk.message.findFirst({
    where: { internetMessageId: "files@customer.test" },
    include: { attachments: { orderBy: { position: "asc" } } },
  });
  expect(message?.attachments).toMatchObject([
    { name: "a.pdf", type: "application/pdf" },
    { name: expect.stringMatching(/\S/), type: "text/csv" },
  ]);
  expect((await world.files.readAll(message?.attachments[1]?.sha256 ?? "")).toString()).toBe("second");
});

test("CONC-05: a mail to two mailboxes where every mail is a ticket, read by two processes at once, is one ticket", async () => {
  await mode("every_mail");
  const anna = await world.reads("every_mail", "anna@deskhatch.test");
  const other = await world.another();
  const ids = [];
  for (let round = 0; round < 8; round++)
    ids.push(
      await arrives(world.sandbox, {
        subject: `To both, ${round}`,
        to: ["support@deskhatch.test", "anna@deskhatch.test"],
      }),
    );

  await Promise.allSettled([receive(), syncAndReceive(other, anna.id)]);
  await laterOn();
  await Promise.all([receive(), syncAndReceive(other, anna.id)]);
  await mode("on_conversion");
  await world.desk.mailbox.update({ where: { id: anna.id }, data: { mode: "on_conversion" } });

  for (const id of ids) {
    const messages = await world.desk.message.findMany({ where: { internetMessageId: id }, include: { seenIn: true } });
    expect(messages).toMatchObject([{ ticketId: expect.any(String), seenIn: [{ immutableId: expect.any(String) }] }]);
    expect(await world.desk.ticket.count({ where: { messages: { some: { internetMessageId: id } } } })).toBe(1);
  }
});

test("a mailbox where every mail is a ticket makes one of a mail that another mailbox only keeps", async () => {
  const anna = await world.reads("every_mail", "anna@deskhatch.test");
  const id = await arrives(world.sandbox, {
    subject: "First kept",
    to: ["support@deskhatch.test", "anna@deskhatch.test"],
  });

  await receive();
  expect(await kept(id)).toMatchObject([{ ticketId: null }]);
  await syncAndReceive(world.context, anna.id);
  await world.desk.mailbox.update({ where: { id: anna.id }, data: { mode: "on_conversion" } });

  expect(await kept(id)).toMatchObject([{ ticketId: expect.any(String) }]);
});
