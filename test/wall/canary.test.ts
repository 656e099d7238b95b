/**
 * The wall's fifth lock: a canary sits in everything that was not released. Nobody hears it on any route of the portal,
 * in any mail, in any row or file of the customers' room.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { z } from "zod";
import { portalRoutes } from "../../server/portal/routes.ts";
import { eventually, type TwoRooms, twoRooms } from "./world.ts";

let rooms: TwoRooms;
let world: Awaited<ReturnType<typeof aWorldOfCanaries>>;
beforeAll(async () => {
  rooms = await twoRooms();
  world = await aWorldOfCanaries();
}, 120_000);
afterAll(() => rooms.close());

const perched: string[] = [];
/** Each is one of its kind, so that a failure names the field that leaked. */
function canary(field: string) {
  const name = `CANARY${perched.length + 1}${field}`;
  perched.push(name);
  return name;
}
const isHeard = (text: string) => /canary\d+\w+/i.exec(text)?.[0] ?? null;

async function aWorldOfCanaries() {
  const anna = await rooms.anAgent({
    name: "Anna Albrecht",
    address: `${canary("agentaddress")}@deskhatch.test`.toLowerCase(),
  });
  const assignee = await rooms.anAgent({ name: canary("assignee") });
  const organization = await rooms.anOrganization({ name: "Harbourlight" });
  const alice = await rooms.aContact({ name: "Alice Moreau", organizationId: organization.id });
  const adam = await rooms.aContact({ name: "Adam Lindqvist", organizationId: organization.id });
  const bob = await rooms.aContact({ name: "Bob Tanaka" });
  const desk = rooms.agent(anna);
  const mailbox = await rooms.aMailbox({ team: canary("mailboxteam") });
  await rooms.desk.mailbox.update({ where: { id: mailbox.id }, data: { trouble: canary("trouble") } });

  const ticketFor = async (requester: typeof alice, subject: string, html: string) => {
    const mail = await rooms.aKeptMail({
      from: requester,
      mailboxId: mailbox.id,
      subject: canary("mailsubject"),
      html,
      files: [
        { name: "photo.txt", content: "a photo" },
        { name: canary("leftoutfile"), content: canary("leftoutcontent") },
      ],
    });
    await rooms.desk.message.update({
      where: { id: mail.id },
      data: {
        quotedHtml: canary("quotedhtml"),
        quotedText: canary("quotedtext"),
        text: `${html} ${canary("wholetext")}`,
        html: `${html}${canary("wholehtml")}`,
        recipients: {
          to: [],
          cc: [{ name: canary("ccname"), address: `${canary("ccaddress")}@deskhatch.test` }],
          replyTo: [],
        },
        warnings: [canary("warning")],
        details: { source: canary("details") },
        conversationId: canary("conversation"),
      },
    });
    const photo = mail.attachments.find(({ name }) => name === "photo.txt")?.id ?? "";
    const ticket = await rooms.aTicket({
      ...{ messageId: mail.id, requesterId: requester.id, subject, attachmentIds: [photo], mailboxId: mailbox.id },
      ...{ team: canary("team"), by: anna },
    });
    return { ...ticket, mail };
  };

  const shown = await ticketFor(alice, "The lamp is dark", "<p>My lamp is dark.</p>");
  const hidden = await ticketFor(alice, canary("hiddensubject"), canary("hiddenwords"));
  const bobs = await ticketFor(bob, canary("foreignsubject"), `<p>${canary("foreignwords")}</p>`);

  const { version } = await rooms.desk.ticket.findUniqueOrThrow({ where: { id: shown.id } });
  await desk.ask.patch(
    `/api/tickets/${shown.number}`,
    { assigneeId: assignee.id, priority: "urgent" },
    { "If-Match": `"${version}"` },
  );
  const upload = async (name: string, content: string) => {
    const kept = await rooms.files.keep(Buffer.from(content));
    return rooms.desk.attachment.create({
      data: { ...kept, name, type: "text/plain", uploadedById: anna.id },
      select: { id: true },
    });
  };
  const noteFile = await upload(canary("notefile"), canary("notefilecontent"));
  const { body: note } = await desk.note(shown.number, {
    html: `<p>${canary("note")}</p>`,
    attachmentIds: [noteFile.id],
  });
  const terms = await upload("terms.txt", "our terms");
  await desk.reply(shown.number, { html: "<p>We look into it.</p>", attachmentIds: [terms.id], quoteEntryId: note.id });
  const { body: retracted } = await desk.reply(shown.number, { html: `<p>${canary("retracted")}</p>` });
  await desk.retract(shown.number, retracted.id);
  // What went out before it was retracted is no leak: it was released words then.
  await rooms.desk.sending.deleteMany({ where: { entryId: retracted.id } });
  await desk.reply(bobs.number, { html: `<p>${canary("foreignreply")}</p>` });
  await rooms.aKeptMail({
    from: alice,
    subject: canary("heldsubject"),
    html: canary("heldwords"),
    heldBecause: canary("heldbecause"),
    match: { because: [canary("because")] },
  });
  const third = await rooms.aKeptMail({
    from: { name: canary("thirdname"), address: `${canary("third")}@outsider.test` },
    html: canary("thirdwords"),
  });
  await desk.ask.post(`/api/tickets/${shown.number}/mails`, { messageId: third.id, attachmentIds: [] });
  await rooms.desk.auditRecord.create({
    data: { act: canary("audit"), ticketId: shown.id, details: { what: canary("auditdetails") } },
  });
  await rooms.desk.organizationDomain.create({
    data: { domain: `${canary("domain")}.test`.toLowerCase(), organizationId: organization.id },
  });
  await rooms.desk.participant.create({
    data: { ticketId: hidden.id, contactId: adam.id, because: canary("participation") },
  });
  await desk.ask.post(`/api/contacts/${adam.id}/invitation`, {});
  await rooms.settled();
  return { anna, alice, adam, bob, shown, hidden, bobs };
}

