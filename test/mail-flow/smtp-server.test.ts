/** An SMTP server that wants a password and TLS, and what is said and kept when it and our settings do not agree. */
import { randomUUID } from "node:crypto";
import { type AddressInfo, createServer } from "node:net";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { generate } from "selfsigned";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { DeskContext } from "../../server/desk/context.ts";
import { transact } from "../../server/desk/database.ts";
import { intendMail, sendMail } from "../../server/desk/mail/send.ts";
import { settleSendings } from "../../server/desk/mail/settle-sendings.ts";
import { deskSettings } from "../../server/platform/config.ts";
import { aMailWorld, type MailWorld } from "./world.ts";

const bob = "bob@birkenfeld-werke.test";
const password = "correct horse battery";

let world: MailWorld;
let mailboxId: string;
let tls: { key: string; cert: string };
const open: { close: () => Promise<void> }[] = [];

beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads("every_mail")).id;
  const altNames = [{ type: 7 as const, ip: "127.0.0.1" }];
  const made = await generate([{ name: "commonName", value: "mail.company.test" }], {
    keyType: "ec",
    extensions: [{ name: "subjectAltName", altNames }],
  });
  tls = { key: made.private, cert: made.cert };
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
afterAll(() => world.close());

/** What a server got: who signed in, and the mails with whether they came encrypted. */
async function aServer(options: SMTPServerOptions = {}) {
  const got = { mails: [] as { to: string[]; encrypted: boolean }[], signIns: 0 };
  const server = new SMTPServer({
    ...tls,
    disableReverseLookup: true,
    onAuth({ username, password: given }, { secure }, done) {
      got.signIns++;
      if (username === "desk" && given === password && secure) done(null, { user: username });
      else done(new Error("Authentication credentials invalid"));
    },
    onData(stream, { envelope, secure }, done) {
      stream.resume().on("end", () => {
        got.mails.push({ to: envelope.rcptTo.map(({ address }) => address), encrypted: secure });
        done();
      });
    },
    ...options,
  });
  // A client that turns away from an untrusted certificate ends the connection in the middle.
  server.on("error", () => undefined);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()));
  open.push({ close: () => new Promise((closed) => server.close(closed)) });
  return { got, port: (server.server.address() as AddressInfo).port };
}

const urlOf = (port: number, { scheme = "smtp", pass = password, host = "127.0.0.1", query = "" } = {}) =>
  `${scheme}://desk:${encodeURIComponent(pass)}@${host}:${port}${query}`;

const withSmtp = (NOTIFICATIONS_SMTP_URL: string, ca: string | undefined = tls.cert): DeskContext => ({
  ...world.context,
  settings: { ...world.settings, NOTIFICATIONS_SMTP_URL, NOTIFICATIONS_SMTP_CA: ca },
});

async function aMail(kind = "sign_in_code") {
  const { sendingId } = await transact(world.desk, (tx) =>
    intendMail(tx, world.queue, {
      kind,
      key: randomUUID(),
      mailboxId,
      mail: {
        to: [{ name: "Bob", address: bob }],
        cc: [],
        subject: "Your code",
        html: "<p>123456</p>",
        answersMessageId: null,
        attachments: [],
        automatic: true,
      },
    }),
  );
  return sendingId;
}
// The budget of automatic mails is another matter.
afterEach(() => transact(world.desk, (tx) => tx.sending.deleteMany({})));

const sending = (id: string) => world.desk.sending.findUniqueOrThrow({ where: { id } });

/** It was not sent, it waits, and nothing that is said or logged of it has the password. */
async function expectWaits(context: DeskContext, id: string, sentence: string) {
  const problem = await sendMail(context, id).then(
    () => new Error("It was sent."),
    (error: Error) => error,
  );
  expect(problem.message).toContain(sentence);
  const kept = await sending(id);
  expect(kept).toMatchObject({ state: "drafted", asked: 0, leasedUntil: null, lastError: problem.message });
  const said = inspect([problem, kept], { depth: 9, showHidden: true });
  expect(said).not.toContain(password);
  expect(said).not.toContain(encodeURIComponent(password));
}

test.each(["smtp", "smtps"])("with name, password and TLS (%s) a code goes out encrypted", async (scheme) => {
  const { got, port } = await aServer({ secure: scheme === "smtps" });
  const id = await aMail();
  await sendMail(withSmtp(urlOf(port, { scheme })), id);
  expect((await sending(id)).state).toBe("sent");
  expect(got).toEqual({ mails: [{ to: [bob], encrypted: true }], signIns: 1 });
});

