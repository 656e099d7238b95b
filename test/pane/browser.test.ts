import { mkdirSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { inGerman } from "../../addin/text/de/said.ts";
import type { TicketView as CustomersTicket } from "../../portal/contract.ts";
import { saidOf } from "../../server/desk/say.ts";
import {
  aboutContact,
  aboutOrganization,
  adam,
  alice,
  aMail,
  anEntry,
  asLead,
  aTicket,
  heldMail,
  mailOf,
  me,
  newId,
  summaryOf,
} from "./desk.ts";
import { type PaneWindows, paneWindows } from "./windows.ts";

const screenshots = "test/screenshots/pane";
const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");

let pane: PaneWindows;
const openPane: PaneWindows["open"] = (wish) => pane.open(wish);

beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true });
  pane = await paneWindows();
}, 120_000);

afterAll(() => pane?.close());

const shown = "2026-11-20T08:00:00.000Z";
const ticket = aTicket({
  subject: "The crane controller of dock three shows E-417 and stops every few minutes",
  entries: [
    anEntry({
      html: `<p>Hello,</p><table width="900"><tr><td style="background:#ff0;color:#000">Part</td><td>Price</td></tr></table><p>${"long".repeat(40)}</p>`,
      quotedHtml: "<p>older</p>",
      files: [
        {
          id: newId(201),
          name: "a-very-long-name-of-a-log-from-the-night-shift-2026-11-20.txt",
          type: "text/plain",
          size: 9000,
          inline: false,
          released: false,
        },
      ],
    }),
    anEntry({
      id: newId(101),
      kind: "status_change",
      html: "",
      facts: { from: "new", to: "in_progress" },
      author: { side: "team", name: "Ben Okafor", address: null },
    }),
    anEntry({
      id: newId(102),
      kind: "reply",
      author: { side: "team", name: "Anna Albrecht", address: null },
      html: "<p>Dear Alice, please check the plug.</p>",
      visibility: {
        to: "customer",
        releaseId: newId(301),
        releasedAt: shown,
        releasedBy: "Anna Albrecht",
        publishedAt: shown,
      },
      sending: { state: "sent", sendAfter: shown, sentAt: shown, to: ["alice@harbourlight.test"], error: null },
    }),
  ],
});
const answers = { "/api/mails/open": mailOf(1042), "/api/tickets/1042": ticket };

const customersTicket: CustomersTicket = {
  number: 1042,
  subject: ticket.subject,
  status: { key: "in_progress", label: null, turn: "ours" },
  open: true,
  requesterName: "Alice Moreau",
  createdAt: shown,
  updatedAt: shown,
  closedAt: null,
  entries: [
    {
      id: newId(500),
      kind: "reply",
      side: "team",
      authorName: "Anna Albrecht",
      html: "<p>Dear Alice</p>",
      at: shown,
      files: [],
    },
  ],
  continuedIn: null,
  sent: [],
};

const looks = [320, 450].flatMap((width) => (["light", "dark"] as const).map((theme) => ({ width, theme })));

const linked = { subject: "The crane stops again", requester: "Adam Lindqvist", version: 3, by: "Ben Okafor" };
const since = "2026-11-20T08:00:00.000Z";

