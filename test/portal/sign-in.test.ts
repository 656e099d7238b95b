import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { aCustomer, aPortal, aSignedIn, aTicketOf, aVisitor, newestCode, type PortalWorld } from "./world.ts";

let portal: PortalWorld;
beforeAll(async () => {
  portal = await aPortal({ PORTAL_TRUSTED_PROXIES: "loopback" });
});
afterAll(() => portal.end());

let lastNetwork = 0;
/** Somebody from a network of his own, so that one test's tries are not another's. */
function fromElsewhere() {
  lastNetwork += 1;
  return { "x-forwarded-for": `203.0.113.${lastNetwork}` };
}

const wrongCode = (code: string) => String((Number(code) + 1) % 100_000_000).padStart(8, "0");

test("the same answer for an address that is known, unknown or disabled; only the known one gets a mail", async () => {
  const alice = await aCustomer(portal);
  const gone = await aCustomer(portal);
  await portal.publisher.customer.updateMany({
    where: { contactId: gone.contactId },
    data: { disabledAt: new Date() },
  });

  const answers = [];
  for (const address of [alice.address, gone.address, "nobody@outsider.test"]) {
    const visitor = aVisitor(portal);
    const asked = await visitor.post("/sign-in", { address }, fromElsewhere());
    const page = await visitor.get(asked.location ?? "");
    const tried = await visitor.post("/sign-in/code", { code: "00000000" }, fromElsewhere());
    answers.push([asked.status, asked.location, page.text, tried.status, tried.text].join().replaceAll(address, "-"));
  }
  expect(answers[1]).toBe(answers[0]);
  expect(answers[2]).toBe(answers[0]);
  expect(await portal.publisher.portalMail.count({ where: { address: alice.address } })).toBe(1);
  expect(
    await portal.publisher.portalMail.count({ where: { address: { in: [gone.address, "nobody@outsider.test"] } } }),
  ).toBe(0);
});

test("MAIL-07: a code goes to the mailbox that is meant and to no other that only looks or sounds like it", async () => {
  const victim = await aCustomer(portal);
  const [local = "", domain = ""] = victim.address.split("@");
  const mails = () => portal.publisher.portalMail.count({ where: { address: { not: victim.address } } });
  const others = await mails();
  for (const address of [
    `${local.toUpperCase()}@${domain}.`,
    `"${local}"@${domain.toUpperCase()}`,
    `${local.slice(0, 1)}.${local.slice(1)}@${domain}`,
    `${local}+x@${domain}`,
    `${local.replace("a", "а").replace("c", "с")}@${domain}`,
    `${local}@${domain.replace("c", "с").replace("o", "о")}`,
    `"${local}@evil"@${domain}`,
  ])
    await aVisitor(portal).post("/sign-in", { address }, fromElsewhere());
  expect(await portal.publisher.portalMail.count({ where: { address: victim.address } })).toBe(2);
  expect(await mails()).toBe(others);
});

test("known and unknown addresses take the same time", async () => {
  const time = async (address: string) => {
    const began = performance.now();
    await aVisitor(portal).post("/sign-in", { address }, fromElsewhere());
    return performance.now() - began;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let turn = 0; turn < 25; turn++) {
    known.push(await time((await aCustomer(portal)).address));
    unknown.push(await time(`nobody${turn}@outsider.test`));
  }
  const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  expect(Math.abs(median(known) - median(unknown))).toBeLessThan(Math.max(4, median(known) * 0.35));
});

test("the database holds no code that can be read back, and the mail's code is the only one", async () => {
  const alice = await aCustomer(portal);
  await aVisitor(portal).post("/sign-in", { address: alice.address }, fromElsewhere());
  const code = await newestCode(portal, alice.address);
  const kept = await portal.publisher.portalCode.findMany({ where: { identifier: { contains: alice.address } } });

  expect(code).toMatch(/^\d{8}$/);
  expect(kept).toHaveLength(1);
  expect(JSON.stringify(kept)).not.toContain(code);
});

test("a code pasted with spaces is taken; a second time it is not", async () => {
  const alice = await aCustomer(portal);
  const visitor = aVisitor(portal);
  await visitor.post("/sign-in", { address: `  ${alice.address.toUpperCase()} ` }, fromElsewhere());
  const code = await newestCode(portal, alice.address);
  const before = new Map(visitor.cookies);

  const entered = await visitor.post("/sign-in/code", { code: ` ${code.slice(0, 4)} ${code.slice(4)} ` });
  expect([entered.status, entered.location]).toEqual([303, "/"]);

  visitor.cookies.clear();
  for (const [name, cookie] of before) visitor.cookies.set(name, cookie);
  expect((await visitor.post("/sign-in/code", { code })).status).toBe(422);
  expect((await visitor.get("/")).status).toBe(303);
});