/** Everything a person can ask for, from the router's own list. */
const Layers = z.array(
  z.object({ route: z.object({ path: z.string(), methods: z.record(z.string(), z.boolean()) }).optional() }),
);
function listedRoutes() {
  const layers = Layers.parse(portalRoutes(rooms.portalContext).stack);
  return layers.flatMap(({ route }) =>
    route ? Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path: route.path })) : [],
  );
}

/** Every value that a parameter of an address can have in this world, also those that only the desk knows. */
async function valuesOf(): Promise<Record<string, string[]>> {
  const { shown, hidden, bobs } = world;
  const published = await rooms.publisher.publishedFile.findMany({
    select: { fileId: true, attachmentId: true, sha256: true },
  });
  const attachments = await rooms.desk.attachment.findMany({ select: { id: true, sha256: true } });
  const links = await rooms.publisher.portalSecureLink.findMany({ select: { linkId: true } });
  const acts = await rooms.publisher.customerAct.findMany({ select: { actId: true } });
  return {
    number: [shown, hidden, bobs].map(({ number }) => String(number)),
    fileId: [
      ...published.flatMap((file) => Object.values(file)),
      ...attachments.flatMap((file) => Object.values(file)),
    ],
    linkId: links.map(({ linkId }) => linkId),
    actId: [...acts.map(({ actId }) => actId), randomUUID()],
    // Whoever has no link's secret may guess, or have read the database.
    secret: [
      randomBytes(24).toString("base64url"),
      ...(await rooms.desk.secureLink.findMany()).map((link) => link.secretHash),
    ],
    file: ["portal.css", "../../package.json", "%2e%2e%2fpackage.json"],
  };
}

async function secretsInMails() {
  const mails = await rooms.desk.sending.findMany({ where: { kind: "reply" }, select: { mail: true, ticketId: true } });
  return mails.flatMap(({ mail, ticketId }) => {
    const secret = /\/l\/([\w-]+)/.exec(JSON.stringify(mail))?.[1];
    return secret ? [{ secret, ticketId }] : [];
  });
}

/** A path with each combination of values; an unknown parameter must be taught to this walk. */
function addresses(path: string, values: Record<string, string[]>): string[] {
  const parameter = /:(\w+)/.exec(path)?.[1];
  if (!parameter) return [path];
  const known = values[parameter];
  if (!known) throw new Error(`The walk does not know what :${parameter} in ${path} can be. Teach it.`);
  return known.flatMap((value) => addresses(path.replace(`:${parameter}`, value), values));
}

const queries = ["", "?show=closed", "?search=CANARY", "?search=lamp", "?after=x", "?next=/tickets/1"];
const forms = () => ({
  onceKey: randomUUID(),
  text: "I wrote this myself.",
  subject: "A new matter",
  address: world.adam.address,
  code: "000000",
  language: "de",
  back: "/",
});

type Browser = ReturnType<TwoRooms["visitor"]>;

/** Asks for everything, as a page and as JSON, and notes where a canary sang. */
async function walk(who: string, browser: Browser) {
  const values = await valuesOf();
  const heard: string[] = [];
  const statuses = new Map<number, number>();
  const listen = (route: string, answer: Awaited<ReturnType<Browser["ask"]>>) => {
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const song =
      isHeard(answer.text) ?? isHeard(answer.bytes.toString("latin1")) ?? isHeard(JSON.stringify([...answer.headers]));
    if (song) heard.push(`${who}: ${route}: ${song}`);
  };
  const reading = listedRoutes().filter(({ method }) => method === "GET");
  const writing = listedRoutes().filter(({ method }) => method !== "GET");
  const last = (path: string) => Number(path === "/sign-out");

  for (const { path } of reading)
    for (const address of addresses(path, values))
      for (const query of path.includes(":") ? [""] : queries)
        for (const accept of ["text/html", "application/json"])
          listen(`GET ${address}${query} as ${accept}`, await browser.get(`${address}${query}`, { accept }));
  for (const { method, path } of writing.sort((a, b) => last(a.path) - last(b.path)))
    for (const address of addresses(path, values))
      for (const accept of ["text/html", "application/json"]) {
        const multipart = /messages$|^\/tickets$/.test(path);
        const answer = multipart
          ? await browser.send(address, {
              onceKey: randomUUID(),
              text: "I wrote this myself.",
              ...(path === "/tickets" && { subject: "A new matter" }),
            })
          : await browser.ask(address, { method, body: new URLSearchParams(forms()), headers: { accept } });
        listen(`${method} ${address} as ${accept}`, answer);
      }
  return { heard, statuses };
}

