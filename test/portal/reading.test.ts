import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { aCustomer, aPortal, aRelease, aSignedIn, aTicketOf, type PortalWorld } from "./world.ts";

let portal: PortalWorld;
beforeAll(async () => {
  portal = await aPortal();
}, 60_000);
afterAll(() => portal.end());

test("a customer signs in with the code from her mail, finds her ticket and reads what was released", async () => {
  const alice = await aCustomer(portal);
  const ticket = await aTicketOf(portal, alice, { subject: "Printer on fire" });
  await aRelease(portal, ticket, { text: "We shipped the fix." });

  const browser = await aSignedIn(portal, alice);
  const list = await browser.get("/");
  expect(list.text).toContain("Printer on fire");

  const page = await browser.get(`/tickets/${ticket.number}`);
  expect(page.status).toBe(200);
  expect(page.text).toContain("We shipped the fix.");
});
