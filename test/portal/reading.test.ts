import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { TicketView } from "../../portal/contract.ts";
import { portalRoutes } from "../../server/portal/routes.ts";
import {
  aCustomer,
  aLinkTo,
  aPortal,
  aRelease,
  aReleasedFile,
  aSignedIn,
  aTicketOf,
  aVisitor,
  type PortalWorld,
} from "./world.ts";

let portal: PortalWorld;
beforeAll(async () => {
  portal = await aPortal();
});
afterAll(() => portal.end());

test("a customer signs in with the code from her mail, finds her ticket and reads what was released", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice, { subject: "Printer on fire" });
  await aRelease(portal, ticket, { text: "We shipped the fix." });

  const browser = await aSignedIn(portal, alice);
  expect((await browser.get("/")).text).toContain("Printer on fire");

  const page = await browser.get(`/tickets/${ticket.number}`);
  expect(page.status).toBe(200);
  expect(page.text).toContain("We shipped the fix.");
  expect(page.headers.get("cache-control")).toBe("no-store");
});

test("a participant sees the ticket too; a colleague who is not on it gets the 404 of a ticket that does not exist", async () => {
  const alice = await aCustomer(portal);
  const adam = await aCustomer(portal, { name: "Adam Lindqvist", organizationId: alice.organizationId });
  const petra = await aCustomer(portal, { name: "Petra Bauer", organizationId: alice.organizationId });
  const ticket = await aTicketOf(portal, alice, { participants: [petra], subject: "About the merger" });
  const release = await aRelease(portal, ticket);
  const fileId = await aReleasedFile(portal, release);

  expect((await (await aSignedIn(portal, petra)).get(`/tickets/${ticket.number}`)).status).toBe(200);

  const colleague = await aSignedIn(portal, adam);
  const foreign = await colleague.get(`/tickets/${ticket.number}`);
  const missing = await colleague.get("/tickets/999999");
  expect([foreign.status, missing.status]).toEqual([404, 404]);
  expect(foreign.text.replaceAll(`/tickets/${ticket.number}`, "")).toBe(missing.text.replaceAll("/tickets/999999", ""));
  expect((await colleague.get(`/files/${fileId}`)).status).toBe(404);
  expect((await colleague.get("/")).text).not.toContain("About the merger");
  expect((await colleague.get("/?search=merger")).text).not.toContain("About the merger");
});

test("a stranger from another organization gets 404 for everything that has an id", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const fileId = await aReleasedFile(portal, await aRelease(portal, ticket));
  const { linkId } = await aLinkTo(portal, ticket, alice);
  const browser = await aSignedIn(portal, alice);
  await browser.send("/tickets", { onceKey: crypto.randomUUID(), subject: "Mine", text: "Mine" });
  const { actId } = await portal.publisher.customerAct.findFirstOrThrow({ where: { contactId: alice.contactId } });

  const bob = await aSignedIn(portal, await aCustomer(portal, { name: "Bob Tanaka" }));
  const asked = [
    await bob.get(`/tickets/${ticket.number}`),
    await bob.send(`/tickets/${ticket.number}/messages`, { onceKey: crypto.randomUUID(), text: "Hello" }),
    await bob.post(`/tickets/${ticket.number}/closure`, { onceKey: crypto.randomUUID() }),
    await bob.get(`/files/${fileId}`),
    await bob.get(`/sent/${actId}`),
    await bob.get(`/link/${linkId}`),
    await bob.get(`/link/${linkId}/files/${fileId}`),
    await bob.post(`/link/${linkId}/opening`),
    await bob.post(`/link/${linkId}/code`),
  ];
  // Whoever adds a route with an id adds it here too.
  const withIds = portalRoutes(portal.context).stack.filter(({ route }) => /:(?!file$|secret)/.test(route?.path ?? ""));
  expect(withIds).toHaveLength(asked.length);
  expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 404));
  expect(asked.map(({ text }) => text).join()).not.toMatch(/invoice|Mine|Alice/);
  expect(await portal.publisher.customerAct.count({ where: { ticketId: ticket.ticketId } })).toBe(0);
});