test.each(looks)(
  "linked tickets, thanks, merging and splitting at $width px in the $theme theme have no barrier and fit",
  async ({ width, theme }) => {
    const thanks = anEntry({
      ...{ id: newId(104), html: "<p>Thank you so much!</p>", facts: { thanks: true } },
      alsoIn: ["sales@deskhatch.test"],
    });
    const { page, complaints } = await openPane({
      width,
      theme,
      answers: {
        "/api/mails/open": mailOf(1042),
        "/api/tickets/1042": aTicket({
          ...{ status: "closed", turn: "nobody", closedAt: since },
          merged: [{ ...linked, number: 1041, at: since }],
          offspring: [{ ...linked, number: 1060, kind: "split", at: since }],
          entries: [anEntry({ number: 1041, id: newId(103) }), thanks],
        }),
        "/api/tickets": { tickets: [], nextCursor: null },
      },
    });
    await page.getByText("Only thanks").waitFor();
    await page.getByRole("button", { name: "Split off …" }).click();
    await page.getByRole("checkbox").first().check();
    await page.screenshot({ path: `${screenshots}/links-${width}-${theme}.png`, fullPage: true });
    await fitsAndHasNoBarrier(page, width);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Merge into …" }).click();
    await page.getByText("No ticket found.").waitFor();
    await page.getByRole("searchbox").scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${screenshots}/merge-${width}-${theme}.png`, fullPage: true });
    await fitsAndHasNoBarrier(page, width);
    expect(complaints).toEqual([]);
    await page.close();
  },
);

const al = {
  ...{
    id: newId(15),
    name: "Al Moreau-Lindqvist",
    addresses: ["al.moreau.lindqvist@freemail.test"],
    invited: false,
    former: false,
  },
  organization: { id: newId(16), name: "Al Moreau-Lindqvist", personal: true },
};

test.each(looks)(
  "who a contact is, at $width px in the $theme theme, has no barrier and fits",
  async ({ width, theme }) => {
    const harbour = alice.organization.id;
    const two = { ...alice, addresses: [...alice.addresses, "alice.moreau@a-long-name-of-a-harbour.test"] };
    const { page, complaints } = await openPane({
      width,
      theme,
      answers: {
        "/api/me": asLead,
        "/api/mails/open": aMail({
          heldBecause: saidOf("harbour1ight.test looks like harbourlight.test, which we know, but is another domain."),
          alsoAddressed: [
            { address: { name: "Adam", address: "adam@harbourlight.test" }, contact: adam },
            { address: { name: "Nia", address: "nia.of.the.night.shift@harbourlight.test" }, contact: null },
          ],
        }),
        [`/api/contacts/${alice.id}`]: aboutContact({
          contact: two,
          formerAddresses: ["alice@old-harbour.test"],
          merged: [{ id: newId(17), name: "A. Moreau", at: since, by: "Ben Okafor" }],
        }),
        [`/api/organizations/${harbour}`]: aboutOrganization({
          domains: [{ domain: "harbourlight.test", includeSubdomains: true }],
        }),
        "/api/contacts": { contacts: [alice, al] },
        [`/api/contacts/${alice.id}/merger`]: {
          contact: two,
          into: al,
          tickets: 12,
          participations: 3,
          inPortal: true,
        },
      },
    });
    await page.getByText("About Alice Moreau").click();
    await page.getByText("harbourlight.test and what lies below it").waitFor();
    await page.screenshot({ path: `${screenshots}/about-${width}-${theme}.png`, fullPage: true });
    await fitsAndHasNoBarrier(page, width);

    await page.getByRole("button", { name: "Same person as …" }).click();
    await page.getByRole("searchbox").fill("Al");
    await page.getByRole("button", { name: `Choose: ${al.name}` }).click();
    await page.getByText("You can undo this.").waitFor();
    await page.screenshot({ path: `${screenshots}/merge-contact-${width}-${theme}.png`, fullPage: true });
    await fitsAndHasNoBarrier(page, width);
    expect(complaints).toEqual([]);
    await page.close();
  },
);

test.each(looks)("trouble at $width px in the $theme theme has no barrier and fits", async ({ width, theme }) => {
  const trouble = "Microsoft 365 does not accept our sign-in. Ask an administrator to grant access again.";
  const smtpTrouble =
    "The SMTP server's certificate is not to be trusted (self-signed certificate in certificate chain). Name the file of its authority in NOTIFICATIONS_SMTP_CA, or renew the certificate; the mails wait.";
  const { page, complaints } = await openPane({
    width,
    theme,
    language: width === 320 ? "de-DE" : "en-US",
    answers: {
      "/api/me": {
        ...asLead,
        smtpTrouble,
        mailboxes: me.mailboxes.flatMap((mailbox) =>
          ["support@deskhatch.test", "a-long-name-of-a-mailbox-for-the-night-shift@deskhatch.test"].map(
            (address, index) => ({ ...mailbox, id: newId(20 + index), address, trouble: saidOf(trouble) }),
          ),
        ),
        crms: [{ id: "dataverse", lastSyncedAt: null, trouble: "Dataverse has no such table. Check DATAVERSE_URL." }],
      },
      ...answers,
      "/api/tickets/1042": { ...ticket, contact: { ...adam, former: true } },
    },
  });
  await page.getByText(width === 320 ? inGerman(saidOf(trouble)) : trouble).waitFor();
  await page.getByText(smtpTrouble).waitFor();
  await page.getByText("E-417").first().waitFor();
  await page.screenshot({ path: `${screenshots}/troubles-${width}-${theme}.png`, fullPage: true });
  await fitsAndHasNoBarrier(page, width);
  expect(complaints).toEqual([]);
  await page.close();
});

test.each(looks)("a ticket at $width px in the $theme theme has no barrier and fits", async ({ width, theme }) => {
  const { page, complaints } = await openPane({ width, theme, answers });
  await page.getByRole("heading", { level: 1, name: /#1042/ }).waitFor();
  await page.getByText("For the customer").click();
  await page.getByRole("textbox", { name: "Reply to Alice Moreau" }).fill("Dear Alice");
  await page.screenshot({ path: `${screenshots}/ticket-${width}-${theme}.png`, fullPage: true });
  await fitsAndHasNoBarrier(page, width);
  expect(complaints).toEqual([]);
});

test.each(looks)("a new mail at $width px in the $theme theme has no barrier and fits", async ({ width, theme }) => {
  const { page, complaints } = await openPane({
    width,
    theme,
    answers: {
      "/api/mails/open": aMail({
        sender: {
          address: { name: "Alice Moreau", address: "alice.moreau@outsider.test" },
          contact: null,
          organization: null,
          because: [],
          suggestions: [],
          authenticated: "pass",
        },
        heldBecause: saidOf("Nobody vouches for it."),
        warnings: ["The name is that of Alice Moreau (Harbour Light), but the address is not one of hers."],
      }),
    },
  });
  await page.getByRole("button", { name: /^Details/ }).click();
  await page.getByRole("textbox", { name: "Subject" }).waitFor();
  await page.screenshot({ path: `${screenshots}/new-mail-${width}-${theme}.png`, fullPage: true });
  await fitsAndHasNoBarrier(page, width);
  expect(complaints).toEqual([]);
});

const longBecause =
  "An unknown sender in a known thread: mallory-with-a-very-long-name@subsidiary.outsider-and-partners.test is not on #1042.";
const trays = {
  many: {
    mails: [
      heldMail({
        subject: "Re: The crane controller of dock three shows E-417 and stops every few minutes, and nobody is here",
        because: saidOf(longBecause),
        ticket: { ticket: summaryOf(ticket), because: "it answers a mail that we sent on #1042" },
      }),
      heldMail({
        heldId: newId(901),
        messageId: newId(801),
        authenticated: "fail",
        because: saidOf("The sender is not verified: it was not sent by harbourlight.test."),
        sender: { name: "Alice Moreau", address: "alice@harbourlight.test" },
        contact: { contact: alice, because: "it claims to be from alice@harbourlight.test" },
      }),
      heldMail({
        heldId: newId(902),
        messageId: newId(802),
        subject: "(a mail that could not be processed)",
        sender: { name: "", address: "" },
        because: saidOf("It could not be processed. The mail as it came is attached to it."),
        error: "Reading took longer than ten seconds.",
      }),
    ],
    loops: [
      {
        loopId: newId(950),
        address: "monitor@outsider.test",
        ticket: 1042,
        because: saidOf("More than 100 mails in ten minutes came from monitor@outsider.test: a suspected loop."),
        foundAt: shown,
        mails: 1000,
      },
    ],
    nextCursor: "next",
  },
  empty: { mails: [], loops: [], nextCursor: null },
  error: undefined,
};
const traysLooked = looks.flatMap((look) => (["many", "empty", "error"] as const).map((state) => ({ ...look, state })));

test.each(traysLooked)("the tray ($state) at $width px in the $theme theme has no barrier and fits", async (look) => {
  const { width, theme, state } = look;
  const held = trays[state];
  const { page } = await openPane({
    width,
    theme,
    answers: {
      "/api/held-mails/count": { waiting: 3, loops: 1 },
      ...(held && { "/api/held-mails": held }),
      ...answers,
    },
  });
  await page.getByRole("button", { name: /^Held mails/ }).click();
  const words = { many: "Show more", empty: "Nothing is held", error: "Try again" }[state];
  await page.getByRole("dialog").getByText(words).first().waitFor();
  await page.screenshot({ path: `${screenshots}/tray-${state}-${width}-${theme}.png` });
  await fitsAndHasNoBarrier(page, width);
});

test("the keyboard alone opens the tray, accepts, and comes back", async () => {
  const { page } = await openPane({
    answers: { "/api/held-mails/count": { waiting: 3, loops: 1 }, "/api/held-mails": trays.many, ...answers },
  });
  const button = page.getByRole("button", { name: /^Held mails/ });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Accept on #1042" }).waitFor();
  const reached: string[] = [];
  for (let step = 0; step < 8 && reached.at(-1) !== "Accept on #1042"; step += 1) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate("document.activeElement.textContent"));
  }
  expect(reached.at(-1)).toBe("Accept on #1042");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await page.evaluate("document.activeElement.textContent")).toContain("Held mails");
});

test("in high contrast and in German the words still say who sees what", async () => {
  const { page } = await openPane({ language: "de-DE", forcedColors: "active", answers });
  await page.getByText("Kunde sieht dies", { exact: true }).waitFor();
  await page.getByText("Intern", { exact: true }).first().waitFor();
  await page.screenshot({ path: `${screenshots}/ticket-high-contrast-de.png`, fullPage: true });
});

test("hostile words do nothing: no script runs, nothing is fetched, nothing leaves its frame", async () => {
  const html = [
    `<script>top.pwned=1</script><img src=x onerror="top.pwned=1"><svg onload="top.pwned=1"></svg>`,
    `<img src="https://canary.test/pixel.png"><style>@import url(https://canary.test/a.css);body{background:url(https://canary.test/b.png)}</style>`,
    `<div style="position:fixed;inset:0;z-index:9999;background:red">over everything</div><base href="https://canary.test/">`,
    `<iframe srcdoc="<script>top.pwned=1</script>"></iframe><form action="https://canary.test/"><button>send</button></form>`,
  ].join("");
  const hostile = aTicket({
    subject: `<img src=x onerror="top.pwned=1">`,
    entries: [anEntry({ html, quotedHtml: html })],
  });
  const { page, strangers } = await openPane({ answers: { ...answers, "/api/tickets/1042": hostile } });
  await page.getByRole("button", { name: "Show history" }).click();
  await page.frameLocator("iframe").first().getByText("over everything").waitFor();
  expect(await page.evaluate("window.pwned")).toBeUndefined();
  expect(strangers).toEqual([]);
  // What lies over its own frame does not lie over the pane.
  const onTop = await page.evaluate("document.elementFromPoint(20, 20).closest('iframe')");
  expect(onTop).toBeNull();
});

