import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Browser, BrowserContext, Frame, Page } from "playwright-core";
import type { Start } from "../../../sandbox/outlook/page/start.ts";
import { openBrowser } from "../../browser.ts";
import { startOutlook } from "./servers.ts";

// A browser and a sandbox start first; the tests themselves take a second or two each.
jest.setTimeout(60_000);

let outlook: Awaited<ReturnType<typeof startOutlook>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What went wrong on the page while a test ran. */
let wrong: string[];

beforeAll(async () => {
  [outlook, browser] = await Promise.all([startOutlook(), openBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await outlook.close();
});

beforeEach(async () => {
  context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1440, height: 900 },
    colorScheme: "light",
  });
  page = await context.newPage();
  wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
});

afterEach(async () => {
  await context.close();
  expect(wrong).toEqual([]);
});

const openAs = (mailbox: string, as?: string) =>
  page.goto(`${outlook.url}/?${new URLSearchParams({ mailbox, ...(as ? { as } : {}) })}`);
const openSupport = () => openAs("support@deskhatch.test", "anna@deskhatch.test");
const mailNamed = (subject: string) => page.getByRole("option").filter({ hasText: subject });
const reading = () => page.getByRole("article", { name: "Mail" });

/** Opens the add-in beside the mail and waits until Office.js is ready in it. */
async function openPane(): Promise<Frame> {
  await page.getByRole("button", { name: "Ticket", exact: true }).click();
  return readyFrame();
}

async function readyFrame(): Promise<Frame> {
  await page.frameLocator("iframe[data-addin]").locator("body[data-ready=Outlook]").waitFor();
  const frame = page.frames().find((each) => each.url().endsWith("/addin/pane.html"));
  if (!frame) throw new Error("The add-in's frame is gone.");
  return frame;
}

type Said = { status: string; value: unknown; code?: number };

/** Calls an asynchronous function of Office.js in the pane: `call` is the code, with `done` as its callback. */
const ask = (frame: Frame, call: string): Promise<Said> => frame.evaluate(`window.ask((done) => { ${call} })`);

/** As if the manifest were another one: Outlook reads it through this answer. */
async function withAddIn(change: (addIn: Start["addIn"]) => void) {
  await page.route("**/outlook/start", async (route) => {
    const response = await route.fetch();
    const start: Start = await response.json();
    change(start.addIn);
    await route.fulfill({ response, json: start });
  });
}

