import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { transact } from "../../server/desk/database.ts";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { intendMail, type SendWish, sendMail, takeBackSending } from "../../server/desk/mail/send.ts";
import { settleSendings } from "../../server/desk/mail/settle-sendings.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aMailWorld, arrives, type MailWorld, support } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
let alice: Awaited<ReturnType<MailWorld["aContact"]>>;

beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads("every_mail")).id;
  alice = await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
});
afterEach(() => world.sandbox.faults.clear());
afterAll(() => world.close());

/** A ticket of a mail from Alice, and the wish to answer it. */
async function aWishToAnswer(wish: Partial<SendWish> = {}, mail: Partial<SendWish["mail"]> = {}) {
  const letter = await arrives(world.sandbox);
  await syncAndReceive(world.context, mailboxId);
  const message = await world.desk.message.findFirstOrThrow({ where: { internetMessageId: letter } });
  const ticketId = message.ticketId ?? "";
  const { sendingId } = await transact(world.desk, (tx) =>
    intendMail(tx, world.queue, {
      kind: "reply",
      key: `reply ${message.id}`,
      mailboxId,
      ticketId,
      ...wish,
      mail: {
        to: [{ name: alice.name, address: alice.address }],
        cc: [],
        subject: `Re: ${message.subject}`,
        html: "<p>Unplug it.</p>",
        answersMessageId: message.id,
        attachments: [],
        automatic: false,
        ...mail,
      },
    }),
  );
  return { sendingId, ticketId, letter, key: wish.key ?? `reply ${message.id}` };
}

const sending = (id: string) => world.desk.sending.findUniqueOrThrow({ where: { id } });

/** What Exchange did with a mail that carries our key. */
const effects = (key: string, effect: string) =>
  world.sandbox.ledger().filter((entry) => entry.effect === effect && entry.key?.includes(key));

/** The mails with this subject in a person's inbox, as they came. */
async function received(address: string, key: string) {
  const sent = effects(key, "sent").map(({ internetMessageId }) => internetMessageId);
  const { token } = await world.sandbox.graphToken(address);
  const ask = async (path: string) =>
    fetch(`${world.sandbox.url}/v1.0/me/messages${path}`, { headers: { authorization: `Bearer ${token}` } });
  const { value } = await (await ask("?$top=200&$select=id,internetMessageId")).json();
  const mine = value.filter((one: { internetMessageId: string }) => sent.includes(one.internetMessageId));
  return Promise.all(
    mine.map(async ({ id }: { id: string }) =>
      readMail(Buffer.from(await (await ask(`/${encodeURIComponent(id)}/$value`)).arrayBuffer())),
    ),
  );
}

test("a reply goes out once, in the customer's thread, and the customer's answer to it is on the ticket", async () => {
  const { sendingId, ticketId, letter, key } = await aWishToAnswer();

  await sendMail(world.context, sendingId);
  await sendMail(world.context, sendingId);

  const [mail, ...more] = await received(alice.address, key);
  expect(more).toEqual([]);
  expect(mail).toMatchObject({ inReplyTo: letter, visibleText: expect.stringContaining("Unplug it.") });
  expect(mail.text).not.toContain("Please help.");
  expect(mail.replyTo[0].address).toMatch(/^support\+[a-z2-7]{52}@deskhatch\.test$/);

  await world.desk.ticket.update({ where: { id: ticketId }, data: { status: "waiting_on_customer" } });
  const answer = await arrives(world.sandbox, { inReplyTo: mail.messageId, subject: "It helped", text: "Thank you" });
  await syncAndReceive(world.context, mailboxId);

  const filed = await world.desk.message.findFirstOrThrow({ where: { internetMessageId: answer } });
  expect(filed.ticketId).toBe(ticketId);
  expect(await world.desk.ticket.findUnique({ where: { id: ticketId } })).toMatchObject({ status: "in_progress" });
});

