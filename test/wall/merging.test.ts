/** Tickets are merged, split and parted again; at every moment each customer sees what was released to him, and no more. */
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { transact } from "../../server/desk/database.ts";
import { fileMessage } from "../../server/desk/mail/file.ts";
import { hashOf } from "../../server/release/words.ts";
import { eventually, type TwoRooms, twoRooms } from "./world.ts";

let rooms: TwoRooms;
let desk: ReturnType<TwoRooms["agent"]>;
beforeAll(async () => {
  rooms = await twoRooms();
  desk = rooms.agent(await rooms.anAgent({ name: "Anna Albrecht" }));
});
afterAll(() => rooms.close());

type Contact = Awaited<ReturnType<TwoRooms["aContact"]>>;
type Customer = Awaited<ReturnType<TwoRooms["signedIn"]>>;
type Entry = { id: string; number: number; kind: string; html: string; shownOn: number | null; facts: object };

async function colleagues() {
  const organization = await rooms.anOrganization({ name: "Harbourlight" });
  const alice = await rooms.aContact({ name: "Alice Moreau", organizationId: organization.id });
  const adam = await rooms.aContact({ name: "Adam Lindqvist", organizationId: organization.id });
  return { organization, alice, adam };
}

/** A ticket from a mail of this contact, in the portal, with one reply. */
async function aShownTicket(requester: Contact, words: string) {
  const mail = await rooms.aKeptMail({ from: requester, subject: `About ${words}`, html: `<p>${words}</p>` });
  const ticket = await rooms.aTicket({
    messageId: mail.id,
    requesterId: requester.id,
    attachmentIds: "all",
    mailboxId: mail.mailboxId,
  });
  await desk.reply(ticket.number, { html: `<p>Answer to ${words}</p>` });
  return { ...ticket, mail, words };
}

/** Each has a ticket in the portal already, or he could not sign in. */
async function signedInColleagues() {
  const { alice, adam } = await colleagues();
  for (const contact of [alice, adam]) await aShownTicket(contact, "an older matter");
  return { alice, adam, aliceHere: await rooms.signedIn(alice), adamHere: await rooms.signedIn(adam) };
}

const view = async (number: number) => (await desk.ask.get(`/api/tickets/${number}`)).body;
const version = async (number: number) => ({ "If-Match": `"${(await view(number)).version}"` });
const merge = async (number: number, into: number) =>
  desk.ask.post(`/api/tickets/${number}/merger`, { into }, await version(number));
const part = async (number: number) =>
  desk.ask.delete(`/api/tickets/${number}/merger`, undefined, await version(number));
const split = async (number: number, entryIds: string[]) =>
  desk.ask.post(`/api/tickets/${number}/splits`, { entryIds }, await version(number));
const rejoin = async (number: number, other: number) =>
  desk.ask.delete(`/api/tickets/${number}/splits/${other}`, undefined, await version(number));

const page = async (customer: Customer, number: number) => {
  await rooms.settled();
  return customer.json(`/tickets/${number}`);
};
const words = async (customer: Customer, number: number) =>
  (await page(customer, number)).body.entries?.map(({ html }: { html: string }) => html.replace(/<[^>]*>/g, ""));

/** A mail of this contact that our matching has found to belong to the ticket. */
async function writes(from: Contact, ticketId: string, html: string) {
  const mail = await rooms.aKeptMail({ from, html: `<p>${html}</p>` });
  await transact(rooms.desk, (tx) =>
    fileMessage(tx, rooms.queue, {
      ...{ messageId: mail.id, ticketId, attachmentIds: "all", actor: { rule: "intake" }, because: ["a test says so"] },
    }),
  );
  return mail;
}
const ticketOfMail = async (id: string) =>
  (await rooms.desk.message.findUniqueOrThrow({ where: { id }, include: { ticket: true } })).ticket?.number;