test("the canaries sing in the desk: where they are looked for, they would be found", async () => {
  expect(perched.length).toBeGreaterThan(40);
  const rows = (await everyRow(rooms.rooms.desk)).toLowerCase();
  const silent = perched.filter((name) => !rows.includes(name.toLowerCase()));
  // The content of a file is no row; it is looked for in the portal's files.
  expect(silent.filter((name) => !name.endsWith("content"))).toEqual([]);
});

test("a stranger hears none", async () => {
  const { heard, statuses } = await walk("a stranger", rooms.visitor());
  expect(heard).toEqual([]);
  expect(statuses.get(500)).toBeUndefined();
}, 120_000);

test("the customer hears none on her own ticket, and finds what was released", async () => {
  const browser = await rooms.signedIn(world.alice);
  const page = await browser.get(`/tickets/${world.shown.number}`);
  expect(page.text).toContain("We look into it.");
  expect(page.text).toContain("terms.txt");
  const { heard, statuses } = await walk("the customer", browser);
  expect(heard).toEqual([]);
  expect(statuses.get(500)).toBeUndefined();
}, 120_000);

test("a colleague who is on no released ticket hears none", async () => {
  const browser = await rooms.signedIn(world.adam);
  expect((await browser.get(`/tickets/${world.shown.number}`)).status).toBe(404);
  const { heard, statuses } = await walk("a colleague", browser);
  expect(heard).toEqual([]);
  expect(statuses.get(500)).toBeUndefined();
}, 120_000);

test("the holder of a secure link hears none, and opens only that one ticket", async () => {
  const link = (await secretsInMails()).find(({ ticketId }) => ticketId === world.shown.id);
  const holder = rooms.visitor();
  const { location } = await holder.get(`/l/${link?.secret}`);
  expect((await holder.get(location ?? "")).text).toContain("We look into it.");

  const values = await valuesOf();
  const own = { ...values, secret: [...(values.secret ?? []), link?.secret ?? ""] };
  const heard: string[] = [];
  for (const { path } of listedRoutes().filter(({ method }) => method === "GET"))
    for (const address of addresses(path, own))
      for (const accept of ["text/html", "application/json"]) {
        const { text } = await holder.get(address, { accept });
        const song = isHeard(text);
        if (song) heard.push(`${address}: ${song}`);
      }
  expect(heard).toEqual([]);
}, 120_000);

test("no mail that was written carries one to anybody but Bob, whose words are his own", async () => {
  await eventually(async () => (await rooms.desk.sending.count({ where: { kind: "sign_in_code" } })) > 0);
  const mails = await rooms.desk.sending.findMany({
    select: { kind: true, mail: true, ticketId: true, automatic: true },
  });
  // LOOP-02: whatever nobody wrote by hand says so, and is budgeted.
  expect(mails.filter(({ kind, automatic }) => automatic !== (kind !== "reply"))).toEqual([]);
  expect([...new Set(mails.map(({ kind }) => kind))].sort()).toEqual(["invitation", "reply", "sign_in_code"]);
  const others = mails.filter(({ ticketId }) => ticketId !== world.bobs.id);
  expect(others.map(({ kind, mail }) => [kind, isHeard(JSON.stringify(mail))]).filter(([, song]) => song)).toEqual([]);
});

test("the customers' room holds none in any row, but for what was released to Bob, and none in any file", async () => {
  const rows = (await everyRow(rooms.rooms.publisher))
    .split("\n")
    .filter((row) => isHeard(row) && !row.includes(world.bobs.id));
  expect(rows).toEqual([]);
  const folder = rooms.settings.PORTAL_FILES;
  const contents = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, "latin1"));
  expect(contents.length).toBeGreaterThan(0);
  expect(contents.filter(isHeard)).toEqual([]);
});

/** Every table of a database, one line a row. */
async function everyRow(address: string): Promise<string> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    );
    const dumps = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(
        `select row_to_json(t)::text as row from ${client.escapeIdentifier(name)} t`,
      );
      dumps.push(...rows.map(({ row }) => row));
    }
    return dumps.join("\n");
  } finally {
    await client.end();
  }
}