describe("the genuine Office.js in the pane", () => {
  test("starts, and knows the mail on screen and who is signed in", async () => {
    await outlook.arrive({ subject: "The lift is stuck", body: "<p>Between floors <b>two and three</b>.</p>" });
    await openSupport();
    await mailNamed("The lift is stuck").click();
    const pane = await openPane();

    expect(await pane.locator("#subject").textContent()).toBe("The lift is stuck");
    expect(await pane.evaluate("Office.context.mailbox.userProfile.emailAddress")).toBe("anna@deskhatch.test");
    expect(await pane.evaluate("Office.context.mailbox.item.from.emailAddress")).toBe("alice@harbourlight.test");
    const body = await ask(pane, "Office.context.mailbox.item.body.getAsync('html', done)");
    expect(body.value).toContain("<b>two and three</b>");
    const headers = await ask(pane, "Office.context.mailbox.item.getAllInternetHeadersAsync(done)");
    expect(headers.value).toMatch(/^Subject: The lift is stuck$/m);
  });

  test("follows the selection: one change for one step of the arrows", async () => {
    await outlook.arrive({ subject: "First of two" });
    await outlook.arrive({ subject: "Second of two" });
    await openSupport();
    await mailNamed("Second of two").click();
    const pane = await openPane();
    await page.getByRole("listbox").press("ArrowDown");

    await pane.locator("#subject", { hasText: "First of two" }).waitFor();
    expect(await pane.locator("#changes").textContent()).toBe("1");
    await page.getByRole("button", { name: "Sent Items" }).click();
    await pane.locator("#subject", { hasText: "(nothing)" }).waitFor();
  });

  test("is told 9002 for a call that the sandbox does not know, instead of silence", async () => {
    await outlook.arrive({ subject: "Unknown call" });
    await openSupport();
    await mailNamed("Unknown call").click();
    const pane = await openPane();
    const said = await ask(pane, "Office.context.mailbox.displayAppointmentFormAsync('an id', done)");
    expect(said).toMatchObject({ status: "failed", code: 9002 });
  });

  test("gives a mail categories, properties and a bar, and Outlook shows and keeps them", async () => {
    await outlook.arrive({ subject: "To be marked" });
    await openSupport();
    await mailNamed("To be marked").click();
    const pane = await openPane();
    await ask(pane, "Office.context.mailbox.item.categories.addAsync(['#1042 waiting'], done)");
    await ask(
      pane,
      "Office.context.mailbox.item.notificationMessages.addAsync('t', { type: 'informationalMessage', message: 'This is #1042.', icon: 'i', persistent: false }, done)",
    );
    await ask(
      pane,
      "Office.context.mailbox.item.loadCustomPropertiesAsync((said) => { said.value.set('ticket', 1042); said.value.saveAsync(done); })",
    );

    await mailNamed("To be marked").getByText("#1042 waiting").waitFor();
    await reading().getByText("This is #1042.").waitFor();
    const twice = await ask(
      pane,
      "Office.context.mailbox.item.notificationMessages.addAsync('t', { type: 'informationalMessage', message: 'Again', icon: 'i', persistent: false }, done)",
    );
    expect(twice.code).toBe(9023);
    await page.reload();
    await mailNamed("To be marked").click();
    const again = await openPane();
    const ticket = await ask(
      again,
      "Office.context.mailbox.item.loadCustomPropertiesAsync((said) => done({ status: said.status, value: said.value.get('ticket') }))",
    );
    expect(ticket.value).toBe(1042);
  });

  test.each([
    ["ReadItem", "Elevated permission is required"],
    ["ReadWriteItem", "succeeded"],
    ["ReadWriteMailbox", "succeeded"],
  ] as const)("may write categories with %s: %s", async (permission, outcome) => {
    await outlook.arrive({ subject: `Permission ${permission}` });
    await withAddIn((addIn) => {
      addIn.permission = permission;
    });
    await openSupport();
    await mailNamed(`Permission ${permission}`).click();
    const pane = await openPane();
    const said = await ask(pane, "Office.context.mailbox.item.categories.addAsync(['Mine'], done)").catch((error) => ({
      status: String(error),
    }));
    expect(said.status).toContain(outcome);
  });

  test("knows light from dark, also when it changes", async () => {
    await outlook.arrive({ subject: "In the dark" });
    await openSupport();
    await mailNamed("In the dark").click();
    const pane = await openPane();
    expect(await pane.locator("#theme").textContent()).toBe("light");
    await page.getByRole("button", { name: "Switch to dark" }).click();
    await pane.locator("#theme", { hasText: "dark" }).waitFor();
  });

  test("opens an answer for the agent", async () => {
    await outlook.arrive({ subject: "Please answer" });
    await openSupport();
    await mailNamed("Please answer").click();
    const pane = await openPane();
    await ask(pane, "Office.context.mailbox.item.displayReplyFormAsync({ htmlBody: '<b>Dear Alice</b>' }, done)");
    await page.getByRole("textbox", { name: "Message" }).getByText("Dear Alice").waitFor();
    await page.getByRole("textbox", { name: "To" }).and(page.locator('[value*="alice@harbourlight.test"]')).waitFor();
  });
});