test("two tickets of one customer: one timeline for the team, and each page says what was released on it", async () => {
  const { alice } = await colleagues();
  const [lamp, light] = [await aShownTicket(alice, "lamp"), await aShownTicket(alice, "light")];

  const { status, body } = await merge(lamp.number, light.number);

  expect([status, body.number]).toEqual([201, light.number]);
  expect(body.merged).toMatchObject([{ number: lamp.number, by: "Anna Albrecht", requester: "Alice Moreau" }]);
  const said = body.entries.filter(({ kind }: Entry) => kind === "mail_received" || kind === "reply");
  expect(said.map(({ number, html }: Entry) => [number, html])).toEqual([
    [lamp.number, "<p>lamp</p>"],
    [lamp.number, "<p>Answer to lamp</p>"],
    [light.number, "<p>light</p>"],
    [light.number, "<p>Answer to light</p>"],
  ]);
  expect((await view(lamp.number)).mergedInto).toMatchObject({ number: light.number, by: "Anna Albrecht" });

  const customer = await rooms.signedIn(alice);
  expect((await page(customer, lamp.number)).body.continuedIn).toBe(light.number);
  expect(await words(customer, lamp.number)).toEqual(["lamp", "Answer to lamp"]);
  expect(await words(customer, light.number)).toEqual(["light", "Answer to light"]);
  const list = async (show: string) => (await customer.json(`/?show=${show}`)).body.tickets;
  expect(await list("open")).toMatchObject([{ number: light.number, continuedIn: null }]);
  expect(await list("closed")).toMatchObject([{ number: lamp.number, continuedIn: light.number }]);
  expect((await customer.get(`/tickets/${lamp.number}`)).text).toContain(`/tickets/${light.number}`);
});

test("undone, both tickets and both pages are as they were; what came meanwhile stays where it came", async () => {
  const { alice } = await colleagues();
  const [lamp, light] = [await aShownTicket(alice, "lamp"), await aShownTicket(alice, "light")];
  const customer = await rooms.signedIn(alice);
  const look = async (number: number) => {
    const { version: _, updatedAt: __, ...ticket } = await view(number);
    return JSON.stringify([ticket, (await page(customer, number)).body]);
  };
  await rooms.settled();
  const before = await look(lamp.number);

  await merge(lamp.number, light.number);
  const meanwhile = await writes(alice, lamp.id, "And the shade");
  expect(await ticketOfMail(meanwhile.id)).toBe(light.number);
  expect((await part(lamp.number)).status).toBe(200);

  expect(await look(lamp.number)).toBe(before);
  expect(await ticketOfMail(meanwhile.id)).toBe(light.number);
  expect(await words(customer, light.number)).toEqual(["light", "Answer to light", "And the shade"]);
  expect((await view(light.number)).merged).toEqual([]);
});

test("tickets of two colleagues: neither sees the other's words or page, before and after", async () => {
  const { alice, adam } = await colleagues();
  const [hers, his] = [await aShownTicket(alice, "lamp of Alice"), await aShownTicket(adam, "light of Adam")];
  const [aliceHere, adamHere] = [await rooms.signedIn(alice), await rooms.signedIn(adam)];

  await merge(his.number, hers.number);
  await desk.reply(hers.number, { html: "<p>Only for Alice</p>" });

  expect(await words(aliceHere, hers.number)).toEqual(["lamp of Alice", "Answer to lamp of Alice", "Only for Alice"]);
  expect(await words(adamHere, his.number)).toEqual(["light of Adam", "Answer to light of Adam"]);
  expect((await page(aliceHere, his.number)).status).toBe(404);
  expect((await page(adamHere, hers.number)).status).toBe(404);
  expect((await page(adamHere, his.number)).body.continuedIn).toBeNull();
  expect((await adamHere.json("/?search=Alice")).body.tickets).toEqual([]);
  expect((await view(hers.number)).participants).toEqual([]);
});

test("what the other colleague writes then, by mail or in the portal, is on the place for the team and on his page for him", async () => {
  const { alice, adam } = await colleagues();
  const [hers, his] = [await aShownTicket(alice, "lamp"), await aShownTicket(adam, "light")];
  const [aliceHere, adamHere] = [await rooms.signedIn(alice), await rooms.signedIn(adam)];
  await merge(his.number, hers.number);

  const mail = await writes(adam, his.id, "By mail");
  await adamHere.send(`/tickets/${his.number}/messages`, { onceKey: randomUUID(), text: "By the portal" });
  await eventually(async () => (await words(adamHere, his.number)).length === 4);

  expect(await ticketOfMail(mail.id)).toBe(hers.number);
  expect(await words(adamHere, his.number)).toEqual(["light", "Answer to light", "By mail", "By the portal"]);
  expect(await words(aliceHere, hers.number)).toEqual(["lamp", "Answer to lamp"]);
  const ticket = await view(hers.number);
  expect(ticket).toMatchObject({ status: "in_progress", participants: [] });
  const entry = ticket.entries.find(({ html }: Entry) => html.includes("By mail"));
  expect(entry).toMatchObject({ number: hers.number, shownOn: his.number });

  expect((await desk.retract(hers.number, entry.id)).status).toBe(200);
  expect(await words(adamHere, his.number)).not.toContain("By mail");
});

