import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { z } from "zod";
import { openBrowser } from "../browser.ts";
import {
  aCustomer,
  aLinkTo,
  aPortal,
  aRelease,
  aReleasedFile,
  aSignedIn,
  aTicketOf,
  type Known,
  newestCode,
  type PortalWorld,
} from "./world.ts";

let portal: PortalWorld;
let browser: Browser;
beforeAll(async () => {
  [portal, browser] = await Promise.all([aPortal(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await portal.end();
});

const onePixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A window in which this customer, if one is given, has signed in. What the page complains about is collected. */
async function aWindow(customer: Known | null, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ locale: "en-GB", baseURL: portal.url, ...options });
  if (customer) {
    const { cookies } = await aSignedIn(portal, customer);
    for (const [name, { value, path }] of cookies)
      await context.addCookies([{ name, value, path, domain: "127.0.0.1" }]);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  return { page, context, complaints };
}

async function aConversation() {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice, { status: "waiting_on_customer" });
  await aRelease(portal, ticket, { side: "customer", authorName: alice.name, text: "The invoice is missing." });
  const release = await aRelease(portal, ticket, {
    html: '<p>Here it is: <img src="cid:a@x" alt="the line"></p><p style="color:#333">Please <a href="https://example.org">check</a> it.</p>',
  });
  await aReleasedFile(portal, release, { name: "line.png", type: "image/png", contentId: "a@x", content: onePixel });
  await aReleasedFile(portal, release, { name: "invoice.pdf", type: "application/pdf" });
  return { alice, ticket };
}

const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/** WCAG 2.2 AA and axe's best practices. https://github.com/dequelabs/axe-core/blob/develop/doc/API.md#axe-core-tags */
const findViolations = `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`;

async function faultsOf(page: Page) {
  await page.evaluate(axe);
  const violations = z.array(z.string()).parse(await page.evaluate(findViolations));
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  return [...violations, ...(tooWide ? ["the page scrolls sideways"] : [])];
}

test.each([
  ["a wide window", { viewport: { width: 1280, height: 800 } }],
  ["a small phone at night", { viewport: { width: 320, height: 640 }, colorScheme: "dark" as const }],
  ["a phone in German", { viewport: { width: 390, height: 844 }, locale: "de-DE" }],
  ["forced colours", { viewport: { width: 768, height: 1024 }, forcedColors: "active" as const }],
])("every page can be read and used by everybody: %s", async (_, options) => {
  const { alice, ticket } = await aConversation();
  const closed = await aTicketOf(portal, alice, { open: false, subject: `Rindfleisch${"etikettierung".repeat(12)}` });
  const { secret } = await aLinkTo(portal, ticket, alice);
  // Only so that axe itself may run in the page.
  const { page } = await aWindow(alice, { ...options, bypassCSP: true });

  const own = [
    "/",
    "/?show=closed",
    "/?search=zebra",
    `/tickets/${ticket.number}`,
    `/tickets/${closed.number}`,
    "/tickets/new",
    "/tickets/999999",
  ];
  for (const path of own) {
    await page.goto(path);
    expect([path, ...(await faultsOf(page))]).toEqual([path]);
  }
  await page.context().clearCookies();
  for (const path of [`/l/${secret}`, "/l/nothing", "/sign-in"]) {
    await page.goto(path);
    expect([path, ...(await faultsOf(page))]).toEqual([path]);
  }
  await page.fill("#address", "not an address");
  await page.evaluate(() => document.querySelector<HTMLFormElement>("main form")?.submit());
  await page.waitForSelector("#errors");
  expect(await faultsOf(page)).toEqual([]);
  await page.fill("#address", "nobody@outsider.test");
  await page.press("#address", "Enter");
  await page.waitForURL("**/sign-in/code");
  expect(await faultsOf(page)).toEqual([]);
  await page.context().close();
});

test("with the keyboard alone and without scripts: sign in, answer with a file, sign out", async () => {
  const { alice, ticket } = await aConversation();
  const { page, context } = await aWindow(null, { javaScriptEnabled: false });
  await page.goto(`/tickets/${ticket.number}`);
  await page.keyboard.press("Tab");
  expect(await page.locator(":focus").textContent()).toContain("Skip to content");
  await page.getByLabel("E-mail address").focus();
  await page.keyboard.type(alice.address);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/sign-in/code");
  await page.getByLabel("Code").focus();
  await page.keyboard.type(await newestCode(portal, alice.address));
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/tickets/${ticket.number}`);

  await page.getByLabel("Your answer").fill("Thank you, it is here.");
  await page
    .getByLabel("Add files")
    .setInputFiles({ name: "receipt.txt", mimeType: "text/plain", buffer: Buffer.from("paid") });
  await page.getByRole("button", { name: "Send answer" }).press("Enter");
  await page.getByText("Sending …").waitFor();
  expect(await page.getByText("receipt.txt").count()).toBe(1);

  await page.getByRole("button", { name: "Sign out" }).press("Enter");
  await page.getByText("You are signed out.").waitFor();
  await context.close();
});

test("an answer of the team appears in the open page by itself, and what is being written stays", async () => {
  const { alice, ticket } = await aConversation();
  const { page, context, complaints } = await aWindow(alice);
  await page.goto(`/tickets/${ticket.number}`);
  await page.getByLabel("Your answer").fill("First");
  await page.getByRole("button", { name: "Send answer" }).click();
  await page.getByText("Sending …").waitFor();
  await page.getByLabel("Your answer").fill("I am still writ");

  await aRelease(portal, ticket, { text: "A new answer from us." });
  await page.getByText("A new answer from us.").waitFor();
  expect(await page.getByLabel("Your answer").inputValue()).toBe("I am still writ");
  expect(complaints).toEqual([]);
  await context.close();
});

test("closing and opening again show in the open page's forms too, and what is being written stays", async () => {
  const { alice, ticket } = await aConversation();
  const { page, context, complaints } = await aWindow(alice);
  await page.goto(`/tickets/${ticket.number}`);
  await page.getByLabel("Your answer").fill("Thank you.");
  await page.getByRole("button", { name: "Send answer" }).click();
  await page.getByRole("status").getByText("Your answer has arrived.").waitFor();
  await page.getByLabel("Your answer").fill("I am still writ");

  const where = { organizationId_ticketId: { organizationId: alice.organizationId, ticketId: ticket.ticketId } };
  const become = async (open: boolean, status: string) => {
    await portal.publisher.publishedTicket.update({ where, data: { status, closedAt: open ? null : new Date() } });
    await portal.publisher.ticketAccess.updateMany({ where: { ticketId: ticket.ticketId }, data: { open } });
  };
  await become(false, "closed");
  await page.getByText("Your answer opens it again.").waitFor();
  expect(await page.getByRole("button", { name: "Close request" }).count()).toBe(0);
  await become(true, "in_progress");
  await page.getByRole("button", { name: "Close request" }).waitFor();
  expect(await page.getByText("Your answer opens it again.").count()).toBe(0);
  expect(await page.getByLabel("Your answer").inputValue()).toBe("I am still writ");
  expect(complaints).toEqual([]);
  await context.close();
});

test("when the session ended while she was writing, the customer signs in again and finds her words in the form", async () => {
  const { alice, ticket } = await aConversation();
  const { page, context } = await aWindow(alice);
  await page.goto(`/tickets/${ticket.number}`);
  await page.getByLabel("Your answer").pressSequentially("A long story");
  await portal.publisher.portalSession.deleteMany({ where: { account: { email: alice.address } } });
  await page.getByRole("button", { name: "Send answer" }).click();

  await page.getByLabel("E-mail address").fill(alice.address);
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.getByLabel("Code").fill(await newestCode(portal, alice.address));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`**/tickets/${ticket.number}`);
  expect(await page.getByLabel("Your answer").inputValue()).toBe("A long story");

  await page.getByRole("button", { name: "Send answer" }).click();
  await page.getByText("Sending …").waitFor();
  await page.reload();
  expect(await page.getByLabel("Your answer").inputValue()).toBe("");
  await context.close();
});

test("a new request leads to its ticket as soon as it has a number", async () => {
  const alice = await aCustomer(portal);
  const { page, context } = await aWindow(alice);
  await page.goto("/");
  await page.getByRole("link", { name: "New request" }).click();
  await page.getByLabel("Subject").fill("A lamp is broken");
  await page.getByLabel("What is it about?").fill("In room 4");
  await page.getByRole("button", { name: "Send request" }).click();
  await page.getByText("We have your request").waitFor();

  const ticket = await aTicketOf(portal, alice, { subject: "A lamp is broken" });
  await portal.publisher.customerAct.updateMany({
    where: { contactId: alice.contactId },
    data: { collectedAt: new Date(), becameTicketId: ticket.ticketId },
  });
  await page.waitForURL(`**/tickets/${ticket.number}`);
  await context.close();
});

test("a link counts as opened when somebody touches its page, not when it is loaded", async () => {
  const { alice, ticket } = await aConversation();
  const { secret } = await aLinkTo(portal, ticket, alice);
  const { page, context, complaints } = await aWindow(null);
  const opened = () =>
    portal.publisher.portalEvent.count({ where: { contactId: alice.contactId, act: "link_opened" } });
  await page.goto(`/l/${secret}`);
  await page.getByText("The invoice is missing.").waitFor();
  expect(page.url()).not.toContain(secret);
  expect(await opened()).toBe(0);

  const answered = page.waitForResponse("**/opening");
  await page.mouse.wheel(0, 50);
  await answered;
  expect(await opened()).toBe(1);
  expect(complaints).toEqual([]);
  await context.close();
});

test("inline images are shown, and the page asks nobody but the portal", async () => {
  const { alice, ticket } = await aConversation();
  const { page, context, complaints } = await aWindow(alice);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await page.goto(`/tickets/${ticket.number}`);
  expect(await page.getByAltText("the line").evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
  expect(new Set(asked)).toEqual(new Set([portal.url]));
  expect(complaints).toEqual([]);
  await context.close();
});

test("even words that were never made safe run nothing, load nothing and cover nothing", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice);
  const hostile = [
    "<script>window.pwned = 1</script>",
    '<img src="https://evil.test/pixel.png" onerror="window.pwned = 2">',
    '<a href="javascript:window.pwned = 3" id="bait">click</a>',
    '<iframe srcdoc="<script>parent.pwned = 4</script>"></iframe>',
    '<style>@import url("https://evil.test/a.css"); body { background: url("https://evil.test/b.png") }</style>',
    '<div style="position:fixed;inset:0;z-index:99999;background:red" id="cover">cover</div>',
    '<form action="https://evil.test/"><button id="phish">go</button></form>',
    '<svg onload="window.pwned = 5"></svg><base href="https://evil.test/">',
  ].join("");
  await aRelease(portal, ticket, { html: hostile });
  const { page, context } = await aWindow(alice);
  const elsewhere: string[] = [];
  page.on("response", (response) => new URL(response.url()).origin === portal.url || elsewhere.push(response.url()));
  await page.goto(`/tickets/${ticket.number}`);
  for (const lure of ["#bait", "#phish"]) await page.locator(lure).dispatchEvent("click");

  expect(await page.evaluate("window.pwned")).toBeUndefined();
  expect(elsewhere).toEqual([]);
  expect(page.url()).toBe(`${portal.url}/tickets/${ticket.number}`);
  const onTop = await page.evaluate(() => document.elementFromPoint(window.innerWidth / 2, 20)?.closest(".words"));
  expect(onTop ?? null).toBeNull();
  await context.close();
});

test.each(["is taken off the ticket", "is signed out elsewhere"])(
  "a page that is open clears itself when its reader %s",
  async (how) => {
    const bob = await aCustomer(portal, { name: "Bob Lindt" });
    const ticket = await aTicketOf(portal, bob);
    await aRelease(portal, ticket, { html: "<p>Only for readers</p>" });
    const { page, context } = await aWindow(bob);
    await page.clock.install();
    await page.goto(`/tickets/${ticket.number}`);
    await page.getByText("Only for readers").waitFor();

    if (how === "is signed out elsewhere") await portal.publisher.portalSession.deleteMany();
    else await portal.publisher.ticketAccess.deleteMany({ where: { ticketId: ticket.ticketId } });
    await page.clock.fastForward(31_000);

    const says = how === "is signed out elsewhere" ? "Sign in" : "There is nothing here";
    await page.getByRole("heading", { name: says }).waitFor();
    expect(await page.getByText("Only for readers").count()).toBe(0);
    await context.close();
  },
);