test("of two who enter the same code at once, one is let in", async () => {
  const alice = await aCustomer(portal);
  const visitor = aVisitor(portal);
  await visitor.post("/sign-in", { address: alice.address }, fromElsewhere());
  const code = await newestCode(portal, alice.address);
  const entered = await Promise.all(
    Array.from({ length: 8 }, () => visitor.post("/sign-in/code", { code }, fromElsewhere())),
  );

  expect(entered.filter(({ status }) => status === 303)).toHaveLength(1);
  expect(await portal.publisher.portalSession.count({ where: { account: { email: alice.address } } })).toBe(1);
});

test("five wrong tries end a code, even for the right one after them", async () => {
  const alice = await aCustomer(portal);
  const visitor = aVisitor(portal);
  await visitor.post("/sign-in", { address: alice.address }, fromElsewhere());
  const code = await newestCode(portal, alice.address);
  for (let turn = 0; turn < 5; turn++)
    expect((await visitor.post("/sign-in/code", { code: wrongCode(code) }, fromElsewhere())).status).toBe(422);

  expect((await visitor.post("/sign-in/code", { code }, fromElsewhere())).status).toBe(422);
});

test("guessing from one network is refused with the time to wait; what X-Forwarded-For claims beyond our proxy changes nothing", async () => {
  const alice = await aCustomer(portal);
  const network = fromElsewhere();
  const statuses = [];
  for (let turn = 0; turn < 8; turn++) {
    const visitor = aVisitor(portal);
    const forged = { "x-forwarded-for": `198.51.100.${turn}, ${network["x-forwarded-for"]}` };
    statuses.push((await visitor.post("/sign-in", { address: alice.address }, forged)).status);
  }
  expect(statuses).toEqual([303, 303, 303, 303, 303, 429, 429, 429]);
  const refused = await aVisitor(portal).post("/sign-in", { address: alice.address }, network);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(refused.text).toContain("Please wait a little");
});

test("somebody else's wrong tries and code requests do not keep the owner out", async () => {
  const alice = await aCustomer(portal);
  const owner = await aSignedIn(portal, alice);
  await owner.post("/sign-out");

  for (let turn = 0; turn < 35; turn++)
    await aVisitor(portal).post("/sign-in", { address: alice.address }, fromElsewhere());
  await owner.post("/sign-in", { address: alice.address });
  const code = await newestCode(portal, alice.address);
  const attacker = aVisitor(portal);
  for (let turn = 0; turn < 6; turn++) await attacker.post("/sign-in/code", { code: wrongCode(code) }, fromElsewhere());

  expect((await owner.post("/sign-in/code", { code })).location).toBe("/");
});

test("LOOP-05: a thousand requests from 200 networks that name somebody bring him three mails, with none of their words, and do not keep him out", async () => {
  const victim = await aCustomer(portal);
  const bystander = await aCustomer(portal);
  const owner = aVisitor(portal);
  await owner.post("/sign-in", { address: victim.address }, fromElsewhere());
  const own = await newestCode(portal, victim.address);
  const before = await portal.publisher.portalMail.count();

  const bomb = async (network: number) => {
    const bomber = aVisitor(portal);
    const from = { "x-forwarded-for": `198.18.${network}.1`, "accept-language": "BUY-NOW, xx" };
    const named = { address: victim.address, next: "https://evil.test/BUY-NOW" };
    const asked = [await bomber.post("/sign-in", named, from), await bomber.post("/sign-in/again", {}, from)];
    const words = { ...named, subject: "BUY-NOW", name: "BUY-NOW", code: "BUY-NOW" };
    const refused = [await bomber.post("/sign-in", words, from), await bomber.post("/language", words, from)];
    const tried = await bomber.post("/sign-in/code", { code: wrongCode(own) }, from);
    return [...asked, ...refused, tried].map(({ status }) => status);
  };
  const networks = Array.from({ length: 200 }, (_, network) => network);
  const answers: number[][] = [];
  while (networks.length) answers.push(...(await Promise.all(networks.splice(0, 20).map(bomb))));
  expect(answers.flat()).toHaveLength(1000);
  for (const [asked, again] of answers) expect([asked, again]).toEqual([303, 303]);

  const mails = await portal.publisher.portalMail.findMany({ where: { address: victim.address } });
  expect(mails).toHaveLength(3);
  expect(await portal.publisher.portalMail.count()).toBe(before + 2);
  for (const { facts, language } of mails)
    expect([facts, language]).toEqual([{ code: expect.stringMatching(/^\d{8}$/) }, "en"]);

  const other = aVisitor(portal);
  await other.post("/sign-in", { address: bystander.address }, fromElsewhere());
  expect((await other.post("/sign-in/code", { code: await newestCode(portal, bystander.address) })).location).toBe("/");
  expect(answers.filter(([, , , , tried]) => tried === 422)).toHaveLength(40);
  expect((await owner.post("/sign-in/code", { code: own }, fromElsewhere())).location).toBe("/");
});

