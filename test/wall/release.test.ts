/** The customer reads what was released, in exactly the words that were released, and nothing else the desk holds. */
import { transact } from "../../server/desk/database.ts";
import { revokeSecureLinks } from "../../server/release/secure-link.ts";
import type { Answer } from "../desk/world.ts";
import { eventually, type TwoRooms, twoRooms } from "./world.ts";

let rooms: TwoRooms;
beforeAll(async () => {
  rooms = await twoRooms();
});
afterAll(() => rooms.close());

type Shown = { side: string; authorName: string; html: string; files: { id: string; name: string }[] };
const wordsOf = ({ body }: { body: { entries?: Shown[] } }) => body.entries?.map(({ html }) => html);
const filesOf = ({ body }: { body: { entries?: Shown[] } }) =>
  body.entries?.flatMap(({ files }) => files.map(({ name }) => name));

/** Anna's ticket from Alice's mail. */
async function aTicketOfAlice(mail: Parameters<TwoRooms["aKeptMail"]>[0] = {}) {
  const anna = await rooms.anAgent({ name: "Anna Albrecht" });
  const alice = await rooms.aContact({ name: "Alice Moreau" });
  const kept = await rooms.aKeptMail({
    from: alice,
    html: "<p>My lamp is dark.</p>",
    files: [{ name: "lamp.txt" }],
    ...mail,
  });
  const ticket = await rooms.aTicket({
    ...{ messageId: kept.id, requesterId: alice.id, attachmentIds: "all", mailboxId: kept.mailboxId, by: anna },
  });
  return { anna, alice, mail: kept, ...ticket, desk: rooms.agent(anna) };
}

test("a reply is read in the portal in exactly its words, beside what the customer wrote himself", async () => {
  const { number, desk, alice } = await aTicketOfAlice();
  const { status, body } = await desk.reply(number, { html: "<p>We have <b>sent</b> a new one.</p>" });
  expect(status).toBe(201);
  expect(body.visibility.publishedAt).not.toBeNull();

  const customer = await rooms.signedIn(alice);
  const page = await customer.json(`/tickets/${number}`);
  expect(page.body.entries.map(({ side, authorName, html }: Shown) => [side, authorName, html])).toEqual([
    ["customer", "Alice Moreau", "<p>My lamp is dark.</p>"],
    ["team", "Anna Albrecht", "<p>We have <b>sent</b> a new one.</p>"],
  ]);
  expect(filesOf(page)).toEqual(["lamp.txt"]);
  expect(page.body.status.key).toBe("waiting_on_customer");
});

test("words that a style hides from the agent who releases them do not leave with the others", async () => {
  const { number, desk, alice } = await aTicketOfAlice();
  const pasted = `<p>It is on its way.</p><div style="color:red; DISPLAY : none">Margin 40 %</div><span style="opacity:0.0">She always complains</span>`;
  const { body } = await desk.reply(number, { html: pasted });
  expect(body.html).toBe("<p>It is on its way.</p>");
  const customer = await rooms.signedIn(alice);
  expect(wordsOf(await customer.json(`/tickets/${number}`))).toContain("<p>It is on its way.</p>");
  expect((await desk.reply(number, { html: `<p style="display:none">Only this</p>` })).body.detail).toContain("Write");
});

test("a note stays with the team: the customer's answers are byte for byte the same before and after it", async () => {
  const { number, desk, alice } = await aTicketOfAlice();
  await desk.reply(number, { html: "<p>We look into it.</p>" });
  const customer = await rooms.signedIn(alice);
  const paths = ["/", "/?show=closed", "/?search=spare", "/?search=look", `/tickets/${number}`];
  const look = async () => JSON.stringify(await Promise.all(paths.map((path) => customer.json(path))));
  await rooms.settled();
  const before = await look();
  expect((await desk.note(number, { html: "<p>spare lamps are out of stock</p>" })).status).toBe(201);
  await rooms.settled();
  expect(await look()).toBe(before);
});

test("a note is shown when somebody releases it, and a second release of it is refused", async () => {
  const { number, desk, alice } = await aTicketOfAlice();
  const { body: note } = await desk.note(number, { html: "<p>The driver comes at nine.</p>" });
  const { status, body } = await desk.release(number, note.id, {});
  expect([status, body.visibility.to, body.visibility.releasedBy]).toEqual([201, "customer", "Anna Albrecht"]);

  const customer = await rooms.signedIn(alice);
  expect(wordsOf(await customer.json(`/tickets/${number}`))).toContain("<p>The driver comes at nine.</p>");
  expect((await desk.release(number, note.id, {})).status).toBe(409);
});