test.each([320, 450])("at %d px nothing moves when the composer comes after the ticket", async (width) => {
  const { page, release } = await openPane({ width, answers, late: "composer" });
  const timeline = page.getByRole("heading", { name: "Timeline" });
  await timeline.waitFor();
  const before = await timeline.boundingBox();
  release();
  await page.getByRole("textbox", { name: "Internal note" }).waitFor();
  expect(await timeline.boundingBox()).toEqual(before);
});

test("a part that cannot be fetched is missing alone, says so, and comes when the pane is loaded again", async () => {
  const { page } = await openPane({ answers, missing: "composer" });
  await page.getByText(/^This part of the pane could not be loaded/).waitFor();
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  await page.screenshot({ path: `${screenshots}/part-missing-320.png` });
  await fitsAndHasNoBarrier(page, 320);
  await page.unroute("**/assets/composer-*.js");
  await page.getByRole("button", { name: "Load again" }).click();
  await page.getByRole("textbox", { name: "Internal note" }).waitFor();
});

test("the keyboard alone gets from the mail to a note", async () => {
  const { page } = await openPane({ answers });
  await page.getByRole("textbox", { name: "Internal note" }).waitFor();
  const reached: string[] = [];
  for (let step = 0; step < 14; step += 1) {
    await page.keyboard.press("Tab");
    reached.push(
      await page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"),
    );
    if (reached.at(-1) === "Internal note") break;
  }
  expect(reached.at(-1)).toBe("Internal note");
  await page.keyboard.type("By keyboard");
  await page.getByRole("button", { name: "Add internal note" }).waitFor();
});