test("who asks for somebody's codes neither ends the one that he has nor keeps a new browser of his out", async () => {
  const alice = await aCustomer(portal);
  const owner = aVisitor(portal);
  await owner.post("/sign-in", { address: alice.address }, fromElsewhere());
  const own = await newestCode(portal, alice.address);
  for (let turn = 0; turn < 10; turn++) {
    const stranger = aVisitor(portal);
    await stranger.post("/sign-in", { address: alice.address }, fromElsewhere());
    await stranger.post("/sign-in/code", { code: wrongCode(own) }, fromElsewhere());
  }
  const newest = await newestCode(portal, alice.address);
  expect(newest).not.toBe(own);
  expect((await owner.post("/sign-in/code", { code: own }, fromElsewhere())).location).toBe("/");
  await owner.post("/sign-out");

  const bob = await aCustomer(portal);
  for (let turn = 0; turn < 3; turn++)
    await aVisitor(portal).post("/sign-in", { address: bob.address }, fromElsewhere());
  const late = aVisitor(portal);
  expect((await late.post("/sign-in", { address: bob.address }, fromElsewhere())).status).toBe(303);
  expect((await late.get("/sign-in/code")).text).toContain("Enter the newest that arrived there");
  const mailed = await newestCode(portal, bob.address);
  for (let turn = 0; turn < 7; turn++)
    expect((await late.post("/sign-in/code", { code: wrongCode(mailed) }, fromElsewhere())).status).toBe(422);
  expect((await late.post("/sign-in/code", { code: mailed }, fromElsewhere())).location).toBe("/");
});

test("beyond the last mail an unknown address answers as a known one, and no guess is worth more", async () => {
  const address = "nobody.at.all@outsider.test";
  for (let turn = 0; turn < 3; turn++) await aVisitor(portal).post("/sign-in", { address }, fromElsewhere());
  const visitor = aVisitor(portal);
  await visitor.post("/sign-in", { address }, fromElsewhere());
  expect((await visitor.get("/sign-in/code")).text).toContain("Enter the newest that arrived there");
  expect((await visitor.post("/sign-in/code", { code: "12345678" }, fromElsewhere())).status).toBe(422);
});

test("a code works only in the browser that asked for it", async () => {
  const alice = await aCustomer(portal);
  await aVisitor(portal).post("/sign-in", { address: alice.address }, fromElsewhere());
  const code = await newestCode(portal, alice.address);
  const other = aVisitor(portal);
  expect((await other.post("/sign-in/code", { code }, fromElsewhere())).status).toBe(422);

  await other.post("/sign-in", { address: "mallory@outsider.test" }, fromElsewhere());
  expect((await other.post("/sign-in/code", { code }, fromElsewhere())).status).toBe(422);
  expect((await other.get("/")).status).toBe(303);
});

test("a code expires after ten minutes", async () => {
  const alice = await aCustomer(portal);
  const visitor = aVisitor(portal);
  await visitor.post("/sign-in", { address: alice.address }, fromElsewhere());
  const code = await newestCode(portal, alice.address);
  const { expiresAt } = await portal.publisher.portalCode.findFirstOrThrow({
    where: { identifier: { contains: alice.address } },
  });
  expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(9 * 60_000);
  expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(10 * 60_000);

  await portal.publisher.portalCode.updateMany({
    where: { identifier: { contains: alice.address } },
    data: { expiresAt: new Date(Date.now() - 1000) },
  });
  expect((await visitor.post("/sign-in/code", { code })).status).toBe(422);
});

test("looking at the pages uses up no code: mail scanners may", async () => {
  const alice = await aCustomer(portal);
  const visitor = aVisitor(portal);
  await visitor.post("/sign-in", { address: alice.address }, fromElsewhere());
  for (const path of ["/sign-in/code", "/sign-in", "/sign-in/code"]) {
    await visitor.get(path);
    await visitor.ask(path, { method: "HEAD" });
  }
  expect((await visitor.post("/sign-in/code", { code: await newestCode(portal, alice.address) })).status).toBe(303);
});

test("a cookie that claims to be sealed in another way counts as none", async () => {
  const visitor = aVisitor(portal);
  const head = Buffer.from(JSON.stringify({ alg: "A128KW", enc: "A256GCM" })).toString("base64url");
  visitor.cookies.set("deskhatch_signIn", { value: `${head}.AAAA.AAAA.AAAA.AAAA`, path: "/sign-in" });
  const { status, location } = await visitor.get("/sign-in/code");
  expect([status, location]).toEqual([303, "/sign-in"]);
});

