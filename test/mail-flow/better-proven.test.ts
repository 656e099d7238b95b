/** The same mail comes several times, and not each time from the same server: what becomes of it is what becomes of the best proven copy. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { setSenderDomain } from "../../sandbox/exchange/authenticate.ts";
import { signThreadToken } from "../../server/desk/mail/thread-token.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aMailWorld, arrives, type MailWorld, support } from "./world.ts";

const other = "ben@deskhatch.test";
/** What our server finds out about a copy on its way. */
const found = {
  fail: { spf: "fail", dkim: "none", dmarc: "fail" },
  none: {},
  pass: { spf: "pass", dkim: "pass", dmarc: "pass" },
};
type Verdict = keyof typeof found;
const best = (copies: Verdict[]) =>
  (["pass", "none", "fail"] as const).find((verdict) => copies.includes(verdict)) ?? "none";

let world: MailWorld;
let mailboxes: Record<string, string>;
let count = 0;

beforeAll(async () => {
  world = await aMailWorld();
  mailboxes = {
    [support]: (await world.reads()).id,
    [other]: (await world.reads("on_conversion", other)).id,
  };
});
afterEach(() => everyMail(false));
afterAll(() => world.close());

const everyMail = (yes: boolean) =>
  world.desk.mailbox.updateMany({ data: { mode: yes ? "every_mail" : "on_conversion" } });

const receive = async () => {
  for (const id of Object.values(mailboxes)) await syncAndReceive(world.context, id);
};

/** One mail of a customer, as often as it comes: the same to the letter, but for what the servers on its way write on it. */
async function aLetter() {
  const from = `customer${++count}@harbourlight.test`;
  const messageId = `letter${count}@harbourlight.test`;
  const date = new Date().toUTCString();
  const customer = await world.aContact({ name: `Customer ${count}`, address: from });
  const comes = (verdict: Verdict, to = support, more: Record<string, string> = {}) => {
    setSenderDomain(world.sandbox.store, "harbourlight.test", found[verdict]);
    const headers = { Date: date, "X-Way": verdict, ...more };
    return arrives(world.sandbox, { messageId, from, to, subject: "The crane stops", headers });
  };
  const kept = () =>
    world.desk.message.findMany({
      where: { internetMessageId: messageId },
      include: { entry: true, held: true, attachments: true, seenIn: true },
      orderBy: { createdAt: "asc" },
    });
  return { customer, comes, kept };
}

/** …that answers to the customer's ticket. */
async function anAnswer() {
  const { customer, comes, kept } = await aLetter();
  const ticket = await world.aTicket({ requesterId: customer.id });
  const { threadKey } = await world.desk.ticket.findUniqueOrThrow({ where: { id: ticket.id } });
  const token = signThreadToken(threadKey, ticket.number, world.settings.DESK_SECRET);
  const Cc = `support+${token}@deskhatch.test`;
  return { ticket, kept, comes: (verdict: Verdict, to = support) => comes(verdict, to, { Cc }) };
}

const wayOf = async ({ rawSha256 }: { rawSha256: string }) =>
  /^X-Way: (\w+)/m.exec((await world.files.readAll(rawSha256)).toString())?.[1];

test("a forged copy comes first: the genuine mail is on its ticket all the same, and nothing of it waits in the tray", async () => {
  const { ticket, comes, kept } = await anAnswer();
  await comes("fail");
  await receive();
  const [forged] = await kept();
  expect(forged).toMatchObject({ ticketId: null, held: { waitsSince: expect.any(Date) } });
  await comes("pass");
  await receive();

  const mails = await kept();
  expect(mails).toMatchObject([
    {
      id: forged?.id,
      ticketId: ticket.id,
      heldBecause: null,
      held: null,
      authentication: { verdict: "pass" },
      entry: { ticketId: ticket.id },
      seenIn: [{ mailboxId: mailboxes[support], immutableId: forged?.immutableId }],
    },
  ]);
  expect(await Promise.all(mails.map(wayOf))).toEqual(["pass"]);
  expect(
    await world.desk.auditRecord.findFirst({ where: { act: "better_copy_kept", subject: forged?.id } }),
  ).toMatchObject({
    details: { was: "fail", is: "pass", rawSha256: forged?.rawSha256 },
  });
});

