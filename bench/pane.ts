/** From selecting a mail in Outlook to its ticket painted in the pane, which is open and follows the selection. */
import type { FrameLocator, Page } from "playwright-core";
import { openBrowser } from "../test/browser.ts";
import type { Product } from "../test/product.ts";
import { printPercentiles } from "./measure.ts";

/** Mails of the sample world that are tickets already. */
const subjects = ["Appointment reminders", "Access for our new colleague", "VPN from home"];
const rounds = 4;

export async function measurePane(product: Product) {
  const browser = await openBrowser();
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1440, height: 1200 } });
    const page = await context.newPage();
    await page.goto(product.outlookUrl);
    const pane = page.frameLocator("iframe[src*='/addin/pane.html']");
    await select(page, "Warnlampe an Anlage 7");
    await page.getByRole("button", { name: "Ticket" }).click();
    await painted(pane, "Warnlampe an Anlage 7");

    const first: number[] = [];
    for (const subject of subjects) first.push(await follow(page, pane, subject));
    const again: number[] = [];
    for (let round = 0; round < rounds; round++)
      for (const subject of subjects) again.push(await follow(page, pane, subject));
    printPercentiles("pane_first_ticket_ms", first);
    printPercentiles("pane_known_ticket_ms", again);
  } finally {
    await browser.close();
  }
}

const select = (page: Page, subject: string) => page.getByRole("option").filter({ hasText: subject }).first().click();
const painted = (pane: FrameLocator, subject: string) => pane.getByRole("heading", { name: subject }).waitFor();

async function follow(page: Page, pane: FrameLocator, subject: string) {
  const began = performance.now();
  await select(page, subject);
  await painted(pane, subject);
  return performance.now() - began;
}