test("whoever is not signed in is asked to sign in, and comes back to the page afterwards", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const visitor = aVisitor(portal);

  const away = await visitor.get(`/tickets/${ticket.number}`);
  expect([away.status, away.location]).toEqual([
    303,
    `/sign-in?next=${encodeURIComponent(`/tickets/${ticket.number}`)}`,
  ]);
  expect((await visitor.get(away.location ?? "")).text).toContain(`name="next" value="/tickets/${ticket.number}"`);
  expect((await visitor.json(`/tickets/${ticket.number}`)).status).toBe(401);
  expect((await visitor.get("/sign-in?next=//evil.test")).text).toContain('name="next" value="/"');
});

test("access ends with the next request when the team takes it away", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  expect((await browser.get(`/tickets/${ticket.number}`)).status).toBe(200);

  await portal.publisher.customer.updateMany({
    where: { contactId: alice.contactId },
    data: { disabledAt: new Date() },
  });
  expect((await browser.get(`/tickets/${ticket.number}`)).status).toBe(303);
  expect((await browser.json("/")).status).toBe(401);
});

test("what is retracted is gone at the next request: page, search and file", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const release = await aRelease(portal, ticket, { text: "The zebra word." });
  const fileId = await aReleasedFile(portal, release);
  const browser = await aSignedIn(portal, alice);
  expect((await browser.get("/?search=zebra")).text).toContain(`/tickets/${ticket.number}`);
  expect((await browser.get(`/files/${fileId}`)).status).toBe(200);

  await portal.publisher.publishedFile.deleteMany({ where: { releaseId: release.releaseId } });
  await portal.publisher.publishedEntry.deleteMany({ where: { releaseId: release.releaseId } });
  expect((await browser.get(`/tickets/${ticket.number}`)).text).not.toContain("zebra");
  expect((await browser.get("/?search=zebra")).text).not.toContain(`/tickets/${ticket.number}`);
  expect((await browser.get(`/files/${fileId}`, { "if-none-match": "*", range: "bytes=0-" })).status).toBe(404);
});

test("the list goes from newest to oldest through all pages, open and closed apart, each ticket once", async () => {
  const alice = await aCustomer(portal);
  const sameMoment = new Date("2026-10-01T12:00:00.123Z");
  const made = [];
  for (let index = 0; index < 60; index++) {
    const updatedAt = index < 30 ? sameMoment : new Date(sameMoment.getTime() - index * 60_000);
    made.push(await aTicketOf(portal, alice, { updatedAt }));
  }
  const closed = await aTicketOf(portal, alice, { open: false });
  const browser = await aSignedIn(portal, alice);

  const seen: number[] = [];
  for (let path: string | null = "/"; path; ) {
    const { body } = await browser.json(path);
    seen.push(...body.tickets.map(({ number }: { number: number }) => number));
    path = body.next && `/?after=${body.next}`;
  }
  expect(seen.toSorted()).toEqual(made.map(({ number }) => number).toSorted());
  const { body } = await browser.json("/?show=closed");
  expect(body.tickets.map(({ number }: { number: number }) => number)).toEqual([closed.number]);
  expect((await browser.get("/?after=bm9uc2Vuc2U")).status).toBe(400);
});

test("search finds number, subject and released words, and takes % and _ for what they are", async () => {
  const alice = await aCustomer(portal);
  const one = await aTicketOf(portal, alice, { subject: "100% of the bags" });
  const other = await aTicketOf(portal, alice, { subject: "A lamp" });
  await aRelease(portal, other, { text: "Wir haben die Glühbirne getauscht." });
  const browser = await aSignedIn(portal, alice);
  const found = async (words: string) =>
    (await browser.json(`/?search=${encodeURIComponent(words)}`)).body.tickets.map(
      ({ number }: { number: number }) => number,
    );

  expect(await found("BAGS")).toEqual([one.number]);
  expect(await found("100%")).toEqual([one.number]);
  expect(await found(`#${other.number}`)).toEqual([other.number]);
  expect(await found("glühbirne")).toEqual([other.number]);
  expect(await found("%")).toEqual([one.number]);
  expect(await found("_")).toEqual([]);
  expect(await found("' or 1=1 --")).toEqual([]);
  expect(await found("\u0000bags")).toEqual([one.number]);
});

