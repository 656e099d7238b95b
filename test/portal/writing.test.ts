import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { aCustomer, aPortal, aRelease, aSignedIn, aTicketOf, onceKeyIn, type PortalWorld } from "./world.ts";

let portal: PortalWorld;
beforeAll(async () => {
  portal = await aPortal();
});
afterAll(() => portal.end());

const once = () => crypto.randomUUID();
const actsOn = (ticketId: string) =>
  portal.publisher.customerAct.findMany({
    where: { ticketId },
    include: { files: { orderBy: { position: "asc" } } },
    orderBy: { at: "asc" },
  });

test("an answer with files is written down whole, wakes the door, and is shown at once as on its way", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  const door = new pg.Client({ connectionString: portal.rooms.publisher });
  await door.connect();
  await door.query("listen customer_act");
  const woken = new Promise((done) => door.once("notification", done));

  const onceKey = onceKeyIn((await browser.get(`/tickets/${ticket.number}`)).text);
  const photo = new File([new Uint8Array(300_000).fill(7)], "photo.jpg", { type: "image/jpeg" });
  const notes = new File(["Zeile 1\n"], "Notizen für Anna.txt", { type: "text/plain" });
  const sent = await browser.send(
    `/tickets/${ticket.number}/messages`,
    { onceKey, text: "It is back.\r\nSee the photo. " },
    [photo, notes],
  );
  expect(sent.status).toBe(303);
  await woken;
  await door.end();

  const [act] = await actsOn(ticket.ticketId);
  expect(act).toMatchObject({
    kind: "message",
    text: "It is back.\nSee the photo.",
    contactId: alice.contactId,
    collectedAt: null,
  });
  expect(act?.files.map(({ name, type, size }) => [name, type, size])).toEqual([
    ["photo.jpg", "image/jpeg", 300_000],
    ["Notizen für Anna.txt", "text/plain", 8],
  ]);
  expect((await portal.files.readAll(act?.files[1]?.sha256 ?? "")).toString()).toBe("Zeile 1\n");

  const page = await browser.get(`/tickets/${ticket.number}`);
  expect(page.text).toContain("It is back.\nSee the photo.");
  expect(page.text).toContain("Sending …");
  expect(page.text).toContain("photo.jpg");
});

test("once its entry is published, an answer is shown once", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  await browser.send(`/tickets/${ticket.number}/messages`, { onceKey: once(), text: "Only once, please." });
  const shown = async () =>
    (await browser.get(`/tickets/${ticket.number}`)).text.split("Only once, please.").length - 1;
  expect(await shown()).toBe(1);

  const [act] = await actsOn(ticket.ticketId);
  await aRelease(portal, ticket, { side: "customer", authorName: alice.name, text: "Only once, please.", at: act?.at });
  await portal.publisher.customerAct.updateMany({
    where: { ticketId: ticket.ticketId },
    data: { collectedAt: new Date() },
  });
  expect(await shown()).toBe(1);
});

test("a form that is sent twenty times at once is one answer", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  const onceKey = once();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      browser.send(`/tickets/${ticket.number}/messages`, { onceKey, text: "Twice is nice" }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(303));
  expect(new Set(answers.map(({ location }) => location)).size).toBe(1);
  expect(await actsOn(ticket.ticketId)).toHaveLength(1);
});

test("the same form sent again with other words is not taken silently: they stay in the form, and can be sent", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  const onceKey = once();
  await browser.send(`/tickets/${ticket.number}/messages`, { onceKey, text: "First words" });
  const again = await browser.send(`/tickets/${ticket.number}/messages`, { onceKey, text: "Other words" });

  expect(again.status).toBe(409);
  expect(again.text).toContain("Other words</textarea>");
  expect(
    (await browser.send(`/tickets/${ticket.number}/messages`, { onceKey: onceKeyIn(again.text), text: "Other words" }))
      .status,
  ).toBe(303);
  expect((await actsOn(ticket.ticketId)).map(({ text }) => text)).toEqual(["First words", "Other words"]);
});

test("a file that is too large is named; the text and the other file are kept and sent with the next try", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  const large = new File([new Uint8Array(25_000_001)], "film.mov");
  const small = new File(["small"], "small.txt");
  const refused = await browser.send(`/tickets/${ticket.number}/messages`, { onceKey: once(), text: "With a film" }, [
    large,
    small,
  ]);

  expect(refused.status).toBe(422);
  expect(refused.text).toContain("“film.mov” is larger than 25 MB");
  expect(refused.text).toContain("With a film</textarea>");
  expect(await actsOn(ticket.ticketId)).toEqual([]);

  const kept = /name="kept"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="kept"/.exec(refused.text);
  const sealed = kept?.[1] ?? kept?.[2] ?? "";
  const sent = await browser.send(
    `/tickets/${ticket.number}/messages`,
    { onceKey: onceKeyIn(refused.text), text: "Without" },
    [],
    [["kept", sealed]],
  );
  expect(sent.status).toBe(303);
  expect((await actsOn(ticket.ticketId))[0]?.files.map(({ name }) => name)).toEqual(["small.txt"]);

  const bob = await aCustomer(portal, { name: "Bob Tanaka" });
  const his = await aTicketOf(portal, bob);
  await (await aSignedIn(portal, bob)).send(
    `/tickets/${his.number}/messages`,
    { onceKey: once(), text: "Mine" },
    [],
    [["kept", sealed]],
  );
  expect((await actsOn(his.ticketId))[0]?.files).toEqual([]);
});

