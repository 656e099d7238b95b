import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createTransport } from "nodemailer";
import type { Browser, FrameLocator, Page } from "playwright-core";
import { openBrowser } from "../browser.ts";
import { type Product, startProduct } from "../product.ts";

/** Looked at by people after each run; not kept in the repository. */
const pictures = fileURLToPath(new URL("../screenshots/journey", import.meta.url));

let product: Product;
let browser: Browser;
/** Anna's window, and Alice's: two people, two browsers' worth of cookies. */
let anna: Page;
let alice: Page;
let pane: FrameLocator;
let number = "";

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  product = await startProduct({ env: { GRACE_SECONDS: "5" } });
  browser = await openBrowser();
  anna = await window(1440, 900);
  alice = await window(1280, 860);
  pane = anna.frameLocator("iframe[src*='/addin/pane.html']");
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await product?.stop();
}, 60_000);

async function window(width: number, height: number) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width, height }, locale: "en-GB" });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

let pictured = 0;
const picture = (page: Page, name: string) =>
  page.screenshot({ path: `${pictures}/${String(++pictured).padStart(2, "0")}-${name}.png` });

const mailInList = (page: Page, subject: string | RegExp) =>
  page.getByRole("option").filter({ hasText: subject }).first();

/** The newest stand first; each entry's words are shown in a frame of their own. */
const newestWordsOf = (name: string) => pane.frameLocator(`iframe[title="Words of ${name}"]`).first();

test("Alice writes a mail; Anna sees it in Outlook and makes a ticket of it with one click", async () => {
  const transport = createTransport({ host: "127.0.0.1", port: product.smtpPort, tls: { rejectUnauthorized: false } });
  await transport.sendMail({
    from: { name: "Alice Moreau", address: "alice@harbourlight.test" },
    to: "support@deskhatch.test",
    subject: "The crane at gate 2 beeps",
    text: "Hello,\n\nsince this morning the crane at gate 2 beeps every ten seconds. May we keep using it?\n\nAlice",
  });
  transport.close();

  await anna.goto(product.outlookUrl);
  await mailInList(anna, "The crane at gate 2 beeps").click();
  await anna.getByRole("button", { name: "Ticket" }).click();
  await pane.getByRole("button", { name: "Create ticket for Alice Moreau" }).waitFor();
  await picture(anna, "a-mail-that-is-no-ticket-yet");

  await pane.getByRole("button", { name: "Create ticket for Alice Moreau" }).click();
  await pane.getByRole("textbox", { name: "Internal note" }).waitFor();
  number = /#(\d+)/.exec((await pane.locator("body").textContent()) ?? "")?.[1] ?? "";
  expect(number).toMatch(/^\d{4}$/);
  await picture(anna, "the-ticket");
}, 60_000);

test("Anna writes a note for her team and an answer for the customer", async () => {
  await pane.getByRole("textbox", { name: "Internal note" }).fill("SECRET: the crane's inspection is two months late.");
  await pane.getByRole("button", { name: "Add internal note" }).click();
  await newestWordsOf("Anna Albrecht").getByText("SECRET: the crane's inspection").waitFor();
  await picture(anna, "the-note");

  await pane.getByRole("radio", { name: "For the customer" }).click();
  await pane
    .getByRole("textbox", { name: "Reply to Alice Moreau" })
    .fill("You may keep using it. A technician comes at two.");
  await picture(anna, "the-answer-being-written");
  await pane.getByRole("button", { name: /^Send to Alice Moreau/ }).click();
  await pane.getByRole("button", { name: "Undo" }).waitFor();
  await inSight(pane.getByRole("button", { name: "Undo" }));
  await picture(anna, "the-grace-period");

  await pane.getByRole("button", { name: "Undo" }).click();
  await pane.getByText("Taken back. Your words are in the composer again.").waitFor();
  await pane.getByRole("button", { name: /^Send to Alice Moreau/ }).click();
  await pane
    .getByText(/^Mailed/)
    .first()
    .waitFor();
  await picture(anna, "the-answer-is-out");
}, 60_000);