test("within the grace period it can be taken back, and then it is never sent", async () => {
  const { sendingId, key } = await aWishToAnswer({ sendAfter: new Date(Date.now() + 60_000) });

  await expect(sendMail(world.context, sendingId)).rejects.toThrow("its time has not come");
  expect(await transact(world.desk, (tx) => takeBackSending(tx, sendingId))).toBe(true);
  await world.desk.sending.update({ where: { id: sendingId }, data: { sendAfter: new Date() } });
  await sendMail(world.context, sendingId);

  expect(effects(key, "sent")).toEqual([]);
  expect(await transact(world.desk, (tx) => takeBackSending(tx, sendingId))).toBe(false);
});

test("what is on its way cannot be taken back", async () => {
  const { sendingId } = await aWishToAnswer();
  await sendMail(world.context, sendingId);
  expect(await transact(world.desk, (tx) => takeBackSending(tx, sendingId))).toBe(false);
});

/** Everything that Graph is asked while a mail goes out: the answer is lost after the effect, or the effect never happens. */
const crashes = (["effectThenDrop", "503"] as const).flatMap((what) =>
  [
    ["POST", "/createReply"],
    ["PATCH", "/messages/"],
    ["GET", "/attachments"],
    ["POST", "/attachments"],
    ["POST", "/send$"],
    ["GET", "/messages/[^/]+\\?"],
    ["GET", "/\\$value"],
  ].map(([method = "", pathPattern = ""]) => ({ what, method, pathPattern })),
);

test.each(crashes)("one mail, also when $what hits $method $pathPattern", async ({ what, method, pathPattern }) => {
  const file = await world.files.keep(Buffer.from("the manual"));
  const { sendingId, key } = await aWishToAnswer(
    {},
    { attachments: [{ name: "manual.txt", type: "text/plain", sha256: file.sha256, store: "desk" }] },
  );
  world.sandbox.faults.add({ when: { method, pathPattern, times: 5 }, do: what });

  await finally_(sendingId);

  expect(effects(key, "sent")).toHaveLength(1);
  const [mail, ...more] = await received(alice.address, key);
  expect(more).toEqual([]);
  expect(mail.attachments.map(({ name }: { name: string }) => name)).toEqual(["manual.txt"]);
});

/** The job, again and again, each time as a new process would: with the time gone by that it waits for. */
async function finally_(sendingId: string) {
  for (let attempt = 0; attempt < 12; attempt++) {
    await sendMail(world.context, sendingId).catch(() => "again");
    if ((await sending(sendingId)).state === "sent") return;
    await world.desk.sending.updateMany({
      where: { id: sendingId, askedAt: { not: null } },
      data: { askedAt: new Date(Date.now() - 200_000) },
    });
  }
  throw new Error(`Not sent: ${JSON.stringify(await sending(sendingId))}`);
}

test("two processes at once send one mail", async () => {
  const { sendingId, key } = await aWishToAnswer();
  const other = await world.another();

  await Promise.allSettled([1, 2, 3, 4].map((n) => sendMail(n % 2 ? world.context : other, sendingId)));

  expect(effects(key, "sent")).toHaveLength(1);
  expect((await sending(sendingId)).state).toBe("sent");
});

test("a mail that cannot be sent for ten minutes is put before an agent, with what to do", async () => {
  const { sendingId, ticketId } = await aWishToAnswer();
  world.sandbox.faults.add({ when: { method: "POST", pathPattern: "/createReply", times: 50 }, do: "503" });
  await world.desk.sending.update({ where: { id: sendingId }, data: { sendAfter: new Date(Date.now() - 700_000) } });
  await settleSendings(world.context);
  expect((await sending(sendingId)).state).toBe("waiting");
  for (let attempt = 0; attempt < 5; attempt++) await sendMail(world.context, sendingId).catch(() => "again");

  await settleSendings(world.context);

  expect(await sending(sendingId)).toMatchObject({
    state: "failed",
    lastError: expect.stringContaining("was not sent"),
  });
  expect(await world.desk.entry.count({ where: { ticketId, kind: "system" } })).toBe(1);
});

const film = Buffer.alloc(9_000_000, "deskhatch ");

async function aWishWithFilm() {
  const { sha256 } = await world.files.keep(film);
  const names = ["first.bin", "second.bin"];
  const attachments = names.map((name) => ({ name, type: "application/octet-stream", sha256, store: "desk" as const }));
  return aWishToAnswer({}, { attachments });
}

