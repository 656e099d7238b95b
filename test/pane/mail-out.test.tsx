/**
 * @jest-environment ./test/pane/browser-environment.ts
 * @jest-environment-options {"customExportConditions": ["node", "import"], "url": "https://localhost/addin/pane.html"}
 */
import { screen, waitFor } from "@testing-library/react";
import { adam, alice, anEntry, aTicket, mailOf, newId, refusal } from "./desk.ts";
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

describe("a new mail from a ticket", () => {
  const bob = {
    id: newId(13),
    name: "Bob Tanaka",
    addresses: ["bob@birkenfeld-werke.test"],
    organization: { id: newId(14), name: "Birkenfeld", personal: false },
    invited: false,
    former: false,
  };
  const post = "POST /tickets/1042/new-mails";
  const open = () =>
    openPane({
      desk: {
        "GET /mails/open": mailOf(1042),
        "GET /tickets/1042": aTicket(),
        "GET /contacts": { contacts: [bob] },
        [post]: anEntry({ kind: "reply" }),
      },
    });

  test("goes to the people of the ticket who were chosen, with a subject of its own", async () => {
    const { desk, person } = await open();
    await ticketOnScreen();
    await person.click(screen.getByRole("radio", { name: "For the customer" }));
    await person.click(screen.getByRole("checkbox", { name: "A new mail with its own subject" }));
    await person.click(screen.getByRole("checkbox", { name: /Adam Lindqvist/ }));
    const subject = screen.getByRole("textbox", { name: "Subject" });
    await person.clear(subject);
    await person.type(subject, "Your crane");
    await write(person, "New mail", "We come on Monday.");
    await person.click(screen.getByRole("button", { name: "Send to Alice Moreau, Adam Lindqvist and show in portal" }));
    await waitFor(() => expect(desk.changes()).toHaveLength(1));
    expect(desk.changes()).toMatchObject([
      {
        act: post,
        body: {
          audience: "customer",
          subject: "Your crane",
          toContactIds: [alice.id, adam.id],
          thenStatus: "waiting_on_customer",
          seenReplyId: null,
        },
      },
    ]);
  });

  test("that is internal goes to whom the agent looks for, and says that the portal does not show it", async () => {
    const { desk, person } = await open();
    await ticketOnScreen();
    await write(person, "Internal note", "Is a motor in stock?");
    await person.click(screen.getByRole("checkbox", { name: "Mail it to somebody, without the customer" }));
    expect(screen.getByRole("button", { name: "Send to …, not to the portal" }).getAttribute("aria-disabled")).toBe(
      "true",
    );
    await person.click(screen.getByRole("button", { name: "Somebody else …" }));
    await person.type(await screen.findByRole("searchbox"), "Bob");
    await person.click(await screen.findByRole("button", { name: /Choose: Bob Tanaka/ }, { timeout: 5000 }));
    await screen.findByText("Your team and Bob Tanaka read this. The customer's portal does not show it.");
    await person.click(screen.getByRole("button", { name: "Send to Bob Tanaka, not to the portal" }));
    await waitFor(() => expect(desk.changes()).toHaveLength(1));
    expect(desk.changes()[0]).toMatchObject({ act: post, body: { audience: "internal", toContactIds: [bob.id] } });
  });
});

test("a colleague's reply that crossed ours comes on screen, our words stay, and sending again follows it", async () => {
  const sentence =
    "Ben Okafor replied 2 s ago. Read that reply; your words are kept. Send them again if they still fit.";
  const bens = anEntry({ id: newId(400), kind: "reply", html: "<p>Ben was faster</p>" });
  const reply = "POST /tickets/1042/replies";
  const { desk, person } = await openPane({
    desk: {
      "GET /mails/open": mailOf(1042),
      "GET /tickets/1042": aTicket(),
      [reply]: () => refusal(409, "reply_crossed", sentence),
    },
  });
  await ticketOnScreen();
  await person.click(screen.getByRole("radio", { name: "For the customer" }));
  await write(person, "Reply to Alice Moreau", "Hello Alice");
  desk.now("GET /tickets/1042", aTicket({ entries: [anEntry(), bens] }));
  const send = screen.getByRole("button", { name: "Send to Alice Moreau and show in portal" });
  await person.click(send);
  await screen.findByText(sentence);
  expect(screen.getByRole("textbox", { name: "Reply to Alice Moreau" }).textContent).toBe("Hello Alice");
  await waitFor(() => expect(screen.getAllByText("Reply", { exact: false }).length).toBeGreaterThan(0));

  desk.now(reply, anEntry({ id: newId(401), kind: "reply" }));
  await person.click(screen.getByRole("button", { name: "Send to Alice Moreau and show in portal" }));
  await waitFor(() => expect(desk.changes()).toHaveLength(2));
  expect(desk.changes().map(({ body }) => (body as { seenReplyId: string | null }).seenReplyId)).toEqual([
    null,
    bens.id,
  ]);
});

describe("the people of a ticket", () => {
  const path = `/tickets/1042/participants/${adam.id}`;
  const forCustomer = async (ticket: Parameters<typeof aTicket>[0], answers: object) => {
    const opened = await openPane({
      desk: {
        "GET /mails/open": mailOf(1042),
        "GET /tickets/1042": aTicket(ticket),
        "GET /contacts": { contacts: [adam] },
        ...answers,
      },
    });
    await ticketOnScreen();
    await opened.person.click(await screen.findByRole("radio", { name: "For the customer" }));
    await opened.person.click(await screen.findByRole("button", { name: "People of the ticket …" }));
    return opened;
  };

  test("somebody is taken onto it while writing, and gets a copy", async () => {
    const { desk, person } = await forCustomer(
      { participants: [] },
      { [`PUT ${path}`]: aTicket({ participants: [adam] }) },
    );
    await person.type(await screen.findByRole("searchbox"), "adam");
    await person.click(await screen.findByRole("button", { name: `Choose: ${adam.name}` }));
    await screen.findByRole("button", { name: `No copy to ${adam.name}` });
    expect(desk.changes().map(({ act }) => act)).toEqual([`PUT ${path}`]);
  });

  test("somebody is taken off it again", async () => {
    const { desk, person } = await forCustomer(
      { participants: [adam] },
      { [`DELETE ${path}`]: aTicket({ participants: [] }) },
    );
    await person.click(await screen.findByRole("button", { name: `Take ${adam.name} off the ticket` }));
    await waitFor(() => expect(screen.queryByRole("button", { name: `Copy to ${adam.name}` })).toBeNull());
    expect(desk.changes().map(({ act }) => act)).toEqual([`DELETE ${path}`]);
  });
});