test("a hidden status is shown to nobody, a renamed one in the organization's words", async () => {
  const alice = await aCustomer(portal, { statusLabels: { in_progress: "On route to you", new: null } });
  const renamed = await aTicketOf(portal, alice);
  const hidden = await aTicketOf(portal, alice, { status: "new" });
  const browser = await aSignedIn(portal, alice);

  expect((await browser.get(`/tickets/${renamed.number}`)).text).toContain("On route to you");
  expect((await browser.json(`/tickets/${hidden.number}`)).body.status).toBeNull();
});

test("an inline image stands in the words, the other files below them", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const release = await aRelease(portal, ticket, {
    html: '<p>See <img src="cid:shot%2B1@x" alt="a"> and <img src="cid:secret@x" alt="b"></p>',
  });
  const imageId = await aReleasedFile(portal, release, { name: "shot.png", type: "image/png", contentId: "shot+1@x" });
  const otherId = await aReleasedFile(portal, release, { name: "terms.pdf", type: "application/pdf" });
  const { text } = await (await aSignedIn(portal, alice)).get(`/tickets/${ticket.number}`);

  expect(text).toContain(`<img src="/files/${imageId}" alt="a">`);
  expect(text).toContain('<img data-not-shared="" alt="b">');
  expect(text).toContain(`href="/files/${otherId}"`);
  expect(text).not.toContain("shot.png");
});

test("an image whose place is not in the words is offered below them", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const release = await aRelease(portal, ticket, { html: '<p>See <img src="cid:a@x" alt="a"></p>' });
  await aReleasedFile(portal, release, { name: "lonely.png", type: "image/png", contentId: "b@x" });

  expect((await (await aSignedIn(portal, alice)).get(`/tickets/${ticket.number}`)).text).toContain("lonely.png");
});

test("the same address answers programs with the view and nothing more", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  await aRelease(portal, ticket);
  const { body } = await (await aSignedIn(portal, alice)).json(`/tickets/${ticket.number}`);

  expect(TicketView.parse(body)).toEqual(body);
  expect(() => TicketView.parse({ ...body, note: "internal" })).toThrow();
  expect(() => TicketView.parse({ ...body, entries: [{ ...body.entries[0], releasedBy: "anna" }] })).toThrow();
});

test("the reader's language is the contact's, then the browser's; the switch decides over both", async () => {
  const carl = await aCustomer(portal, { name: "Carl Weber", language: "de" });
  const browser = await aSignedIn(portal, carl);
  expect((await browser.get("/")).text).toContain('<html lang="de">');

  const back = await browser.post("/language", { language: "en", back: "/?show=closed" });
  expect([back.status, back.location]).toEqual([303, "/?show=closed"]);
  expect((await browser.get("/")).text).toContain('<html lang="en">');
  expect((await browser.post("/language", { language: "en", back: "//evil.test" })).location).toBe("/");

  const german = await aVisitor(portal).get("/sign-in", { "accept-language": "fr-FR, de-AT;q=0.8, en;q=0.5" });
  expect(german.text).toContain('<html lang="de">');
});

test("times stand in the organization's time zone, and exactly for programs", async () => {
  const alice = await aCustomer(portal, { timeZone: "Asia/Tokyo" });
  const ticket = await aTicketOf(portal, alice);
  await aRelease(portal, ticket, { at: new Date("2026-11-20T20:00:00Z") });
  const { text } = await (await aSignedIn(portal, alice)).get(`/tickets/${ticket.number}`);

  expect(text).toContain("21 Nov 2026, 05:00");
  expect(text).toMatch(/<time datetime="2026-11-20T20:00:00[^"]*">/i);
});