test("his page tells how the matter stands; his closing it closes nothing of hers", async () => {
  const { alice, adam } = await colleagues();
  const [hers, his] = [await aShownTicket(alice, "lamp"), await aShownTicket(adam, "light")];
  const adamHere = await rooms.signedIn(adam);
  await merge(his.number, hers.number);

  await desk.ask.patch(`/api/tickets/${hers.number}`, { status: "waiting_on_third_party" }, await version(hers.number));
  expect((await page(adamHere, his.number)).body.status.key).toBe("waiting_on_third_party");

  await adamHere.post(`/tickets/${his.number}/closure`, { onceKey: randomUUID() });
  await eventually(async () => (await page(adamHere, his.number)).body.status.key === "closed");
  expect(await view(hers.number)).toMatchObject({ status: "waiting_on_third_party" });
});

test("a contact who is on both writes to either: his words show where the matter is continued", async () => {
  const { alice } = await colleagues();
  const [lamp, light] = [await aShownTicket(alice, "lamp"), await aShownTicket(alice, "light")];
  const customer = await rooms.signedIn(alice);
  await merge(lamp.number, light.number);

  await customer.send(`/tickets/${lamp.number}/messages`, { onceKey: randomUUID(), text: "On the old page" });
  await eventually(async () => (await words(customer, light.number)).includes("On the old page"));
  expect(await words(customer, lamp.number)).toEqual(["lamp", "Answer to lamp"]);
});

test("tickets of different organizations, a ticket and itself, and circles are not merged", async () => {
  const [{ alice }, bob] = [await colleagues(), await rooms.aContact({ name: "Bob Tanaka" })];
  const [lamp, light, foreign] = [
    await aShownTicket(alice, "lamp"),
    await aShownTicket(alice, "light"),
    await aShownTicket(bob, "crane"),
  ];
  expect((await merge(lamp.number, foreign.number)).body).toMatchObject({
    type: expect.stringMatching("other_organization"),
  });
  expect((await merge(lamp.number, lamp.number)).status).toBe(422);
  expect((await merge(lamp.number, 2_000_000_000)).status).toBe(404);

  expect((await merge(lamp.number, light.number)).status).toBe(201);
  expect((await merge(light.number, lamp.number)).status).toBe(422);
  expect((await view(light.number)).mergedInto).toBeNull();
});

test("merged twice is merged once; into a third it is refused; into a merged one leads to its place", async () => {
  const { alice } = await colleagues();
  const [one, two, three] = [
    await aShownTicket(alice, "one"),
    await aShownTicket(alice, "two"),
    await aShownTicket(alice, "three"),
  ];
  expect((await merge(one.number, two.number)).status).toBe(201);
  expect((await merge(one.number, two.number)).body.merged).toHaveLength(1);
  expect((await merge(one.number, three.number)).body).toMatchObject({ status: 409, number: two.number });

  expect((await merge(three.number, one.number)).body.number).toBe(two.number);
  const four = await aShownTicket(alice, "four");
  await merge(two.number, four.number);
  const { entries } = await view(four.number);
  expect(new Set(entries.map(({ number }: Entry) => number))).toEqual(
    new Set([one.number, two.number, three.number, four.number]),
  );
  expect(await ticketOfMail((await writes(alice, one.id, "To the first")).id)).toBe(four.number);
  const customer = await rooms.signedIn(alice);
  expect((await page(customer, one.number)).body.continuedIn).toBe(four.number);
});

