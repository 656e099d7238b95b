/**
 * @jest-environment ./test/pane/browser-environment.ts
 * @jest-environment-options {"customExportConditions": ["node", "import"], "url": "https://localhost/addin/pane.html"}
 */
import { screen } from "@testing-library/react";
import { anEntry, aTicket, mailOf, newId } from "./desk.ts";
import { closePane, furnishBrowser, openPane, write } from "./open.tsx";

beforeAll(furnishBrowser);
afterEach(closePane);

/** Until the ticket is on screen. */
const ticketOnScreen = () => screen.findByRole("heading", { level: 1, name: /#1042/ });

describe("an answer that was sent from Outlook itself", () => {
  const entry = anEntry({
    kind: "reply",
    author: { side: "team", name: "Ben Okafor", address: null },
    facts: { sentFrom: "outlook", to: ["alice@harbourlight.test"] },
  });
  const release = `POST /tickets/1042/entries/${entry.id}/releases`;

  test("says that the customer has the mail and not the portal, and is released with one click", async () => {
    const { desk, person } = await openPane({
      desk: { "GET /mails/open": mailOf(1042), "GET /tickets/1042": aTicket({ entries: [entry] }), [release]: entry },
    });
    await ticketOnScreen();
    await screen.findByText(
      "Sent from Outlook to alice@harbourlight.test. The portal does not show it until you release it.",
    );
    await person.click(screen.getByRole("button", { name: "Release to Alice Moreau" }));
    await screen.findByText("Released. The customer sees it now.");
    expect(desk.changes()).toEqual([
      { act: release, body: { attachmentIds: [], withQuoted: false, withInlineImages: false } },
    ]);
  });

  test("does not ask again once somebody took it back from the customer", async () => {
    const retracted = { ...entry, visibility: { to: "internal" as const, retracted: { at: entry.at, by: "Ben" } } };
    await openPane({
      desk: { "GET /mails/open": mailOf(1042), "GET /tickets/1042": aTicket({ entries: [retracted] }) },
    });
    await ticketOnScreen();
    expect(screen.queryByText(/Sent from Outlook/)).toBeNull();
    expect(screen.getByRole("button", { name: "Release to customer" })).toBeTruthy();
  });
});

describe("a reply that did not arrive", () => {
  const bounce = { recipient: "alice@harbourlight.test", at: "2026-11-20T09:00:00.000Z" };
  const show = (bounces: ReturnType<typeof anEntry>["bounces"]) =>
    openPane({
      desk: {
        "GET /mails/open": mailOf(1042),
        "GET /tickets/1042": aTicket({ undelivered: true, entries: [anEntry({ kind: "reply", bounces })] }),
      },
    });

  test("says where, why and what to do", async () => {
    await show([{ ...bounce, status: "5.2.2", permanent: true }]);
    await ticketOnScreen();
    await screen.findByText(
      "Did not arrive at alice@harbourlight.test: the mailbox is full (5.2.2). Send it again later, or reach the customer by phone or another address.",
    );
    expect(screen.getByText("Did not arrive")).toBeTruthy();
  });

  test("is not called failed while its server keeps trying", async () => {
    await show([{ ...bounce, status: "4.4.1", permanent: false }]);
    await ticketOnScreen();
    await screen.findByText(/^Has not arrived at alice@harbourlight.test yet\./);
  });
});

test("a mail that would be too large for the mailbox is told before it is sent, and a note may carry the files", async () => {
  const file = { id: newId(90), name: "film.mov", type: "video/quicktime", size: 40 * 1024 * 1024, inline: false };
  const { person } = await openPane({
    desk: {
      "GET /mails/open": mailOf(1042),
      "GET /tickets/1042": aTicket(),
      "POST /uploads": file,
    },
  });
  await ticketOnScreen();
  await person.click(screen.getByRole("radio", { name: "For the customer" }));
  await write(person, "Reply to Alice Moreau", "See the film.");
  await person.upload(screen.getByLabelText("Attach files", { selector: "input" }), new File(["x"], "film.mov"));
  await screen.findByText(
    "These files make a mail of 54 MB, and the mailbox sends 35 MB at most. Remove a file, or send two replies.",
  );
  const send = screen.getByRole("button", { name: "Send to Alice Moreau and show in portal" });
  expect(send.getAttribute("aria-disabled")).toBe("true");
  await person.click(screen.getByRole("radio", { name: "Internal" }));
  expect(screen.queryByText(/These files make a mail/)).toBeNull();
});