const copies = fc.array(
  fc.record({
    verdict: fc.constantFrom<Verdict[]>("fail", "none", "pass"),
    to: fc.constantFrom(support, other),
    together: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

test.each([
  { what: "an answer to a ticket", answers: true, every: false },
  { what: "an answer to a ticket, where every mail is one", answers: true, every: true },
  { what: "a letter that is only kept", answers: false, every: false },
  { what: "a letter where every mail is a ticket", answers: false, every: true },
])("in whatever order copies come, $what becomes what the best of them is", async ({ answers, every }) => {
  await everyMail(every);
  await fc.assert(
    fc.asyncProperty(copies, async (all) => {
      const letter = answers ? await anAnswer() : await aLetter();
      for (const { verdict, to, together } of all) {
        await letter.comes(verdict, to);
        if (!together) await receive();
      }
      await receive();

      const verdict = best(all.map((copy) => copy.verdict));
      const isHeld = verdict === "fail" || (answers && verdict === "none");
      const isFiled = !isHeld && (answers || every);
      const [mail, ...more] = await letter.kept();
      if (!mail) throw new Error("It is not kept.");
      expect(more).toEqual([]);
      expect({
        verdict: (mail.authentication as { verdict: string }).verdict,
        way: await wayOf(mail),
        isHeld: [mail.held !== null, mail.heldBecause !== null],
        isFiled: [mail.entry !== null, mail.ticketId !== null],
        places: new Set([mail.mailboxId, ...mail.seenIn.map(({ mailboxId }) => mailboxId)]),
        copies: mail.seenIn.length,
      }).toEqual({
        verdict,
        way: verdict,
        isHeld: [isHeld, isHeld],
        isFiled: [isFiled, isFiled],
        places: new Set(all.map(({ to }) => mailboxes[to])),
        copies: all.length - 1,
      });
      if ("ticket" in letter && isFiled) expect(mail.ticketId).toBe(letter.ticket.id);
      if ("customer" in letter)
        expect(await world.desk.ticket.count({ where: { requesterId: letter.customer.id } })).toBe(isFiled ? 1 : 0);
    }),
    { numRuns: 15 },
  );
});

test("a forged copy that an agent has accepted stays where it is, once, and is proven from now on", async () => {
  const anna = await world.signedIn("anna@deskhatch.test");
  const { comes, kept } = await anAnswer();
  await comes("fail");
  await receive();
  const [forged] = await kept();
  const where = await world.aTicket();
  const answer = await anna.post(`/api/mails/${forged?.id}/acceptance`, { number: where.number });
  expect(answer.status).toBe(201);
  const entry = (await kept())[0]?.entry;
  await comes("pass");
  await receive();

  expect(await kept()).toMatchObject([
    { id: forged?.id, ticketId: where.id, authentication: { verdict: "pass" }, entry: { id: entry?.id } },
  ]);
});

test("a forgery that an agent called spam stays spam; the genuine mail is filed beside it, once", async () => {
  const anna = await world.signedIn("anna@deskhatch.test");
  const { ticket, comes, kept } = await anAnswer();
  await comes("fail");
  await receive();
  const [forged] = await kept();
  expect((await anna.post(`/api/mails/${forged?.id}/spam-mark`)).status).toBe(201);
  for (const verdict of ["pass", "fail", "pass"] as const) {
    await comes(verdict);
    await receive();
  }

  expect(await kept()).toMatchObject([
    { id: forged?.id, ticketId: null, authentication: { verdict: "fail" }, held: { spamMarkId: expect.any(String) } },
    { ticketId: ticket.id, authentication: { verdict: "pass" }, held: null },
  ]);
});

test("two processes that read the forged and the genuine copy at once file the genuine one, once", async () => {
  const second = await world.another();
  const letters = [];
  for (let n = 0; n < 6; n++) letters.push(await anAnswer());
  for (const { comes } of letters) {
    await comes("fail", support);
    await comes("pass", other);
  }

  await Promise.all([
    syncAndReceive(world.context, mailboxes[support] ?? ""),
    syncAndReceive(second, mailboxes[other] ?? ""),
  ]);
  await world.desk.inboxItem.updateMany({ where: { state: "pending" }, data: { dueAt: new Date(0) } });
  await receive();

  for (const { ticket, kept } of letters)
    expect(await kept()).toMatchObject([{ ticketId: ticket.id, held: null, authentication: { verdict: "pass" } }]);
});