test("CONC-03: who saw an older version is told what changed; without a version nothing is merged or split", async () => {
  const { alice } = await colleagues();
  const [lamp, light] = [await aShownTicket(alice, "lamp"), await aShownTicket(alice, "light")];
  const stale = await version(lamp.number);
  await desk.ask.patch(`/api/tickets/${lamp.number}`, { priority: "high" }, await version(lamp.number));

  const refused = await desk.ask.post(`/api/tickets/${lamp.number}/merger`, { into: light.number }, stale);
  expect([refused.status, refused.body.detail]).toEqual([412, expect.stringContaining("Anna Albrecht changed")]);
  expect((await desk.ask.post(`/api/tickets/${lamp.number}/merger`, { into: light.number })).status).toBe(428);
  expect((await desk.ask.post(`/api/tickets/${lamp.number}/splits`, { entryIds: [randomUUID()] })).status).toBe(428);
});

test("a double click merges once, and a lost answer is given again", async () => {
  const { alice } = await colleagues();
  const [lamp, light] = [await aShownTicket(alice, "lamp"), await aShownTicket(alice, "light")];
  const headers = { ...(await version(lamp.number)), "Idempotency-Key": randomUUID() };
  const click = () => desk.ask.post(`/api/tickets/${lamp.number}/merger`, { into: light.number }, headers);

  const answers = await Promise.all([click(), click()]);

  expect([...answers, await click()].map(({ status }) => status)).toEqual([201, 201, 201]);
  const told = await rooms.desk.entry.count({ where: { ticketId: light.id, kind: "system" } });
  expect(told).toBe(1);
});

test("nothing more is written on a merged ticket, and it says where to", async () => {
  const { alice } = await colleagues();
  const [lamp, light] = [await aShownTicket(alice, "lamp"), await aShownTicket(alice, "light")];
  await merge(lamp.number, light.number);
  const kept = await rooms.aKeptMail({ from: alice });
  const tries = [
    await desk.note(lamp.number, { html: "<p>x</p>" }),
    await desk.reply(lamp.number, { html: "<p>x</p>" }),
    await desk.show(lamp.number),
    await desk.ask.patch(`/api/tickets/${lamp.number}`, { priority: "high" }, await version(lamp.number)),
    await desk.ask.post(`/api/tickets/${lamp.number}/mails`, { messageId: kept.id }),
    await split(lamp.number, [randomUUID()]),
  ];
  for (const { status, body } of tries) expect([status, body.number]).toEqual([409, light.number]);
  expect((await desk.ask.get(`/api/tickets?search=${lamp.number}`)).body.tickets).toMatchObject([
    { number: lamp.number },
  ]);
  const open = (await desk.ask.get(`/api/tickets?contactId=${alice.id}&open=true`)).body.tickets;
  expect(open.map(({ number }: Entry) => number)).toEqual([light.number]);
});

test("a split takes the words, their releases and their thread along, and nobody sees anything new", async () => {
  const { alice, adam } = await colleagues();
  const ticket = await aShownTicket(alice, "lamp");
  const mail = await writes(adam, ticket.id, "By the way, my chair");
  const note = (await desk.note(ticket.number, { html: "<p>Chairs are Ben's</p>" })).body;
  const [aliceHere, adamHere] = [await rooms.signedIn(alice), await rooms.signedIn(adam)];
  const entry = (await view(ticket.number)).entries.find(({ html }: Entry) => html.includes("chair"));

  const { status, body } = await split(ticket.number, [entry.id, note.id]);

  expect([status, body.contact.name, body.participants]).toEqual([201, "Adam Lindqvist", []]);
  expect(body.origin).toMatchObject({ kind: "split", number: ticket.number, by: "Anna Albrecht" });
  expect(body.entries.map(({ html }: Entry) => html)).toEqual([
    "<p>By the way, my chair</p>",
    "<p>Chairs are Ben's</p>",
  ]);
  expect(await ticketOfMail(mail.id)).toBe(body.number);
  expect((await view(ticket.number)).offspring).toMatchObject([{ number: body.number, kind: "split" }]);

  expect(await words(adamHere, body.number)).toEqual(["By the way, my chair"]);
  expect((await page(aliceHere, body.number)).status).toBe(404);
  expect(await words(aliceHere, ticket.number)).toEqual(["lamp", "Answer to lamp"]);
});