test("with a wrong password the mails wait, the server is not asked again and again, and the pane says what to do", async () => {
  const { got, port } = await aServer();
  const wrong = withSmtp(urlOf(port, { pass: `not ${password}` }));
  const ids = [await aMail(), await aMail(), await aMail()];
  for (const id of ids) await expectWaits(wrong, id, "Correct NOTIFICATIONS_SMTP_URL");
  expect(got).toEqual({ mails: [], signIns: 1 });
  const ada = await world.signedIn("ada@deskhatch.test");
  const trouble = async () => (await ada.get("/api/me")).body.smtpTrouble;
  expect(await trouble()).toBeNull();
  const sendAfter = new Date(Date.now() - 61_000);
  await transact(world.desk, (tx) => tx.sending.updateMany({ where: { id: { in: ids } }, data: { sendAfter } }));
  expect(await trouble()).toContain("does not accept our name and password");

  const corrected = withSmtp(urlOf(port));
  for (const id of ids) await sendMail(corrected, id);
  expect(got.mails).toHaveLength(3);
  expect(await trouble()).toBeNull();
});

test.each(["smtp", "smtps"])(
  "no password and no code goes to a server (%s) whose certificate is not trusted",
  async (scheme) => {
    const { got, port } = await aServer({ secure: scheme === "smtps" });
    const id = await aMail();
    await expectWaits(
      withSmtp(urlOf(port, { scheme }), ""),
      id,
      "Name the file of its authority in NOTIFICATIONS_SMTP_CA",
    );
    expect(got).toEqual({ mails: [], signIns: 0 });
    await sendMail(withSmtp(urlOf(port, { scheme })), id);
    expect(got.mails).toHaveLength(1);
  },
);

/** Not the name of this machine, though it leads here. */
const elsewhere = "[::ffff:127.0.0.1]";

test("no password and no code goes in the clear, also when the server or somebody on the line hides STARTTLS", async () => {
  const { got, port } = await aServer({ hideSTARTTLS: true, disabledCommands: ["STARTTLS"], allowInsecureAuth: true });
  const id = await aMail();
  await expectWaits(withSmtp(urlOf(port, { host: elsewhere })), id, "offers no encryption (STARTTLS)");
  expect(got).toEqual({ mails: [], signIns: 0 });
});

test("in the clear when the settings ask for it: a relay of one's own network", async () => {
  const { got, port } = await aServer({ disabledCommands: ["STARTTLS", "AUTH"] });
  const id = await aMail();
  await sendMail(withSmtp(`smtp://${elsewhere}:${port}?ignoreTLS=true`), id);
  expect(got.mails).toEqual([{ to: [bob], encrypted: false }]);
});

test("a server that wants a password of which we have none refuses us and not the mail", async () => {
  const { got, port } = await aServer();
  const id = await aMail();
  await expectWaits(withSmtp(`smtp://127.0.0.1:${port}`), id, "wants a name and a password");
  await sendMail(withSmtp(urlOf(port)), id);
  expect(got.mails).toHaveLength(1);
});

test("a server that speaks something else is asked again", async () => {
  const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  open.push({ close: () => new Promise((closed) => server.close(() => closed())) });
  await expectWaits(
    withSmtp(urlOf((server.address() as AddressInfo).port)),
    await aMail(),
    "Check that this machine reaches",
  );
});

test("an invitation waits for days until the server takes it; a code that comes too late is none", async () => {
  const { got, port } = await aServer();
  const [code, invitation] = [await aMail(), await aMail("invitation")];
  const wrong = withSmtp(urlOf(port), "");
  for (const id of [code, invitation]) await sendMail(wrong, id).catch(() => "it waits");
  const sendAfter = new Date(Date.now() - 24 * 3600_000);
  await transact(world.desk, (tx) => tx.sending.updateMany({ data: { sendAfter, attempts: 9 } }));
  await settleSendings(wrong);
  expect([(await sending(code)).state, (await sending(invitation)).state]).toEqual(["failed", "drafted"]);
  await sendMail(withSmtp(urlOf(port)), invitation);
  expect([(await sending(invitation)).state, got.mails.length]).toEqual(["sent", 1]);
});

test("the authority may be named by its file", () => {
  const settings = { ...world.settings, NOTIFICATIONS_SMTP_CA: world.sandbox.caFile };
  const written = (value: unknown) => (Array.isArray(value) ? value.join(" ") : String(value));
  const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, written(value)]));
  expect(deskSettings(env).NOTIFICATIONS_SMTP_CA).toBe(world.sandbox.ca);
  expect(() => deskSettings({ ...env, NOTIFICATIONS_SMTP_CA: "/nowhere.pem" })).toThrow("cannot be read");
});
