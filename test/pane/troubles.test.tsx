/**
 * What is said when a mailbox or a CRM is in trouble.
 * @jest-environment ./test/pane/browser-environment.ts
 * @jest-environment-options {"customExportConditions": ["node", "import"], "url": "https://localhost/addin/pane.html"}
 */
import { jest } from "@jest/globals";
import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import type { Me } from "../../server/desk/contract/people.ts";
import { saidOf } from "../../server/desk/say.ts";
import { asLead, aTicket, mailOf, me, refusal } from "./desk.ts";
import { closePane, furnishBrowser, openPane } from "./open.tsx";

beforeAll(furnishBrowser);
afterEach(() => {
  jest.useRealTimers();
  closePane();
});

const denied = "Microsoft 365 denies access to the mailbox. Ask an administrator to grant access again.";
const [support] = me.mailboxes;
if (!support) throw new Error("The desk of these tests has a mailbox.");
const sales = { ...support, id: crypto.randomUUID(), address: "sales@deskhatch.test" };
const inTrouble = (who: Me, ...troubles: (string | null)[]): Me => ({
  ...who,
  mailboxes: [support, sales].map((mailbox, index) => ({
    ...mailbox,
    trouble: troubles[index] ? saidOf(troubles[index]) : null,
  })),
});
const crm = {
  id: "dataverse",
  lastSyncedAt: null,
  trouble: "Dataverse does not accept our sign-in. Renew the secret.",
};

const warnings = async () => within(await screen.findByRole("region", { name: "Something is wrong" }));

test("an agent reads above every screen which mailbox is in trouble and what to do", async () => {
  const { outlook } = await openPane({
    mail: null,
    desk: {
      "GET /me": inTrouble(me, null, denied),
      "GET /mails/open": mailOf(1042),
      "GET /tickets/1042": aTicket(),
    },
  });
  (await warnings()).getByText("Trouble with the mailbox sales@deskhatch.test");
  (await warnings()).getByText(denied, { exact: false });
  act(() => outlook.select("mail A"));
  await screen.findByRole("heading", { level: 1, name: /#1042/ });
  (await warnings()).getByText(denied, { exact: false });
});

test("a cause that concerns all mailboxes is said once, in the language of Outlook", async () => {
  await openPane({ mail: null, locale: "de-DE", desk: { "GET /me": inTrouble(me, denied, denied) } });
  const region = within(await screen.findByRole("region", { name: "Etwas stimmt nicht" }));
  region.getByText("Störung in den Postfächern support@deskhatch.test, sales@deskhatch.test");
  expect(region.getAllByText(/verweigert den Zugriff auf das Postfach. Bitten Sie die Administration/)).toHaveLength(1);
});

test("the CRM's trouble is told to leads and administrators, not to agents", async () => {
  await openPane({ mail: null, desk: { "GET /me": { ...asLead, crms: [crm] } } });
  (await warnings()).getByText("Trouble with the CRM dataverse");
  closePane();

  await openPane({ mail: null, desk: { "GET /me": { ...inTrouble(me, denied), crms: [crm] } } });
  (await warnings()).getByText("Trouble with the mailbox support@deskhatch.test");
  expect(screen.queryByText(/CRM/)).toBeNull();
});

test("that sign-in codes do not go out is told to leads and administrators, with what to do", async () => {
  const smtpTrouble = "The SMTP server does not accept our name and password. Correct NOTIFICATIONS_SMTP_URL.";
  await openPane({ mail: null, desk: { "GET /me": { ...asLead, smtpTrouble } } });
  (await warnings()).getByText("Sign-in codes and invitations do not go out");
  (await warnings()).getByText(smtpTrouble, { exact: false });
  closePane();

  await openPane({ mail: null, desk: { "GET /me": { ...inTrouble(me, denied), smtpTrouble } } });
  (await warnings()).getByText("Trouble with the mailbox support@deskhatch.test");
  expect(screen.queryByText(/Sign-in codes/)).toBeNull();
});

test("CRASH-04: a disk that fills up is told to leads with what to do, in their language, and to agents when it is nearly full", async () => {
  const fullDisks = [{ store: "desk" as const, usedPercent: 83 }];
  await openPane({ mail: null, locale: "de-DE", desk: { "GET /me": { ...asLead, fullDisks } } });
  const region = within(await screen.findByRole("region", { name: "Etwas stimmt nicht" }));
  region.getByText("Eine Festplatte des Servers ist zu 83 % voll");
  region.getByText(/Platz zu schaffen, wo DESK_FILES liegt/);
  closePane();

  const two = [...fullDisks, { store: "portal" as const, usedPercent: 91 }];
  await openPane({ mail: null, desk: { "GET /me": { ...me, fullDisks: two } } });
  (await warnings()).getByText("A disk of the server is 91 % full");
  (await warnings()).getByText(/where PORTAL_FILES lies/);
  expect(screen.queryByText(/83 %/)).toBeNull();
});

test("trouble appears and goes without a reload, and a desk that is away for a moment takes nothing off the screen", async () => {
  jest.useFakeTimers({ advanceTimers: true });
  const { desk } = await openPane({ mail: null, desk: {} });
  await screen.findByText("No mail is selected");
  desk.now("GET /me", inTrouble(me, denied));
  await act(() => jest.advanceTimersByTimeAsync(3 * 60_000));
  (await warnings()).getByText(denied, { exact: false });

  desk.now("GET /me", () => refusal(503, "unavailable", "The desk is starting."));
  await act(() => jest.advanceTimersByTimeAsync(3 * 60_000));
  screen.getByText("No mail is selected");

  desk.now("GET /me", me);
  await act(() => jest.advanceTimersByTimeAsync(3 * 60_000));
  await waitFor(() => expect(screen.queryByRole("region", { name: "Something is wrong" })).toBeNull());
});

test("what was put away stays away, also when Outlook draws the pane anew; another trouble is said", async () => {
  const { person } = await openPane({ mail: null, desk: { "GET /me": inTrouble(me, denied) } });
  await person.click((await warnings()).getByRole("button", { name: /^Put away: / }));
  await waitFor(() => expect(screen.queryByText(denied, { exact: false })).toBeNull());
  const kept = Object.entries(sessionStorage);
  closePane();

  for (const [name, value] of kept) sessionStorage.setItem(name, value);
  await openPane({ mail: null, desk: { "GET /me": inTrouble(me, denied, "Its disk is full.") } });
  (await warnings()).getByText("Its disk is full.", { exact: false });
  expect(screen.queryByText(denied, { exact: false })).toBeNull();
});

test("the warnings have no barrier that axe can find", async () => {
  await openPane({
    mail: null,
    desk: { "GET /me": { ...inTrouble(asLead, denied, "Its disk is full."), crms: [crm] } },
  });
  await warnings();
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
});