test("a split undone is as before; the number that was split off leads back, and so does its thread", async () => {
  const { alice } = await colleagues();
  const ticket = await aShownTicket(alice, "lamp");
  const customer = await rooms.signedIn(alice);
  const { entries } = await view(ticket.number);
  await rooms.settled();
  const before = await words(customer, ticket.number);
  const [first] = entries.filter(({ kind }: Entry) => kind === "mail_received");

  const off = (await split(ticket.number, [first.id])).body;
  const later = await writes(alice, off.id, "About the part");
  expect((await rejoin(ticket.number, off.number)).status).toBe(200);

  expect((await rejoin(ticket.number, off.number)).status).toBe(409);
  expect((await view(off.number)).mergedInto).toMatchObject({ number: ticket.number });
  expect(await ticketOfMail(first.id ? ticket.mail.id : "")).toBe(ticket.number);
  expect(await words(customer, ticket.number)).toEqual(before);
  // What came to the part stays there, and the team reads it in one timeline.
  expect(await ticketOfMail(later.id)).toBe(off.number);
  expect((await view(ticket.number)).entries.map(({ html }: Entry) => html)).toContain("<p>About the part</p>");
  expect(await ticketOfMail((await writes(alice, off.id, "Again")).id)).toBe(ticket.number);
});

test("entries of another ticket, and what happened to the ticket itself, cannot be split off", async () => {
  const { alice } = await colleagues();
  const [lamp, light] = [await aShownTicket(alice, "lamp"), await aShownTicket(alice, "light")];
  const theirs = (await view(light.number)).entries[0].id;
  const status = (await view(lamp.number)).entries.find(({ kind }: Entry) => kind === "status_change")?.id;
  expect((await split(lamp.number, [theirs])).status).toBe(422);
  expect((await split(lamp.number, [status])).status).toBe(422);
});

test("CONC-04: releasing, retracting and merging at once never shows other words, nor shows them to others", async () => {
  const { aliceHere, adamHere, alice, adam } = await signedInColleagues();
  for (let round = 0; round < 4; round++) {
    const [hers, his] = [await aShownTicket(alice, `lamp ${round}`), await aShownTicket(adam, `light ${round}`)];
    const note = (await desk.note(his.number, { html: `<p>For Adam ${round}</p>` })).body;

    const [released, merged] = await Promise.all([
      desk.release(his.number, note.id, {}),
      merge(his.number, hers.number),
      round % 2 ? desk.retract(his.number, note.id) : desk.reply(hers.number, { html: `<p>For Alice ${round}</p>` }),
    ]);
    if (merged.status === 412) await merge(his.number, hers.number);

    expect(released.status).toBe(201);
    await rooms.settled();
    const seen = [...(await words(aliceHere, hers.number)), ...(await words(aliceHere, hers.number))].join(" ");
    expect(seen).not.toMatch(/Adam|light/);
    expect((await words(adamHere, his.number)).join(" ")).not.toMatch(/Alice|lamp/);
    for (const { html, releaseId } of await rooms.publisher.publishedEntry.findMany({ where: { ticketId: his.id } })) {
      const { htmlSha256 } = await rooms.desk.release.findUniqueOrThrow({ where: { id: releaseId } });
      expect(hashOf(html)).toBe(htmlSha256);
    }
  }
});

test("many mergers at once, in circles and crosswise, leave no circle and no ticket lost", async () => {
  const { alice } = await colleagues();
  const tickets = await Promise.all(Array.from({ length: 5 }, () => rooms.aTicket({ requesterId: alice.id })));
  const wishes = tickets.flatMap((one, at) => [
    [one, tickets[(at + 1) % 5]],
    [one, tickets[(at + 2) % 5]],
  ]);
  await Promise.all(
    wishes.map(async ([one, other]) => {
      const { status } = await desk.ask.post(
        `/api/tickets/${one?.number}/merger`,
        { into: other?.number },
        { "If-Match": '"1"' },
      );
      expect([201, 409, 412, 422]).toContain(status);
    }),
  );
  const places = new Set<number | undefined>();
  for (const { id } of tickets) places.add(await ticketOfMail((await writes(alice, id, "Where am I?")).id));
  const rows = await rooms.desk.ticket.findMany({ where: { requesterId: alice.id, mergedIntoId: null } });
  expect([...places].sort()).toEqual(rows.map(({ number }) => number).sort());
});

