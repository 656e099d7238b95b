/** Sign-in codes and invitations by an SMTP server of one's own; everything else stays with the mailbox. */
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { DeskContext } from "../../server/desk/context.ts";
import { transact } from "../../server/desk/database.ts";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { intendMail, type SendWish, sendMail } from "../../server/desk/mail/send.ts";
import { aMailWorld, type MailWorld, support } from "./world.ts";

const bob = "bob@birkenfeld-werke.test";

let world: MailWorld;
let mailboxId: string;
let server: Awaited<ReturnType<typeof anUncertainServer>>;
let context: DeskContext;
let codes = 0;

beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads("every_mail")).id;
  server = await anUncertainServer(world.sandbox.smtpPort);
  context = withSmtp(server.port);
});
afterAll(async () => {
  server.close();
  await world.close();
});

const withSmtp = (port: number): DeskContext => ({
  ...world.context,
  settings: { ...world.settings, NOTIFICATIONS_SMTP_URL: `smtp://127.0.0.1:${port}` },
});

/** The sandbox's SMTP, behind a line that may break after the mail was taken and before anybody hears of it. */
async function anUncertainServer(smtpPort: number) {
  const uncertain = { breaks: 0, mails: 0 };
  const lines = new Set<Socket>();
  const relay: Server = createServer((client) => {
    const upstream = connect(smtpPort, "127.0.0.1");
    for (const socket of [client, upstream]) lines.add(socket.on("error", () => socket.destroy()));
    let inData = false;
    client.on("data", (part) => upstream.write(part));
    upstream.on("data", (part) => {
      // After "go on" comes the mail, and after the mail the answer.
      if (part.toString().includes("354 ")) inData = true;
      else if (inData) {
        inData = false;
        uncertain.mails++;
        if (uncertain.breaks-- > 0) return void client.destroy();
      }
      client.write(part);
    });
    client.on("close", () => upstream.end());
    upstream.on("close", () => client.end());
  });
  await new Promise<void>((listening) => relay.listen(0, "127.0.0.1", listening));
  const address = relay.address();
  return {
    uncertain,
    port: typeof address === "object" && address ? address.port : 0,
    close: () => {
      for (const socket of lines) socket.destroy();
      relay.close();
    },
  };
}

const aCode = async (wish: Partial<SendWish> = {}, mail: Partial<SendWish["mail"]> = {}) =>
  (
    await transact(world.desk, (tx) =>
      intendMail(tx, world.queue, {
        kind: "sign_in_code",
        key: `code ${++codes}`,
        mailboxId,
        ...wish,
        mail: {
          to: [{ name: "Bob", address: bob }],
          cc: [],
          subject: `Code ${codes}`,
          html: "<p>123456</p>",
          answersMessageId: null,
          attachments: [],
          automatic: true,
          ...mail,
        },
      }),
    )
  ).sendingId;

const sending = (id: string) => world.desk.sending.findUniqueOrThrow({ where: { id } });

/** What lies in Bob's mailbox of this sending. */
async function receivedOf(id: string) {
  const outlook = await world.outlookOf(bob);
  const { body } = await outlook.get("/me/messages?$top=200&$select=id,internetMessageId");
  const mine = body.value.filter((one: { internetMessageId: string }) => one.internetMessageId.includes(id));
  return Promise.all(
    mine.map(async ({ id: mail }: { id: string }) =>
      readMail(Buffer.from((await outlook.get(`/me/messages/${encodeURIComponent(mail)}/$value`)).text)),
    ),
  );
}

test("a code goes by SMTP, says that no person wrote it, and its report would come back to the mailbox", async () => {
  const id = await aCode();
  await sendMail(context, id);
  await sendMail(context, id);

  const [mail, ...more] = await receivedOf(id);
  expect(more).toEqual([]);
  expect(mail.from).toEqual({ name: "Support", address: support });
  const header = new Map(mail.headers);
  expect(header.get("auto-submitted")).toBe("auto-generated");
  expect(header.get("x-auto-response-suppress")).toBe("All");
  expect(header.get("return-path")).toBe(`<${support}>`);
  expect(await sending(id)).toMatchObject({
    state: "sent",
    transport: "smtp",
    internetMessageId: `${id}@deskhatch.test`,
  });
  expect(world.sandbox.ledger().filter(({ effect }) => effect === "draft_created")).toEqual([]);
  // A report of the code's delivery finds it by this.
  expect(await world.desk.message.findFirst({ where: { internetMessageId: `${id}@deskhatch.test` } })).toMatchObject({
    outgoing: true,
    mailboxId: null,
  });
});

test("what belongs to a ticket still goes by the mailbox", async () => {
  const { id: ticketId } = await world.aTicket();
  const id = await aCode({ kind: "reply", ticketId, key: "a reply" }, { automatic: false });
  await sendMail(context, id);
  expect(await sending(id)).toMatchObject({ state: "sent", transport: "graph" });
});

test("when the answer is lost it is sent once more with the same Message-ID, and never a third time", async () => {
  const id = await aCode();
  server.uncertain.breaks = 1;
  const before = server.uncertain.mails;
  await expect(sendMail(context, id)).rejects.toThrow();
  expect(await sending(id)).toMatchObject({ state: "sending", asked: 1 });
  await sendMail(context, id);
  await sendMail(context, id);
  expect([(await sending(id)).state, server.uncertain.mails - before]).toEqual(["sent", 2]);

  const lost = await aCode();
  server.uncertain.breaks = 9;
  for (let attempt = 0; attempt < 4; attempt++) await sendMail(context, lost).catch(() => "again");
  server.uncertain.breaks = 0;
  expect(await sending(lost)).toMatchObject({
    state: "failed",
    lastError: expect.stringContaining("did not say whether it took it, twice"),
  });
  expect(server.uncertain.mails - before).toBe(4);
  const ids = (await receivedOf(lost)).map(({ messageId }) => messageId);
  expect(ids).toEqual([`${lost}@deskhatch.test`, `${lost}@deskhatch.test`]);
});

test("a server that is away is asked again; one that refuses for good is not", async () => {
  const id = await aCode();
  await expect(sendMail(withSmtp(1), id)).rejects.toThrow("does not take mails now");
  expect(await sending(id)).toMatchObject({ state: "drafted", asked: 0 });
  await sendMail(context, id);
  expect((await sending(id)).state).toBe("sent");

  const refused = await aCode({}, { to: [{ name: "", address: "nobody@deskhatch.test" }] });
  await sendMail(context, refused);
  expect(await sending(refused)).toMatchObject({ state: "failed", lastError: expect.stringContaining("5.1.10") });
});