test("what was retracted is gone at once: words, file, search and the file's old address", async () => {
  const { number, desk, alice, mail } = await aTicketOfAlice({
    files: [{ name: "plan.txt", content: `plan ${Math.random()}` }],
  });
  await desk.show(number);
  const customer = await rooms.signedIn(alice);
  const [entry] = (await customer.json(`/tickets/${number}`)).body.entries;
  const address = `/files/${entry.files[0].id}`;
  expect((await customer.get(address)).status).toBe(200);
  expect((await customer.json("/?search=lamp")).body.tickets).toHaveLength(1);

  const received = await entryOf(mail.id);
  const { status, body } = await desk.retract(number, received);
  expect([status, body.entry.visibility.to, body.entry.visibility.retracted.by]).toEqual([
    200,
    "internal",
    "Anna Albrecht",
  ]);
  expect(body.sentence).toBe("The portal does not show it any more. No mail was sent with it.");
  expect((await customer.get(address)).status).toBe(404);
  expect(wordsOf(await customer.json(`/tickets/${number}`))).toEqual([]);
  expect((await customer.json("/?search=lamp")).body.tickets).toHaveLength(0);
  const { retractedAt, withdrawnAt } = await rooms.desk.release.findFirstOrThrow({ where: { entryId: received } });
  expect(Number(withdrawnAt) - Number(retractedAt)).toBeLessThan(1000);
  expect(await rooms.portalFiles.has(mail.attachments[0]?.sha256 ?? "")).toBe(false);

  await rooms.settled();
  expect(wordsOf(await customer.json(`/tickets/${number}`))).toEqual([]);
  expect((await desk.retract(number, received)).status).toBe(409);
});

test("what was retracted can be released again: a new release, and the old one stays on record", async () => {
  const { number, id, desk } = await aTicketOfAlice();
  const { body: reply } = await desk.reply(number, { html: "<p>Tomorrow.</p>" });
  await desk.retract(number, reply.id);
  expect((await desk.release(number, reply.id, {})).status).toBe(201);
  const releases = await rooms.desk.release.findMany({
    where: { ticketId: id, entryId: reply.id },
    orderBy: { releasedAt: "asc" },
  });
  expect(
    releases.map(({ retractedAt, withdrawnAt, publishedAt }) => [!!retractedAt, !!withdrawnAt, !!publishedAt]),
  ).toEqual([
    [true, true, true],
    [false, false, true],
  ]);
});

test("of a mail only the new words are released; history, pictures and each file have a switch of their own", async () => {
  const stranger = { name: "Sam Supplier", address: "sam@supplier.test" };
  const { number, id, desk, alice } = await aTicketOfAlice();
  const mail = await rooms.aKeptMail({
    from: stranger,
    html: '<p>We deliver on Monday.</p><img src="cid:signature"><img src="data:image/png;base64,AAAA">',
    files: [{ name: "delivery.pdf" }, { name: "prices.xlsx" }, { name: "signature.png", inline: true }],
  });
  await rooms.desk.message.update({ where: { id: mail.id }, data: { quotedHtml: "<p>Our secret discount</p>" } });
  await rooms.desk.attachment.updateMany({
    where: { messageId: mail.id, inline: true },
    data: { contentId: "signature" },
  });
  await desk.ask.post(`/api/tickets/${number}/mails`, {
    messageId: mail.id,
    attachmentIds: mail.attachments.map((file) => file.id),
  });
  const entry = await entryOf(mail.id);
  await desk.release(number, entry, { attachmentIds: [mail.attachments[0]?.id] });
  const customer = await rooms.signedIn(alice);
  const page = await customer.json(`/tickets/${number}`);
  expect(page.body.entries.at(-1)).toMatchObject({
    side: "team",
    authorName: "Anna Albrecht",
    html: "<p>We deliver on Monday.</p>",
  });
  expect(filesOf(page)).toContain("delivery.pdf");
  expect(JSON.stringify(page.body)).not.toMatch(/discount|prices|signature|Supplier/i);

  await desk.retract(number, entry);
  await desk.release(number, entry, { withQuoted: true, withInlineImages: true });
  const whole = await customer.json(`/tickets/${number}`);
  expect(whole.body.entries.at(-1).html).toContain("secret discount");
  expect(whole.body.entries.at(-1).html).toContain("cid:signature");
  expect(filesOf(whole)).toEqual(expect.arrayContaining(["signature.png"]));
  expect(filesOf(whole)).not.toContain("prices.xlsx");
  expect(await rooms.desk.release.count({ where: { ticketId: id, entryId: entry } })).toBe(2);
});