test("eleven files are too many, an empty text is no answer, and nothing is lost in either case", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  const files = Array.from({ length: 11 }, (_, index) => new File(["x"], `${index}.txt`));
  const many = await browser.send(`/tickets/${ticket.number}/messages`, { onceKey: once(), text: "Many" }, files);
  expect(many.status).toBe(422);
  expect(many.text).toContain("more than 10 files");

  const empty = await browser.send(`/tickets/${ticket.number}/messages`, { onceKey: once(), text: " \u0000\n " }, [
    new File(["x"], "x.txt"),
  ]);
  expect(empty.text).toContain("Write something first");
  expect(empty.text).toContain("x.txt");
  expect(await actsOn(ticket.ticketId)).toEqual([]);
});

test("a new ticket is on the list at once, and its page leads to it when it has a number", async () => {
  const alice = await aCustomer(portal);
  const browser = await aSignedIn(portal, alice);
  const { text } = await browser.get("/tickets/new");
  const sent = await browser.send("/tickets", {
    onceKey: onceKeyIn(text),
    subject: "A lamp is broken",
    text: "In room 4",
  });
  expect(sent.location).toMatch(/^\/sent\//);
  expect((await browser.get(sent.location ?? "")).text).toContain("A lamp is broken");
  expect((await browser.get("/")).text).toContain("On its way to us");

  const ticket = await aTicketOf(portal, alice, { subject: "A lamp is broken" });
  await portal.publisher.customerAct.updateMany({
    where: { contactId: alice.contactId },
    data: { collectedAt: new Date(), becameTicketId: ticket.ticketId },
  });
  expect((await browser.get(sent.location ?? "")).location).toBe(`/tickets/${ticket.number}`);
  expect((await browser.get("/")).text).not.toContain("On its way to us");
});

test("a ticket is closed once, and a closed one says that an answer opens it again", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  const onceKey = once();
  await browser.post(`/tickets/${ticket.number}/closure`, { onceKey });
  await browser.post(`/tickets/${ticket.number}/closure`, { onceKey });
  expect((await actsOn(ticket.ticketId)).map(({ kind }) => kind)).toEqual(["close"]);
  expect((await browser.get(`/tickets/${ticket.number}`)).text).toContain("You closed this request");

  const closed = await aTicketOf(portal, alice, { open: false });
  const { text } = await browser.get(`/tickets/${closed.number}`);
  expect(text).toContain("Your answer opens it again");
  expect(text).not.toContain("/closure");
});

test.each([
  "organizationId",
  "contactId",
  "ticketId",
  "kind",
  "collectedAt",
  "becameTicketId",
  "actId",
  "at",
  "files[connect]",
])("a form that also carries %s is refused and nothing is written", async (field) => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  const answer = await browser.send(
    `/tickets/${ticket.number}/messages`,
    { onceKey: once(), text: "Hello" },
    [],
    [[field, "x"]],
  );
  const opened = await browser.send("/tickets", { onceKey: once(), subject: "S", text: "T" }, [], [[field, "x"]]);
  const closed = await browser.ask(`/tickets/${ticket.number}/closure`, {
    method: "POST",
    body: new URLSearchParams([
      ["onceKey", once()],
      [field, "x"],
    ]),
  });

  expect([answer.status, opened.status, closed.status]).toEqual([400, 400, 400]);
  expect(await portal.publisher.customerAct.count({ where: { contactId: alice.contactId } })).toBe(0);
});

test("a form that breaks off in the middle changes nothing, and the portal goes on", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  const broken =
    '--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhalf';
  const headers = { "content-type": "multipart/form-data; boundary=b" };
  const answer = await browser.ask(`/tickets/${ticket.number}/messages`, { method: "POST", body: broken, headers });

  expect(answer.status).toBe(400);
  expect(
    (
      await browser.ask(`/tickets/${ticket.number}/messages`, {
        method: "POST",
        body: "{}",
        headers: { "content-type": "application/json" },
      })
    ).status,
  ).toBe(400);
  expect(
    (
      await browser.ask(`/tickets/${ticket.number}/messages`, {
        method: "POST",
        body: "x",
        headers: { "content-type": "multipart/form-data" },
      })
    ).status,
  ).toBe(400);
  expect(await actsOn(ticket.ticketId)).toEqual([]);
  expect((await browser.get("/")).status).toBe(200);
});

test("whoever sends without pause is asked to wait, with his words kept", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  const statuses = [];
  for (let turn = 0; turn < 31; turn++) {
    const answer = await browser.send(`/tickets/${ticket.number}/messages`, { onceKey: once(), text: `Words ${turn}` });
    statuses.push(answer.status);
    if (answer.status === 429) expect(answer.text).toContain(`Words ${turn}</textarea>`);
  }
  expect(statuses).toEqual([...Array(30).fill(303), 429]);
});
