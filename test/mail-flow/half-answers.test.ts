/** SYNC-01: Graph's answers break off in the middle. */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { transact } from "../../server/desk/database.ts";
import { intendMail, sendMail } from "../../server/desk/mail/send.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { aMailWorld, arrives, type MailWorld, support } from "./world.ts";

let world: MailWorld;
let mailboxId: string;
let manual: string;

beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads("every_mail")).id;
  await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
  manual = (await world.files.keep(Buffer.from("the manual"))).sha256;
});
afterEach(() => world.sandbox.faults.clear());
afterAll(() => world.close());

const breaksOff = (method: string, pathPattern: string, times: number) =>
  world.sandbox.faults.add({ when: { method, pathPattern, times }, do: "truncate" });

/** As often as it takes, with the time gone by after which a mail that failed is tried again. */
async function receive() {
  await syncAndReceive(world.context, mailboxId);
  await world.desk.inboxItem.updateMany({ where: { state: "pending" }, data: { dueAt: new Date(0) } });
  await syncAndReceive(world.context, mailboxId);
}

const kept = (internetMessageId: string) => world.desk.message.findMany({ where: { internetMessageId } });

/** The mail as Exchange has it. */
async function asItIs(immutableId: string): Promise<string> {
  const { token } = await world.sandbox.graphToken("anna@deskhatch.test");
  const answer = await fetch(
    `${world.sandbox.url}/v1.0/users/${support}/messages/${encodeURIComponent(immutableId)}/$value`,
    { headers: { authorization: `Bearer ${token}` } },
  );
  return createHash("sha256")
    .update(Buffer.from(await answer.arrayBuffer()))
    .digest("hex");
}

/** Every file that the store holds, also one that was begun. */
const filesKept = () =>
  readdirSync(world.settings.DESK_FILES, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();

/** Once is made up for at once; five times in a row end the job, and another goes on. */
const once = 1;
const oftenEnoughToEnd = 5;
const small = "Please help.";
/** Larger than what the file store keeps in one go. */
const large = "All of this matters.\r\n".repeat(60_000);

test.each([
  ["a page of changes", "/delta", once, small],
  ["page after page of changes", "/delta", oftenEnoughToEnd, small],
  ["a mail", "\\$value", once, small],
  ["a mail again and again", "\\$value", oftenEnoughToEnd, small],
  ["a large mail", "\\$value", once, large],
  ["a large mail again and again", "\\$value", oftenEnoughToEnd, large],
])("of %s only half comes: the mail is filed once, and whole", async (_, pathPattern, times, text) => {
  const before = filesKept();
  const letter = await arrives(world.sandbox, { subject: "All of it", text });
  breaksOff("GET", pathPattern, times);

  await receive();

  expect(world.sandbox.faults.waiting()).toEqual([]);
  const [mail, ...more] = await kept(letter);
  expect(more).toEqual([]);
  expect(mail?.rawSha256).toBe(await asItIs(mail?.immutableId ?? ""));
  expect(await world.desk.ticket.count({ where: { messages: { some: { internetMessageId: letter } } } })).toBe(1);
  // Nothing of a half lies about either.
  const added = filesKept().filter((file) => !before.includes(file));
  expect(added.map((file) => file.split("/").at(-1))).toEqual([mail?.rawSha256]);
});

test("a mail that stops coming in the middle is asked for again after ten seconds, and kept whole", async () => {
  const letter = await arrives(world.sandbox, { subject: "Half of it" });
  world.sandbox.faults.add({ when: { method: "GET", pathPattern: "\\$value" }, do: "stall" });

  await syncAndReceive(world.context, mailboxId);

  const [mail, ...more] = await kept(letter);
  expect(more).toEqual([]);
  expect(mail?.rawSha256).toBe(await asItIs(mail?.immutableId ?? ""));
});

test.each([
  ["POST", "/createReply"],
  ["GET", "/attachments"],
  ["POST", "/attachments"],
  ["GET", "/messages/[^/]+\\?"],
  ["GET", "\\$value"],
])("while a reply goes out, of the answers to %s %s only half comes: it is one mail", async (method, pathPattern) => {
  const letter = await arrives(world.sandbox);
  await receive();
  const [question] = await kept(letter);
  const key = `reply ${question?.id}`;
  const { sendingId } = await transact(world.desk, (tx) =>
    intendMail(tx, world.queue, {
      kind: "reply",
      key,
      mailboxId,
      ticketId: question?.ticketId ?? "",
      mail: {
        to: [{ name: "Alice", address: "alice@harbourlight.test" }],
        cc: [],
        subject: "Re: The printer is on fire",
        html: "<p>Unplug it.</p>",
        answersMessageId: question?.id ?? "",
        attachments: [{ name: "manual.txt", type: "text/plain", sha256: manual, store: "desk" }],
        automatic: false,
      },
    }),
  );
  breaksOff(method, pathPattern, oftenEnoughToEnd);

  for (let attempt = 0; attempt < 6; attempt++) await sendMail(world.context, sendingId).catch(() => "again");

  const sent = await world.desk.message.findFirstOrThrow({ where: { fingerprint: `sent ${sendingId}` } });
  expect(sent.rawSha256).toBe(await asItIs(sent.immutableId ?? ""));
  expect(sent.text).toContain("Unplug it.");
  const effects = world.sandbox.ledger().filter((one) => one.effect === "sent" && one.key?.includes(key));
  expect(effects).toHaveLength(1);
});