test("a file of another ticket cannot be released with an entry of this one", async () => {
  const { number, desk } = await aTicketOfAlice();
  const other = await aTicketOfAlice();
  const { body: note } = await desk.note(number, { html: "<p>See the file.</p>" });
  const foreign = other.mail.attachments[0]?.id;
  expect((await desk.release(number, note.id, { attachmentIds: [foreign] })).status).toBe(422);
  expect((await desk.reply(number, { html: "<p>Here.</p>", attachmentIds: [foreign] })).status).toBe(422);
  expect((await desk.release(other.number, note.id, {})).status).toBe(404);
});

test("the customer's own words need a sender whom Exchange vouched for and who is on the ticket", async () => {
  const { number, desk, alice } = await aTicketOfAlice();
  const bob = await rooms.aContact({ name: "Bob Tanaka" });
  const unproven = await rooms.aKeptMail({ from: alice, html: "<p>UNPROVEN</p>" });
  await rooms.desk.message.update({ where: { id: unproven.id }, data: { authentication: { verdict: "none" } } });
  const foreign = await rooms.aKeptMail({ from: bob, html: "<p>FOREIGN</p>" });
  const machine = await rooms.aKeptMail({ from: alice, html: "<p>MACHINE</p>" });
  await rooms.desk.message.update({ where: { id: machine.id }, data: { kind: "auto_reply" } });
  for (const mail of [unproven, foreign, machine])
    await desk.ask.post(`/api/tickets/${number}/mails`, { messageId: mail.id, attachmentIds: [] });
  await desk.show(number);
  await rooms.settled();
  const customer = await rooms.signedIn(alice);
  expect(wordsOf(await customer.json(`/tickets/${number}`))).toEqual(["<p>My lamp is dark.</p>"]);
});

test("a colleague's mail that an agent adds stays with the team, also when the colleague takes part later", async () => {
  const { id, number, desk, alice } = await aTicketOfAlice();
  const adam = await rooms.aContact({ name: "Adam Moreau", organizationId: alice.organizationId });
  const mail = await rooms.aKeptMail({ from: adam, html: "<p>COLLEAGUE</p>" });
  const again = await rooms.aKeptMail({ from: alice, html: "<p>Still dark.</p>" });
  for (const { id: messageId } of [mail, again])
    await desk.ask.post(`/api/tickets/${number}/mails`, { messageId, attachmentIds: [] });
  expect(await rooms.desk.participant.count({ where: { ticketId: id } })).toBe(0);

  await rooms.desk.participant.create({ data: { ticketId: id, contactId: adam.id, because: "a test says so" } });
  await desk.show(number);
  await rooms.settled();
  const customer = await rooms.signedIn(alice);
  expect(wordsOf(await customer.json(`/tickets/${number}`))).toEqual(["<p>My lamp is dark.</p>", "<p>Still dark.</p>"]);
  const entry = await entryOf(mail.id);
  await desk.release(number, entry, {});
  expect(wordsOf(await customer.json(`/tickets/${number}`))).toContain("<p>COLLEAGUE</p>");
});

test("the preview is the customer's page as it then becomes", async () => {
  const { number, desk } = await aTicketOfAlice();
  const words = {
    html: '<p>Please <a href="https://lamps.example/switch">switch</a> it on.</p><script>alert(1)</script>',
  };
  const preview = await desk.ask.post(`/api/tickets/${number}/preview`, words);
  expect(preview.status).toBe(200);
  expect((await desk.ask.get(`/api/tickets/${number}/customer-view`)).status).toBe(404);

  await desk.reply(number, words);
  const view = await desk.ask.get(`/api/tickets/${number}/customer-view`);
  const comparable = ({ body }: Answer) =>
    body.entries.map(({ kind, side, authorName, html, files }: Shown & { kind: string }) => ({
      kind,
      side,
      authorName,
      html,
      files,
    }));
  expect(comparable(preview)).toEqual(comparable(view));
  expect(view.text).not.toContain("script");
});

test("the mail of a reply holds its words and a link of the one recipient that opens this ticket and no other", async () => {
  const { number, desk, alice } = await aTicketOfAlice();
  const other = await aTicketOfAlice();
  const { body: reply } = await desk.reply(number, { html: "<p>It is on its way.</p>" });
  const sending = await rooms.desk.sending.findFirstOrThrow({ where: { entryId: reply.id } });
  const mail = JSON.stringify(sending.mail);
  expect(mail).toContain("<p>It is on its way.</p>");
  expect(sending.recipients).toEqual([alice.address]);

  const secret = /\/l\/([\w-]+)/.exec(mail)?.[1] ?? "";
  expect(Buffer.from(secret, "base64url")).toHaveLength(24);
  const holder = rooms.visitor();
  const { location } = await holder.get(`/l/${secret}`);
  expect((await holder.get(location ?? "")).text).toContain("It is on its way.");
  expect((await holder.get(`/tickets/${number}`)).status).toBe(303);
  expect((await holder.get(`/tickets/${other.number}`)).status).toBe(303);
  const kept = await rooms.desk.secureLink.findMany({ select: { secretHash: true } });
  expect(JSON.stringify(kept)).not.toContain(secret);
});