const piecesSent = () => world.sandbox.faults.done().length;

test("a large file goes along whole, in pieces and without our token", async () => {
  const { sendingId, key } = await aWishWithFilm();
  await sendMail(world.context, sendingId);
  const [mail] = await received(alice.address, key);
  const sha256 = createHash("sha256").update(film).digest("hex");
  expect(mail.attachments).toMatchObject([
    { name: "first.bin", sha256 },
    { name: "second.bin", sha256 },
  ]);
  expect(mail.from.address).toBe(support);
});

test.each([
  ["the answer to a piece is lost", { nth: 2 }, "effectThenDrop"],
  ["the answer to the last piece is lost", { nth: 3 }, "effectThenDrop"],
  ["a piece does not come through", { nth: 2 }, "drop"],
  ["Outlook has trouble with a piece", { nth: 2 }, "503"],
  ["Outlook is somewhere else than we are", { nth: 2 }, "416"],
] as const)("%s: the file is whole and there once", async (_, when, what) => {
  const { sendingId, key } = await aWishWithFilm();
  world.sandbox.faults.add({ when: { method: "PUT", ...when }, do: what });
  const before = piecesSent();
  await sendMail(world.context, sendingId);
  expect(piecesSent()).toBe(before + 1);
  const [mail] = await received(alice.address, key);
  expect(mail.attachments.map(({ size }: { size: number }) => size)).toEqual([film.length, film.length]);
});

test.each([
  ["401", 2],
  ["403", 1],
  ["410", 1],
] as const)(
  "%s: an upload that has expired is begun again, and keeps nobody else from writing",
  async (what, times) => {
    const { sendingId, key } = await aWishWithFilm();
    world.sandbox.faults.add({ when: { method: "PUT", nth: 2, times }, do: what });
    await sendMail(world.context, sendingId);
    const [mail] = await received(alice.address, key);
    expect(mail.attachments.map(({ size }: { size: number }) => size)).toEqual([film.length, film.length]);
    expect(await world.desk.graphLockout.count()).toBe(0);
  },
);

test("after a crash in the middle another process asks how far the file came and goes on from there", async () => {
  const { sendingId, key } = await aWishWithFilm();
  // The second file's second piece: from there on nobody answers, as if we had been killed.
  world.sandbox.faults.add({ when: { method: "PUT", nth: 5, times: 50 }, do: "503" });
  await sendMail(world.context, sendingId).catch(() => "killed");
  world.sandbox.faults.clear();
  const { upload, draftId, state } = await sending(sendingId);
  expect([state, upload]).toMatchObject(["drafted", { position: 1 }]);

  const pieces: string[] = [];
  world.sandbox.faults.add({ when: { method: "PUT", times: 50 }, do: "delay", delayMs: 1 });
  const before = piecesSent();
  await sendMail(await world.another(), sendingId);
  pieces.push(
    ...world.sandbox.faults
      .done()
      .slice(before)
      .map(({ path }) => path),
  );

  expect(pieces).toHaveLength(2);
  expect(effects(key, "draft_created")).toHaveLength(1);
  expect((await sending(sendingId)).draftId).toBe(draftId);
  const [mail] = await received(alice.address, key);
  const sha256 = createHash("sha256").update(film).digest("hex");
  expect(mail.attachments).toMatchObject([
    { name: "first.bin", sha256 },
    { name: "second.bin", sha256 },
  ]);
});

test("our own mail, copied to another of our mailboxes, is no new mail", async () => {
  const anna = await world.reads("every_mail", "anna@deskhatch.test");
  const { sendingId } = await aWishToAnswer({}, { cc: [{ name: "Anna", address: "anna@deskhatch.test" }] });
  await sendMail(world.context, sendingId);

  await syncAndReceive(world.context, anna.id);

  const copies = await world.desk.messageCopy.findMany({ where: { mailboxId: anna.id }, include: { message: true } });
  expect(copies).toMatchObject([{ message: { outgoing: true } }]);
  expect(await world.desk.message.count({ where: { mailboxId: anna.id } })).toBe(0);
});
