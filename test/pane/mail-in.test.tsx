/**
 * @jest-environment ./test/pane/browser-environment.ts
 * @jest-environment-options {"customExportConditions": ["node", "import"], "url": "https://localhost/addin/pane.html"}
 */
import { screen, within } from "@testing-library/react";
import { anEntry, aTicket, mailOf } from "./desk.ts";
import { closePane, furnishBrowser, openPane } from "./open.tsx";

beforeAll(furnishBrowser);
afterEach(closePane);

const show = (entry: Partial<ReturnType<typeof anEntry>>) =>
  openPane({
    desk: { "GET /mails/open": mailOf(1042), "GET /tickets/1042": aTicket({ entries: [anEntry(entry)] }) },
  });

const repair = {
  summary: "Repair of pump 7",
  location: "Gate four",
  start: "2026-05-04",
  end: "2026-05-05",
  organizer: "Alice Moreau",
  answers: [{ name: "Support", answer: "DECLINED" }],
};

test.each([
  ["REQUEST", "Invitation: Repair of pump 7"],
  ["CANCEL", "Called off: Repair of pump 7"],
  ["REPLY", "Answer to an invitation: Repair of pump 7"],
])("an appointment (%s) says what, when, where, by whom and who comes", async (method, what) => {
  await show({ appointment: { method, ...repair } });
  const appointment = within(await screen.findByRole("region", { name: "Appointment" }));
  expect(appointment.getByText(what)).toBeTruthy();
  expect(appointment.getByText("Monday, May 4, 2026")).toBeTruthy();
  expect(appointment.getByText("Gate four")).toBeTruthy();
  expect(appointment.getByText("Organized by Alice Moreau")).toBeTruthy();
  expect(appointment.getByText("Support: declined")).toBeTruthy();
});

test("an encrypted mail says where to open it", async () => {
  await show({ protection: "smime_encrypted" });
  expect(await screen.findByText("Encrypted (S/MIME): open it in Outlook.")).toBeTruthy();
});