test("the code of a secure link goes to the address that the link went to, not to another one of the same person", async () => {
  const { number, desk, alice } = await aTicketOfAlice();
  const other = { address: `aaa.${alice.address}`, contactId: alice.id };
  await rooms.desk.contactAddress.create({ data: other });
  await desk.reply(number, { html: "<p>It is on its way.</p>" });
  await rooms.settled();
  const primary = () =>
    rooms.publisher.customerAddress.findMany({
      where: { contactId: alice.id, primary: true },
      select: { address: true },
    });
  expect(await primary()).toEqual([{ address: alice.address }]);

  await rooms.desk.contactAddress.updateMany({ where: { contactId: alice.id }, data: { primary: false } });
  await rooms.desk.contactAddress.update({ where: { address: other.address }, data: { primary: true } });
  await desk.reply(number, { html: "<p>It is there.</p>" });
  await rooms.settled();
  expect(await primary()).toEqual([{ address: other.address }]);
});

test("several recipients share a mail and therefore no secret; who is not on the ticket is no recipient", async () => {
  const { number, id, desk, alice } = await aTicketOfAlice();
  const adam = await rooms.aContact({ name: "Adam Lindqvist", organizationId: alice.organizationId });
  await rooms.desk.participant.create({ data: { ticketId: id, contactId: adam.id, because: "a test" } });
  const { body: reply } = await desk.reply(number, { html: "<p>To both of you.</p>", cc: [adam.address] });
  const { mail, recipients } = await rooms.desk.sending.findFirstOrThrow({ where: { entryId: reply.id } });
  expect(recipients.sort()).toEqual([alice.address, adam.address].sort());
  expect(JSON.stringify(mail)).not.toMatch(/\/l\//);

  const colleague = await rooms.signedIn(adam);
  expect(wordsOf(await colleague.json(`/tickets/${number}`))).toContain("<p>To both of you.</p>");
  const mallory = await desk.reply(number, { html: "<p>No.</p>", cc: ["mallory@outsider.test"] });
  expect([mallory.status, mallory.body.detail]).toEqual([
    422,
    expect.stringContaining("mallory@outsider.test is not on this ticket"),
  ]);
});

test("of quoted history only what was released goes into the mail", async () => {
  const { number, desk } = await aTicketOfAlice();
  const { body: note } = await desk.note(number, { html: "<p>CANARY of a note</p>" });
  const { body: shown } = await desk.reply(number, { html: "<p>Released words</p>" });
  const quoting = async (quoteEntryId: string) => {
    const { body } = await desk.reply(number, { html: "<p>More.</p>", quoteEntryId });
    return JSON.stringify((await rooms.desk.sending.findFirstOrThrow({ where: { entryId: body.id } })).mail);
  };
  expect(await quoting(note.id)).not.toContain("CANARY");
  expect(await quoting(shown.id)).toContain("Released words");
  await desk.retract(number, shown.id);
  expect(await quoting(shown.id)).not.toContain("Released words");
});

test("words that are not those that were approved are shown to nobody", async () => {
  const { number, desk, alice } = await aTicketOfAlice();
  const { body: reply } = await desk.reply(number, { html: "<p>Ten percent.</p>" });
  await rooms.desk.release.updateMany({ where: { entryId: reply.id }, data: { html: "<p>Ninety percent.</p>" } });
  await desk.ask.patch(
    `/api/tickets/${number}`,
    { subject: "Touched" },
    { "If-Match": `"${await versionOf(number)}"` },
  );
  await rooms.settled();
  const customer = await rooms.signedIn(alice);
  expect(JSON.stringify((await customer.json(`/tickets/${number}`)).body)).not.toContain("percent");
});

test("a reply without words, and one that would make the ticket new again, are refused with a sentence", async () => {
  const { number, desk } = await aTicketOfAlice();
  const empty = await desk.reply(number, { html: "<p> &nbsp; </p><script>x</script>" });
  const again = await desk.reply(number, { html: "<p>Hello.</p>", thenStatus: "new" });
  expect([empty.status, again.status]).toEqual([400, 422]);
  expect(empty.body.detail).toBe("Write something first.");
});

test("an invited contact signs in although no ticket is shown; the code is kept nowhere once it is handed over", async () => {
  const { desk } = await aTicketOfAlice();
  const carla = await rooms.aContact({ name: "Carla Duarte" });
  const stranger = rooms.visitor();
  await stranger.post("/sign-in", { address: carla.address });
  expect(await rooms.publisher.portalMail.count({ where: { address: carla.address } })).toBe(0);

  const { status, body } = await desk.ask.post(`/api/contacts/${carla.id}/invitation`, {});
  expect([status, body.invited]).toEqual([201, true]);
  const browser = await rooms.signedIn(carla);
  expect((await browser.json("/")).body.tickets).toEqual([]);
  await eventually(async () => {
    const mail = await rooms.publisher.portalMail.findFirst({ where: { address: carla.address } });
    return mail?.sentAt && JSON.stringify(mail.facts) === "{}";
  });
});

test("the portal is down: the release is kept, and is shown as soon as the portal is back", async () => {
  const { number, desk, alice } = await aTicketOfAlice();
  await desk.show(number);
  const customer = await rooms.signedIn(alice);
  await rooms.settled();
  await rooms.publisher.$executeRaw`alter table published_entries rename to away`;
  const { status, body } = await desk.reply(number, { html: "<p>In spite of it.</p>" });
  await rooms.publisher.$executeRaw`alter table away rename to published_entries`;
  expect([status, body.visibility.publishedAt]).toEqual([201, null]);
  await eventually(async () => wordsOf(await customer.json(`/tickets/${number}`))?.includes("<p>In spite of it.</p>"));
});

test("of ten who release the same note at once, one does; a reply sent fifty times at once under one key is one reply and one mail", async () => {
  const { number, id, desk } = await aTicketOfAlice();
  const { body: note } = await desk.note(number, { html: "<p>Who is first?</p>" });
  const answers = await Promise.all(Array.from({ length: 10 }, () => desk.release(number, note.id, {})));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);

  const key = { "Idempotency-Key": crypto.randomUUID() };
  const again = (html = "<p>Once.</p>") => desk.ask.post(`/api/tickets/${number}/replies`, { html }, key);
  const replies = [...(await Promise.all(Array.from({ length: 50 }, () => again()))), await again()];
  expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
  expect((await again("<p>Something else.</p>")).status).toBe(422);
  expect(await rooms.desk.sending.count({ where: { ticketId: id } })).toBe(1);
  await rooms.settled();
  expect(
    await rooms.publisher.publishedEntry.count({
      where: { ticketId: id, html: { in: ["<p>Once.</p>", "<p>Who is first?</p>"] } },
    }),
  ).toBe(2);
});

