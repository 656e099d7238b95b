import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  aCustomer,
  aLinkTo,
  aPortal,
  aRelease,
  aReleasedFile,
  aSignedIn,
  aTicketOf,
  aVisitor,
  newestCode,
  type PortalWorld,
} from "./world.ts";

let portal: PortalWorld;
beforeAll(async () => {
  portal = await aPortal({ PORTAL_TRUSTED_PROXIES: "loopback" });
});
afterAll(() => portal.end());

/** Alice with two tickets, a released file on each, and a link to the first. */
async function aliceWithALink() {
  const alice = await aCustomer(portal);
  const linked = await aTicketOf(portal, alice, { subject: "The linked one" });
  const other = await aTicketOf(portal, alice, { subject: "The other one" });
  const file = await aReleasedFile(portal, await aRelease(portal, linked, { text: "Released words." }));
  const otherFile = await aReleasedFile(portal, await aRelease(portal, other));
  return { alice, linked, other, file, otherFile, ...(await aLinkTo(portal, linked, alice)) };
}

test("a secure link opens its ticket without signing in, and the secret leaves the address", async () => {
  const { secret, linkId, file } = await aliceWithALink();
  const visitor = aVisitor(portal);
  const followed = await visitor.get(`/l/${secret}`);
  expect([followed.status, followed.location]).toEqual([303, `/link/${linkId}`]);
  expect(followed.headers.get("referrer-policy")).toBe("no-referrer");

  const page = await visitor.get(`/link/${linkId}`);
  expect(page.text).toContain("Released words.");
  expect(page.text).not.toContain(secret);
  expect(page.text).not.toMatch(/https?:\/\//);
  expect(page.headers.get("cache-control")).toBe("no-store");
  expect(page.headers.get("x-robots-tag")).toBe("noindex");
  expect((await visitor.get(`/link/${linkId}/files/${file}`)).bytes.toString()).toBe("October: 120.00 EUR");
});

test("it opens that ticket and nothing else", async () => {
  const { secret, linkId, linked, other, file, otherFile } = await aliceWithALink();
  const visitor = aVisitor(portal);
  await visitor.get(`/l/${secret}`);
  const cookie = visitor.cookies.get("deskhatch_link")?.value ?? "";
  expect(visitor.cookies.get("deskhatch_link")?.path).toBe(`/link/${linkId}`);
  const everywhere = (path: string, method = "GET") =>
    visitor.ask(path, { method, headers: { cookie: `deskhatch_link=${cookie}; deskhatch_session=${cookie}` } });

  expect((await everywhere(`/link/${linkId}/files/${otherFile}`)).status).toBe(404);
  for (const path of ["/", `/tickets/${linked.number}`, `/tickets/${other.number}`, "/tickets/new", `/files/${file}`])
    expect((await everywhere(path)).location).toMatch(/^\/sign-in/);
  for (const path of [
    `/tickets/${linked.number}/messages`,
    `/tickets/${linked.number}/closure`,
    "/tickets",
    "/sign-out",
  ])
    expect((await everywhere(path, "POST")).location).toMatch(/^\/sign-in/);
  expect((await everywhere(`/link/${crypto.randomUUID()}`)).status).toBe(404);
});

test("expired, revoked, taken away, never made: one and the same page, for old cookies too", async () => {
  const { alice, linked, secret, linkId } = await aliceWithALink();
  const expired = await aLinkTo(portal, linked, alice, { expiresAt: new Date(Date.now() - 1000) });
  const revoked = await aLinkTo(portal, linked, alice, { revokedAt: new Date() });
  const visitor = aVisitor(portal);
  await visitor.get(`/l/${secret}`);
  expect((await visitor.get(`/link/${linkId}`)).status).toBe(200);

  const elsewhere = aVisitor(portal);
  const answers = [];
  for (const made of [expired.secret, revoked.secret, "A".repeat(32), "short", "%00"])
    answers.push(await elsewhere.get(`/l/${made}`));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
  expect(new Set(answers.map(({ text }) => text.replace(/name="back" value="[^"]*"/, ""))).size).toBe(1);
  expect(answers[0]?.text).toContain("Sign in with your e-mail address");

  await portal.publisher.portalSecureLink.update({ where: { linkId }, data: { revokedAt: new Date() } });
  expect((await visitor.get(`/link/${linkId}`)).status).toBe(404);

  const again = await aLinkTo(portal, linked, alice);
  await visitor.get(`/l/${again.secret}`);
  await portal.publisher.customer.updateMany({
    where: { contactId: alice.contactId },
    data: { disabledAt: new Date() },
  });
  expect((await visitor.get(`/link/${again.linkId}`)).status).toBe(404);
  expect((await visitor.get(`/l/${again.secret}`)).status).toBe(404);
});

test("mail scanners may fetch a link as often as they like: nothing is used up, and nobody is said to have opened it", async () => {
  const { alice, secret, linkId } = await aliceWithALink();
  for (let turn = 0; turn < 10; turn++) {
    const scanner = aVisitor(portal);
    await scanner.ask(`/l/${secret}`, { method: "HEAD" });
    await scanner.get(`/l/${secret}`, { purpose: "prefetch" });
    await scanner.get(`/link/${linkId}`);
  }
  const acts = () =>
    portal.publisher.portalEvent.findMany({
      where: { contactId: alice.contactId },
      select: { act: true, ticketId: true },
    });
  expect(await acts()).toEqual([]);

  const alices = aVisitor(portal);
  await alices.get(`/l/${secret}`);
  expect((await alices.get(`/link/${linkId}`)).status).toBe(200);
  expect((await alices.post(`/link/${linkId}/opening`)).status).toBe(204);
  expect((await acts()).map(({ act }) => act)).toEqual(["link_opened"]);
});

test("writing asks for a code that goes to the recipient, whose address the page does not tell", async () => {
  const { alice, linked, secret, linkId } = await aliceWithALink();
  const { contactId, organizationId } = alice;
  const address = `a.${alice.contactId}@elsewhere.test`;
  await portal.publisher.customerAddress.create({ data: { address, organizationId, contactId } });
  const visitor = aVisitor(portal);
  await visitor.get(`/l/${secret}`);
  const page = await visitor.get(`/link/${linkId}`);
  expect(page.text).not.toContain(alice.address);
  expect(page.text).toContain("a•••@harbourlight.test");
  expect(page.text).not.toContain("<textarea");

  const asked = await visitor.post(`/link/${linkId}/code`);
  expect(asked.location).toBe("/sign-in/code");
  expect((await visitor.get("/sign-in/code")).text).not.toContain(alice.address);
  const entered = await visitor.post("/sign-in/code", { code: await newestCode(portal, alice.address) });
  expect(entered.location).toBe(`/tickets/${linked.number}`);
  expect((await visitor.get(`/tickets/${linked.number}`)).text).toContain("<textarea");
});

test("guessing secrets is refused after thirty misses, and a link that is right is refused with them only from there", async () => {
  const { secret } = await aliceWithALink();
  const network = { "x-forwarded-for": "203.0.113.77" };
  const visitor = aVisitor(portal);
  const statuses = [];
  for (let turn = 0; turn < 32; turn++)
    statuses.push((await visitor.get(`/l/${"B".repeat(30)}${turn}`, network)).status);
  expect(statuses).toEqual([...Array(30).fill(404), 429, 429]);
  expect((await aVisitor(portal).get(`/l/${secret}`)).status).toBe(303);
});

test("the database holds no secret of a link", async () => {
  const { secret, linkId } = await aliceWithALink();
  const kept = await portal.publisher.portalSecureLink.findUniqueOrThrow({ where: { linkId } });
  expect(JSON.stringify(kept)).not.toContain(secret);
});

test("whoever is signed in as the recipient is taken to the ticket itself", async () => {
  const { alice, linked, secret } = await aliceWithALink();
  expect((await (await aSignedIn(portal, alice)).get(`/l/${secret}`)).location).toBe(`/tickets/${linked.number}`);
  const bob = await aCustomer(portal, { name: "Bob Tanaka" });
  expect((await (await aSignedIn(portal, bob)).get(`/l/${secret}`)).location).toMatch(/^\/link\//);
});

test("a colleague who is signed in gains nothing from a link's id", async () => {
  const { alice, linkId } = await aliceWithALink();
  const adam = await aCustomer(portal, { name: "Adam Lindqvist", organizationId: alice.organizationId });
  expect((await (await aSignedIn(portal, adam)).get(`/link/${linkId}`)).status).toBe(404);
});