test("Alice finds the answer in her mailbox and, behind its link, in the portal: the answer and not the note", async () => {
  await openMailbox(alice, "Alice Moreau");
  await mailInList(alice, "The crane at gate 2 beeps").click();
  const mail = alice.frameLocator("[data-testid=mail-body]");
  await mail.getByText("A technician comes at two.").waitFor();
  await picture(alice, "the-mail-alice-got");

  const link = await mail
    .getByRole("link")
    .filter({ hasText: /portal|online|request|ticket/i })
    .first()
    .getAttribute("href");
  const portal = await alice.context().newPage();
  await portal.goto(link ?? "");
  await portal.getByText("A technician comes at two.").waitFor();
  await picture(portal, "the-secure-link");
  expect(await portal.content()).not.toContain("SECRET");
  await portal.close();
}, 60_000);

test("Alice signs in with a code from her mailbox, sees her tickets, and answers", async () => {
  const portal = await alice.context().newPage();
  await portal.goto(product.portalUrl);
  await portal.getByLabel("E-mail address").fill("alice@harbourlight.test");
  await portal.getByRole("button", { name: "Send me a code" }).click();
  await portal.getByLabel("Code").waitFor();

  await mailInList(alice, /is your sign-in code/).click();
  const mail = alice.frameLocator("[data-testid=mail-body]").getByText(/\d{8}/).first();
  const code = /\b\d{8}\b/.exec((await mail.textContent()) ?? "")?.[0];
  await portal.getByLabel("Code").fill(code ?? "");
  await portal.getByRole("button", { name: "Sign in" }).click();
  await portal.getByRole("link", { name: /The crane at gate 2 beeps/ }).waitFor();
  await picture(portal, "alice-s-requests");

  await portal.getByRole("link", { name: /The crane at gate 2 beeps/ }).click();
  await portal.getByText("A technician comes at two.").waitFor();
  expect(await portal.content()).not.toContain("SECRET");
  await picture(portal, "the-ticket-in-the-portal");

  await portal.getByLabel("Your answer").fill("Thank you. Tell him to ask for me at gate 2.");
  await portal.getByRole("button", { name: "Send answer" }).click();
  await portal.getByText("Tell him to ask for me at gate 2.").waitFor();
  await picture(portal, "alice-s-answer");
}, 60_000);

test("Anna reads the answer on the ticket, beside the mail it began with", async () => {
  await mailInList(anna, "Invoice 2026-118").click();
  await mailInList(anna, "The crane at gate 2 beeps").click();
  await newestWordsOf("Alice Moreau").getByText("Tell him to ask for me at gate 2.").waitFor();
  await pane.getByText("Our turn").first().waitFor();
  await picture(anna, "back-in-outlook");
}, 60_000);

test("Alice answers by mail too, and it arrives on the same ticket", async () => {
  await openMailbox(alice, "Alice Moreau");
  await mailInList(alice, "The crane at gate 2 beeps").click();
  await alice.getByRole("button", { name: "Reply", exact: true }).click();
  await alice.getByRole("textbox", { name: "Message" }).fill("By mail as well: the beeping stopped at noon.");
  await alice.getByRole("button", { name: "Send" }).click();

  await mailInList(anna, "Invoice 2026-118").click();
  await mailInList(anna, "beeps").click();
  await newestWordsOf("Alice Moreau").getByText("By mail as well: the beeping stopped at noon.").waitFor();
  expect((await pane.locator("body").textContent()) ?? "").toContain(`#${number}`);
  await picture(anna, "the-mail-on-the-same-ticket");
}, 60_000);

test("Anna retracts her answer, and the portal forgets it", async () => {
  await pane.getByRole("listitem").filter({ hasText: "Mailed to" }).getByRole("button", { name: "Retract" }).click();
  await pane.getByRole("button", { name: "Retract now" }).click();
  await pane.getByText(/that was sent to .* cannot be recalled/).waitFor();
  await picture(anna, "retracted");

  const portal = await alice.context().newPage();
  await portal.goto(`${product.portalUrl}/tickets/${number}`);
  await portal.getByText("Tell him to ask for me at gate 2.").waitFor();
  expect(await portal.content()).not.toContain("A technician comes at two.");
  await portal.close();
}, 60_000);

/** Nobody scrolls to it: it has to be where the eye is. */
async function inSight(thing: ReturnType<FrameLocator["getByRole"]>) {
  const seen = await thing.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  expect(seen).toBe(true);
}

async function openMailbox(page: Page, name: string) {
  if (!page.url().startsWith(product.outlookUrl)) await page.goto(product.outlookUrl);
  await page.getByRole("button", { name: /Mailbox:/ }).click();
  await page.getByRole("menuitemradio", { name: new RegExp(name) }).click();
}