test("a revoked link opens nothing, and a participant who was taken off the ticket is out at once", async () => {
  const { number, id, desk, alice } = await aTicketOfAlice();
  const adam = await rooms.aContact({ name: "Adam Lindqvist", organizationId: alice.organizationId });
  await rooms.desk.participant.create({ data: { ticketId: id, contactId: adam.id, because: "a test" } });
  const { body: reply } = await desk.reply(number, { html: "<p>For you.</p>" });
  const { mail } = await rooms.desk.sending.findFirstOrThrow({ where: { entryId: reply.id } });
  const secret = /\/l\/([\w-]+)/.exec(JSON.stringify(mail))?.[1];
  const holder = rooms.visitor();
  const { location } = await holder.get(`/l/${secret}`);
  expect((await holder.get(location ?? "")).status).toBe(200);
  const colleague = await rooms.signedIn(adam);
  expect((await colleague.get(`/tickets/${number}`)).status).toBe(200);

  await rooms.desk.participant.deleteMany({ where: { ticketId: id, contactId: adam.id } });
  const actor = { rule: "a test" };
  await transact(rooms.desk, (tx) => revokeSecureLinks(tx, rooms.queue, { ticketId: id, contactId: alice.id, actor }));
  await rooms.settled();
  expect((await holder.get(location ?? "")).status).toBe(404);
  expect((await rooms.visitor().get(`/l/${secret}`)).status).toBe(404);
  expect((await colleague.get(`/tickets/${number}`)).status).toBe(303);
});

const entryOf = async (messageId: string) =>
  (await rooms.desk.entry.findUniqueOrThrow({ where: { messageId }, select: { id: true } })).id;
const versionOf = async (number: number) =>
  (await rooms.desk.ticket.findUniqueOrThrow({ where: { number }, select: { version: true } })).version;