test("every sign-in begins a new session, ends the browser's old one, and a planted cookie becomes nobody's session", async () => {
  const alice = await aCustomer(portal);
  const browser = aVisitor(portal);
  browser.cookies.set("deskhatch_session", { value: "planted.cookie", path: "/" });
  await browser.signIn(alice.address);
  const first = browser.cookies.get("deskhatch_session")?.value;
  expect(first).not.toBe("planted.cookie");

  await browser.signIn(alice.address);
  expect(browser.cookies.get("deskhatch_session")?.value).not.toBe(first);
  const thief = aVisitor(portal);
  thief.cookies.set("deskhatch_session", { value: first ?? "", path: "/" });
  expect((await thief.get("/")).status).toBe(303);
});

test("whoever is signed in already is not asked again", async () => {
  const browser = await aSignedIn(portal, await aCustomer(portal));
  expect((await browser.get("/sign-in?next=/tickets/new")).location).toBe("/tickets/new");
});

test("signing out ends the session on our side", async () => {
  const alice = await aCustomer(portal);
  const browser = await aSignedIn(portal, alice);
  const cookie = browser.cookies.get("deskhatch_session");
  expect((await browser.post("/sign-out")).location).toBe("/sign-in?signed-out=");

  if (cookie) browser.cookies.set("deskhatch_session", cookie);
  expect((await browser.get("/")).status).toBe(303);
  expect(await portal.publisher.portalSession.count({ where: { account: { email: alice.address } } })).toBe(0);
});

test("a session ends after 12 idle hours and after 30 days, and a page that only looks does not prolong it", async () => {
  const alice = await aCustomer(portal);
  await aTicketOf(portal, alice);
  const browser = await aSignedIn(portal, alice);
  const mine = { account: { email: alice.address } };
  const hours = async () => {
    const { expiresAt } = await portal.publisher.portalSession.findFirstOrThrow({ where: mine });
    return Math.round((expiresAt.getTime() - Date.now()) / 3_600_000);
  };
  const leave = (ms: number) =>
    portal.publisher.portalSession.updateMany({ where: mine, data: { expiresAt: new Date(Date.now() + ms) } });
  expect(await hours()).toBe(12);

  await leave(3_600_000);
  await browser.get("/", { "x-live": "1" });
  expect(await hours()).toBe(1);
  await browser.get("/");
  expect(await hours()).toBe(12);

  await leave(-1);
  expect((await browser.get("/")).status).toBe(303);

  await leave(3_600_000);
  const longAgo = new Date(Date.now() - 31 * 24 * 3_600_000);
  await portal.publisher.portalSession.updateMany({ where: mine, data: { createdAt: longAgo } });
  expect((await browser.get("/")).status).toBe(303);
});

test("an address that is taken from a contact opens nothing any more", async () => {
  const alice = await aCustomer(portal);
  const browser = await aSignedIn(portal, alice);
  await portal.publisher.customerAddress.delete({ where: { address: alice.address } });
  expect((await browser.get("/")).status).toBe(303);
});

test("sign-ins and refusals are written down for the audit log, with who and from where", async () => {
  const alice = await aCustomer(portal);
  const visitor = aVisitor(portal);
  const network = fromElsewhere();
  await visitor.post("/sign-in", { address: alice.address }, network);
  const code = await newestCode(portal, alice.address);
  await visitor.post("/sign-in/code", { code: wrongCode(code) }, network);
  await visitor.post("/sign-in/code", { code }, network);
  await visitor.post("/sign-out", {}, network);

  const events = await portal.publisher.portalEvent.findMany({
    where: { contactId: alice.contactId },
    orderBy: { eventId: "asc" },
  });
  expect(events.map(({ act }) => act)).toEqual(["code_asked", "sign_in_failed", "signed_in", "signed_out"]);
  expect(events.map(({ ip }) => ip)).toEqual(Array(4).fill(network["x-forwarded-for"]));
});

test("what is no address or no code is told beside its field, and nothing is sent", async () => {
  const visitor = aVisitor(portal);
  const wrong = await visitor.post("/sign-in", { address: "alice at home" }, fromElsewhere());
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain('value="alice at home"');
  expect(wrong.text).toMatch(/aria-invalid="true"/);

  const alice = await aCustomer(portal);
  await visitor.post("/sign-in", { address: alice.address }, fromElsewhere());
  expect((await visitor.post("/sign-in/code", { code: "12 34" }, fromElsewhere())).text).toContain(
    "The code has 8 digits",
  );
});

test.each([
  { address: ["a@x.test", "b@x.test"] },
  { "address[not]": "" },
  { address: "a@x.test", emailVerified: "true" },
])("a sign-in form with other fields than ours is refused: %j", async (fields) => {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) body.append(name, each);
  expect((await aVisitor(portal).ask("/sign-in", { method: "POST", body, headers: fromElsewhere() })).status).toBe(400);
});