test.each([
  { width: 320, height: 600 },
  { width: 450, height: 700 },
])("at $width×$height a reply can be taken back wherever the ticket is scrolled", async ({ width, height }) => {
  const soon = new Date(Date.now() + 60_000).toISOString();
  const visibility = {
    to: "customer",
    releaseId: newId(302),
    releasedAt: shown,
    releasedBy: "Anna Albrecht",
    publishedAt: null,
  } as const;
  const sending = { state: "waiting" as const, sendAfter: soon, sentAt: null, to: [], error: null };
  const going = anEntry({ id: newId(103), kind: "reply", html: "<p>Soon</p>", visibility, sending });
  const older = Array.from({ length: 6 }, (_, each) => anEntry({ id: newId(400 + each) }));
  const long = aTicket({ entries: [...older, ...ticket.entries, going] });
  const { page } = await openPane({ width, height, answers: { ...answers, "/api/tickets/1042": long } });
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.waitFor();
  for (const part of [0, 0.5, 1]) {
    await page.evaluate(`window.scrollTo(0, document.documentElement.scrollHeight * ${part})`);
    // A trial fails when something else lies over the button; it would scroll, so the place is looked at first.
    const { y, height: tall } = (await undo.boundingBox()) ?? { y: -1, height: 0 };
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y + tall).toBeLessThanOrEqual(height);
    await undo.click({ trial: true });
    await page.screenshot({ path: `${screenshots}/grace-${width}-${part * 100}.png` });
  }
});

test("Escape closes the customer's page, also from inside of it and though Office.js takes the key", async () => {
  const { page } = await openPane({
    answers: { ...answers, "/api/tickets/1042/preview": customersTicket },
  });
  await page.evaluate(
    "document.addEventListener('keydown', (event) => event.key === 'Escape' && event.preventDefault(), true)",
  );
  await page.getByText("For the customer").click();
  await page.getByRole("textbox", { name: "Reply to Alice Moreau" }).click();
  await page.keyboard.type("Dear Alice");
  const preview = page.getByRole("button", { name: "Preview" });
  const over = page.getByRole("dialog");
  for (const inside of [false, true]) {
    await preview.click({ timeout: 4000 });
    const words = page.frameLocator("dialog iframe").getByRole("heading").first();
    await words.waitFor();
    if (inside) await words.click();
    await page.keyboard.press("Escape");
    await over.waitFor({ state: "detached", timeout: 3000 });
  }
});

async function fitsAndHasNoBarrier(page: Page, width: number) {
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  const violations = await page.evaluate(
    `(async () => { ${axe}; const { violations } = await window.axe.run(document, { iframes: false });
       return violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html, failureSummary }) => html + failureSummary).join(" ")); })()`,
  );
  expect(violations).toEqual([]);
}