describe("the pane beside the mail", () => {
  test("closes with its mail when it is not pinned, and stays when it is", async () => {
    await outlook.arrive({ subject: "Pinned one" });
    await outlook.arrive({ subject: "Pinned two" });
    await openSupport();
    await mailNamed("Pinned one").click();
    await openPane();
    await mailNamed("Pinned two").click();
    await page.getByRole("complementary", { name: "Add-in Deskhatch" }).waitFor();
    await page.getByRole("button", { name: /^Unpin/ }).click();
    await mailNamed("Pinned one").click();
    await page.getByRole("complementary", { name: "Add-in Deskhatch" }).waitFor({ state: "detached" });
  });

  test("runs a function without a pane, and says so when there is none of that name", async () => {
    await outlook.arrive({ subject: "For a function" });
    await withAddIn((addIn) => {
      const [command] = addIn.commands;
      if (command?.action.kind !== "pane") throw new Error("The manifest has no pane.");
      const { url } = command.action;
      addIn.commands = [
        { ...command, id: "f1", label: "Flag", action: { kind: "function", name: "flag", url } },
        { ...command, id: "f2", label: "Nothing", action: { kind: "function", name: "missing", url } },
      ];
    });
    await openSupport();
    await mailNamed("For a function").click();
    await page.getByRole("button", { name: "Flag" }).click();
    await reading().getByText("Flagged: For a function").waitFor();
    await page.getByRole("button", { name: "Nothing" }).click();
    await reading().getByText("The add-in has no such function: missing.").waitFor();
  });

  test("is not offered to customers: the add-in is the tenant's", async () => {
    await outlook.arrive({ subject: "Your order", from: "support@deskhatch.test", to: "alice@harbourlight.test" });
    await openAs("alice@harbourlight.test");
    await mailNamed("Your order").click();
    await reading().getByRole("button", { name: "Reply", exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Ticket", exact: true }).count()).toBe(0);
  });
});

describe("the sign-in bridge", () => {
  const request = (method: string) =>
    JSON.stringify({
      messageType: "NestedAppAuthRequest",
      method,
      requestId: method,
      tokenParams: {
        clientId: "0b54c1de-3c1f-4f0c-8a55-c0ffee0d35c1",
        scope: "api://0b54c1de-3c1f-4f0c-8a55-c0ffee0d35c1/Desk.Use",
      },
    });
  const throughBridge = async (pane: Frame, method: string) =>
    JSON.parse(
      await pane.evaluate<string, string>(
        (text) =>
          new Promise((resolve) => {
            const { nestedAppAuthBridge: bridge } = window as unknown as {
              nestedAppAuthBridge: {
                addEventListener(name: string, heard: (text: string) => void): void;
                postMessage(text: string): void;
              };
            };
            bridge.addEventListener("message", resolve);
            bridge.postMessage(text);
          }),
        request(method),
      ),
    );

  test("brings the add-in a token for whoever is signed in to Outlook, not for the mailbox", async () => {
    await outlook.arrive({ subject: "Bridge on" });
    await openSupport();
    await mailNamed("Bridge on").click();
    const pane = await openPane();
    expect(await pane.locator("#bridge").textContent()).toBe("on");
    const context = await throughBridge(pane, "GetInitContext");
    expect(context).toMatchObject({
      success: true,
      initContext: {
        accountContext: { homeAccountId: expect.stringContaining("a11a0000-0000-4000-8000-000000000001.") },
      },
    });
    const token = await throughBridge(pane, "GetToken");
    expect(token).toMatchObject({
      requestId: "GetToken",
      success: true,
      account: { username: "anna@deskhatch.test" },
      token: { access_token: expect.any(String) },
    });
  });

  test("is gone when it is switched off, and stays off", async () => {
    await outlook.arrive({ subject: "Bridge off" });
    await openSupport();
    await page.getByRole("switch", { name: "Sign-in bridge: on" }).click();
    await mailNamed("Bridge off").click();
    expect(await (await openPane()).locator("#bridge").textContent()).toBe("off");
    await page.reload();
    await page.getByRole("switch", { name: "Sign-in bridge: off" }).waitFor();
  });

  test("gives no token to another site, nor for a mailbox one is no member of", async () => {
    await openSupport();
    const askToken = (body: object, headers: Record<string, string>) =>
      page.request.post(`${outlook.url}/outlook/token`, { data: body, headers });
    const own = { "sec-fetch-site": "same-origin" };
    expect((await askToken({ person: "anna@deskhatch.test", mailbox: "support@deskhatch.test" }, own)).status()).toBe(
      200,
    );
    expect((await askToken({ person: "mallory@outsider.test", mailbox: "support@deskhatch.test" }, own)).status()).toBe(
      403,
    );
    expect(
      (
        await askToken(
          { person: "anna@deskhatch.test", mailbox: "support@deskhatch.test" },
          { "sec-fetch-site": "cross-site" },
        )
      ).status(),
    ).toBe(403);
    expect(
      (
        await askToken(
          { person: "anna@deskhatch.test", mailbox: "support@deskhatch.test" },
          { origin: "https://evil.example" },
        )
      ).status(),
    ).toBe(403);
  });
});

describe("reading and writing mail", () => {
  test("a mail that arrives appears by itself, unread and counted", async () => {
    await outlook.arrive({ subject: "Here before" });
    await openSupport();
    await mailNamed("Here before").waitFor();
    const before = Number(
      await page
        .getByRole("navigation", { name: "Folders" })
        .getByRole("button", { name: "Inbox" })
        .getByLabel(/unread/)
        .textContent(),
    );
    await outlook.arrive({ subject: "Just arrived" });
    await mailNamed("Just arrived").waitFor();
    await page
      .getByRole("button", { name: "Inbox" })
      .getByLabel(`${before + 1} unread`)
      .waitFor();
    await mailNamed("Just arrived").click();
    await page.getByRole("button", { name: "Inbox" }).getByLabel(`${before} unread`).waitFor();
  });

  test("Ben answers from the shared mailbox, and Alice has it in her inbox", async () => {
    await outlook.arrive({ subject: "When do you come?", cc: "adam@harbourlight.test" });
    await openAs("support@deskhatch.test", "ben@deskhatch.test");
    await mailNamed("When do you come?").click();
    await reading().getByRole("button", { name: "Reply", exact: true }).waitFor();
    await page.getByRole("listbox").press("Shift+r");
    await page.getByRole("textbox", { name: "Cc" }).and(page.locator('[value*="adam@harbourlight.test"]')).waitFor();
    await page.getByRole("textbox", { name: "Message" }).fill("Tomorrow at nine.");
    await page
      .getByLabel("Attach files")
      .setInputFiles({ name: "map.txt", mimeType: "text/plain", buffer: Buffer.from("Left, then right.") });
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("form", { name: "Answer" }).waitFor({ state: "detached" });

    await openAs("alice@harbourlight.test");
    await mailNamed("When do you come?").click();
    const body = page.frameLocator("[data-testid=mail-body]");
    await body.getByText("Tomorrow at nine.").waitFor();
    await page.getByRole("button", { name: /^Download map\.txt/ }).waitFor();
    expect(await reading().textContent()).toContain("support@deskhatch.test");
  });

  test("an address that is none is named before anything is sent", async () => {
    await openSupport();
    await page.getByRole("button", { name: "New mail" }).click();
    await page.getByRole("textbox", { name: "To" }).fill("alice@harbourlight.test; bob");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("“bob” is not an address.").waitFor();
  });

  test("Delete moves a mail to Deleted Items and goes on to the next", async () => {
    await outlook.arrive({ subject: "Stays here" });
    await outlook.arrive({ subject: "Goes away" });
    await openSupport();
    await mailNamed("Goes away").click();
    await page.getByRole("listbox").press("Delete");
    await mailNamed("Goes away").waitFor({ state: "detached" });
    await reading().getByRole("heading", { name: "Stays here" }).waitFor();
    await page.getByRole("button", { name: "Deleted Items" }).click();
    await mailNamed("Goes away").waitFor();
  });

  test("a hostile mail runs nothing, fetches nothing and keeps its words", async () => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).hostname));
    await outlook.arrive({
      subject: "Look at this",
      body: '<p>Kept words</p><img src="https://tracker.example/x.gif"><script>parent.document.title="taken"</script><img src=x onerror="parent.document.title=\'taken\'"><meta http-equiv="refresh" content="0;url=https://evil.example"><iframe src="https://evil.example"></iframe><a href="javascript:parent.document.title=\'taken\'">press</a><style>body{background:url(https://tracker.example/y.gif)}</style>',
    });
    await openSupport();
    await mailNamed("Look at this").click();
    const body = page.frameLocator("[data-testid=mail-body]");
    await body.getByText("Kept words").waitFor();
    await body.getByText("press").click();
    await page.getByText(/pictures? from the internet/).waitFor();
    expect(await page.title()).toBe("Look at this – Deskhatch Support – Outlook (sandbox)");
    expect(new Set(asked.filter((host) => host !== ""))).toEqual(new Set(["localhost"]));
  });

  test("searches by subject and by sender", async () => {
    await outlook.arrive({ subject: "Needle in the hay", from: "Mallory Vane <mallory@outsider.test>" });
    await openSupport();
    await page.getByRole("searchbox").fill("needle");
    await page.getByText("Results").waitFor();
    expect(await page.getByRole("option").count()).toBe(1);
    await page.getByRole("searchbox").fill("mallory@outsider");
    await mailNamed("Needle in the hay").waitFor();
    await page.getByRole("searchbox").fill("nobody wrote this");
    await page.getByText("No subject and no sender has “nobody wrote this” in it.").waitFor();
  });

  test("a folder of 1,500 mails scrolls to its end with as many rows as fit", async () => {
    const mails = Array.from({ length: 1500 }, (_, index) => index);
    for (const index of mails) await outlook.arrive({ subject: `Row ${index}`, to: "ada@deskhatch.test", body: "x" });
    await openAs("ada@deskhatch.test");
    await page.getByText("1,500").waitFor();
    await mailNamed("Row 1499").click();
    await page.getByRole("listbox").press("End");
    await reading().getByRole("heading", { name: "Row 0", exact: true }).waitFor();
    expect(await page.getByRole("option").count()).toBeLessThan(40);
  });

  test("says why when the mailbox does not answer, and goes on by itself when it does", async () => {
    await openSupport();
    await page.getByRole("option").first().waitFor();
    await page.route("**/v1.0/**", (route) =>
      route.fulfill({
        status: 503,
        json: { error: { code: "ServiceUnavailable", message: "The mailbox is closed for a moment." } },
      }),
    );
    await page.getByText("The list may be old: The mailbox is closed for a moment. Trying again.").waitFor();
    await page.unroute("**/v1.0/**");
    await page.getByText("The list may be old").waitFor({ state: "detached" });
    wrong = wrong.filter((text) => !text.includes("503"));
  });
});