/** What may be done to three tickets of two colleagues, in any order. */
const step = fc.oneof(
  fc.record({ do: fc.constantFrom("merge" as const, "split" as const), ticket: fc.nat(2), other: fc.nat(2) }),
  fc.record({ do: fc.constantFrom("part" as const, "rejoin" as const), ticket: fc.nat(2) }),
  fc.record({
    do: fc.constantFrom("note" as const, "reply" as const, "write" as const, "show" as const),
    ticket: fc.nat(2),
  }),
  fc.record({ do: fc.constantFrom("release" as const, "retract" as const), ticket: fc.nat(2), which: fc.nat(9) }),
);

test("whatever is merged, split, parted, written, released and retracted: nobody sees words that were not released to him", async () => {
  const { aliceHere, adamHere, alice, adam } = await signedInColleagues();
  const people = [
    { contact: alice, browser: aliceHere },
    { contact: adam, browser: adamHere },
  ];
  /** Who may have seen what: the people of the page on which it was released. */
  const shownTo = new Map<string, Set<string>>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 9 }), async (steps) => {
      const since = new Date();
      const tickets = [
        await aShownTicket(alice, randomUUID()),
        await aShownTicket(adam, randomUUID()),
        await aShownTicket(adam, randomUUID()),
      ];
      const peopleOf = async (number: number) => {
        const { contact, participants } = await view(number);
        return [contact.id, ...participants.map(({ id }: { id: string }) => id)];
      };
      const allow = async (words: string, number: number) => shownTo.set(words, new Set(await peopleOf(number)));
      for (const { number, words } of tickets) {
        await allow(words, number);
        await allow(`Answer to ${words}`, number);
      }
      const at = (index: number) => tickets[index % tickets.length] ?? tickets[0];

      for (const wish of steps) {
        const ticket = at(wish.ticket);
        if (!ticket) return;
        const { number } = ticket;
        const said = randomUUID();
        if (wish.do === "merge") await merge(number, at(wish.other)?.number ?? number);
        if (wish.do === "part") await part(number);
        if (wish.do === "split" || wish.do === "rejoin") {
          const { entries, offspring } = await view(number);
          const own = entries.filter((entry: Entry) => entry.number === number && /mail|note|reply/.test(entry.kind));
          if (wish.do === "split" && own[0]) await split(number, [own[0].id]);
          if (wish.do === "rejoin" && offspring[0]) await rejoin(number, offspring[0].number);
        }
        if (wish.do === "note") await desk.note(number, { html: `<p>${said}</p>` });
        if (wish.do === "reply" && (await desk.reply(number, { html: `<p>${said}</p>` })).status === 201)
          await allow(said, number);
        if (wish.do === "write") {
          const writer = people[wish.ticket % 2]?.contact ?? alice;
          await writes(writer, ticket.id, said);
          // His own words, and those of a colleague who joined by writing them.
          const { entries } = await view((await view(number)).mergedInto?.number ?? number);
          const entry = entries.find(({ html }: Entry) => html.includes(said));
          shownTo.set(
            said,
            new Set([writer.id, ...(entry?.facts.wroteOn ? [] : await peopleOf(entry?.number ?? number))]),
          );
        }
        if (wish.do === "release" || wish.do === "retract") {
          const { entries } = await view(number);
          const entry = entries[wish.which % Math.max(1, entries.length)];
          if (entry && wish.do === "retract") await desk.retract(entry.number, entry.id);
          if (entry && wish.do === "release" && (await desk.release(entry.number, entry.id, {})).status === 201)
            await allow(entry.html.replace(/<[^>]*>/g, ""), entry.number);
        }
      }

      await rooms.settled();
      const all = await rooms.desk.ticket.findMany({
        where: { organizationId: alice.organizationId, createdAt: { gte: since } },
      });
      for (const { contact, browser } of people)
        for (const { id, number } of all) {
          const seen: string[] = (await words(browser, number)) ?? [];
          const joined = await rooms.desk.participant.count({ where: { ticketId: id, contactId: contact.id } });
          for (const each of seen)
            if (!joined)
              expect([each, [...(shownTo.get(each) ?? [])]]).toEqual([each, expect.arrayContaining([contact.id])]);
        }
    }),
    { numRuns: 4, interruptAfterTimeLimit: 60_000 },
  );
}, 120_000);
