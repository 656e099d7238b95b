/**
 * @jest-environment ./test/pane/browser-environment.ts
 * @jest-environment-options {"customExportConditions": ["node", "import"], "url": "https://localhost/addin/pane.html"}
 */
import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import fc from "fast-check";
import { saidOf } from "../../server/desk/say.ts";
import { adam, agents, alice, aMail, anEntry, aTicket, mailOf, newId, refusal } from "./desk.ts";
import { closePane, furnishBrowser, openPane, write } from "./open.tsx";
import { secretToken } from "./outlook.ts";

beforeAll(furnishBrowser);
afterEach(closePane);

const ticketOnScreen = (number = 1042) => screen.findByRole("heading", { level: 1, name: new RegExp(`#${number}`) });

describe("a mail that is no ticket yet", () => {
  test("becomes one with a click, just as it was proposed", async () => {
    const { desk, person } = await openPane({
      desk: {
        "GET /mails/open": aMail(),
        "POST /tickets": { outcome: "opened", ticket: aTicket(), sentence: null },
        "GET /tickets/1042": aTicket(),
      },
    });
    const create = await screen.findByRole("button", { name: "Create ticket for Alice Moreau" });
    desk.now("GET /mails/open", mailOf(1042));
    await person.click(create);

    await ticketOnScreen();
    await screen.findByText("Ticket #1042 was created.");
    const opened = desk.asked.find(({ method }) => method === "POST");
    expect(opened?.body).toEqual({
      messageId: newId(70),
      requester: { contactId: alice.id },
      subject: "Invoice without order number",
      team: "Service",
      priority: "normal",
      attachmentIds: [newId(71)],
    });
    expect(opened?.headers.get("idempotency-key")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("says that a colleague was first, and shows the colleague's ticket", async () => {
    const sentence = "Ben Okafor made #1042 of this 12 s ago";
    const { desk, person } = await openPane({
      desk: {
        "GET /mails/open": aMail(),
        "POST /tickets": { outcome: "already", ticket: aTicket(), sentence },
        "GET /tickets/1042": aTicket(),
      },
    });
    const create = await screen.findByRole("button", { name: "Create ticket for Alice Moreau" });
    desk.now("GET /mails/open", mailOf(1042));
    await person.click(create);
    await ticketOnScreen();
    await screen.findByText(sentence);
  });

  test("of a mail that borrows Alice's address says so on the button", async () => {
    const address = { name: "Alice Moreau", address: "alice@harbourlight.test" };
    const sender = {
      ...{ address, contact: alice, organization: alice.organization, because: [], suggestions: [] },
      authenticated: "fail" as const,
    };
    await openPane({ desk: { "GET /mails/open": aMail({ sender }) } });
    await screen.findByRole("button", {
      name: "Create ticket for Alice Moreau (alice@harbourlight.test, not verified)",
    });
    expect(screen.queryByRole("button", { name: "Create ticket for Alice Moreau" })).toBeNull();
  });

  test("offers what a stranger could forge and takes none of it by itself", async () => {
    const stranger = aMail({
      sender: {
        address: { name: "Carla Ruiz", address: "carla@freemail.test" },
        contact: null,
        organization: null,
        because: [],
        suggestions: [{ contact: adam, because: "A similar name; names can be forged." }],
        authenticated: "none",
      },
      forwardedFrom: {
        address: { name: "Alice Moreau", address: "alice@harbourlight.test" },
        contact: alice,
        because: "A forwarded block says so.",
      },
      heldBecause: saidOf("Nobody vouches for the sender."),
    });
    const { person } = await openPane({ desk: { "GET /mails/open": stranger } });
    await screen.findByRole("button", { name: "Create ticket for Carla Ruiz (carla@freemail.test, not verified)" });
    screen.getByText(/Nobody vouches for the sender\./);

    await person.click(screen.getByRole("button", { name: "Make Alice Moreau the requester" }));
    screen.getByRole("button", { name: "Create ticket for Alice Moreau" });
    screen.getByRole("button", { name: "carla@freemail.test also belongs to Alice Moreau" });
  });

  test("says of a stranger only which domain is real, and warns before the ticket is made", async () => {
    const warning = "The name is that of Alice Moreau (Harbour Light), but the address is not one of hers.";
    const stranger = aMail({
      sender: {
        address: { name: "Alice Moreau", address: "alice@outsider.test" },
        contact: null,
        organization: null,
        because: [],
        suggestions: [],
        authenticated: "pass",
      },
      warnings: [warning],
    });
    await openPane({ desk: { "GET /mails/open": stranger } });
    const create = await screen.findByRole("button", { name: "Create ticket for Alice Moreau" });
    screen.getByText("Mail really from outsider.test");
    expect(screen.queryByText("Sender verified")).toBeNull();
    screen.getByText("alice@outsider.test");
    expect(screen.getByText(new RegExp(warning.slice(0, 30))).compareDocumentPosition(create)).toBe(
      Node.DOCUMENT_POSITION_FOLLOWING,
    );
  });

  test("forwarded by a colleague is its author's matter, and no address of ours becomes a customer's", async () => {
    const forwarded = aMail({
      sender: {
        address: { name: "Ben Okafor", address: "ben@deskhatch.test" },
        contact: null,
        organization: null,
        because: [],
        suggestions: [{ contact: alice, because: "The mail forwards one from her." }],
        authenticated: "pass",
      },
      forwardedFrom: {
        address: { name: "Alice Moreau", address: "alice@harbourlight.test" },
        contact: alice,
        because: "A forwarded block says so.",
      },
      heldBecause: saidOf("It comes from the team."),
    });
    const { person } = await openPane({
      desk: { "GET /mails/open": forwarded, "GET /contacts": { contacts: [adam] } },
    });
    await screen.findByRole("button", { name: "Create ticket for Alice Moreau" });
    screen.getByText("Sent by Ben Okafor · ben@deskhatch.test");
    expect(screen.getAllByRole("button", { name: /Alice Moreau/ })).toHaveLength(1);

    await person.click(screen.getByRole("button", { name: "Choose somebody else" }));
    await person.type(screen.getByRole("searchbox"), "adam");
    await person.click(await screen.findByRole("button", { name: "Choose: Adam Lindqvist" }));
    await screen.findByRole("button", { name: "Create ticket for Adam Lindqvist" });
    expect(screen.queryByText(/It comes from the team/)).toBeNull();
    expect(screen.queryByRole("button", { name: /also belongs to/ })).toBeNull();
  });

  test("can be for somebody who is found, or who is new", async () => {
    const { desk, person } = await openPane({
      desk: {
        "GET /mails/open": aMail(),
        "GET /contacts": { contacts: [adam] },
        "GET /organizations": { organizations: [] },
        "POST /tickets": { outcome: "opened", ticket: aTicket(), sentence: null },
        "GET /tickets/1042": aTicket(),
      },
    });
    await person.click(await screen.findByRole("button", { name: "Choose somebody else" }));
    await person.type(screen.getByRole("searchbox"), "adam");
    await person.click(await screen.findByRole("button", { name: "Choose: Adam Lindqvist" }));
    await screen.findByRole("button", { name: "Create ticket for Adam Lindqvist" });

    await person.click(screen.getByRole("button", { name: "Choose somebody else" }));
    await person.click(screen.getByRole("button", { name: "New contact" }));
    await person.type(screen.getByRole("textbox", { name: "Name" }), "Nele Neu");
    const address = screen.getByRole("textbox", { name: /E-mail/ });
    await person.type(address, "not an address");
    await person.click(screen.getByRole("button", { name: "Use this contact" }));
    screen.getByText("is an e-mail address such as alice@example.com");
    await person.clear(address);
    await person.type(address, "neu@harbourlight.test");
    await person.click(screen.getByRole("button", { name: "Use this contact" }));
    await person.click(screen.getByRole("button", { name: /^Create ticket for/ }));
    await waitFor(() => expect(desk.changes()).toHaveLength(1));
    expect(desk.changes()[0]?.body).toMatchObject({
      requester: { newContact: { name: "Nele Neu", address: "neu@harbourlight.test" } },
    });
  });

  test("that is still arriving is asked for again until it is there", async () => {
    const { desk } = await openPane({
      desk: { "GET /mails/open": { state: "arriving", detail: "The desk has asked for it.", trouble: null } },
    });
    await screen.findByText("This mail is on its way to the desk");
    desk.now("GET /mails/open", aMail());
    await screen.findByRole("button", { name: "Create ticket for Alice Moreau" }, { timeout: 4000 });
  });
});

describe("what an agent writes", () => {
  test("is an internal note until she says otherwise, and the button says so", async () => {
    const note = anEntry({ id: newId(101), kind: "note", html: "Ask first." });
    const { desk, person } = await openPane({
      desk: { "GET /mails/open": mailOf(1042), "GET /tickets/1042": aTicket(), "POST /tickets/1042/notes": note },
    });
    await ticketOnScreen();
    await write(person, "Internal note", "Ask first.");
    screen.getByText("Only your team reads this.");
    await person.click(screen.getByRole("button", { name: "Add internal note" }));
    await screen.findByText("The note was added. Only your team sees it.");
    expect(desk.changes()).toEqual([
      { act: "POST /tickets/1042/notes", body: { html: "Ask first.", attachmentIds: [] } },
    ]);
  });

  test("goes to the customer only by the switch, and to nobody else by itself", async () => {
    const { desk, person } = await openPane({
      desk: {
        "GET /mails/open": mailOf(1042),
        "GET /tickets/1042": aTicket(),
        "POST /tickets/1042/replies": anEntry({ id: newId(102), kind: "reply" }),
      },
    });
    await ticketOnScreen();
    await person.click(screen.getByRole("radio", { name: "For the customer" }));
    await write(person, "Reply to Alice Moreau", "Dear Alice");
    screen.getByText("Alice Moreau will read this by mail and in the portal.");
    expect(screen.queryByRole("button", { name: "Add internal note" })).toBeNull();
    await person.click(screen.getByRole("button", { name: "Send to Alice Moreau and show in portal" }));
    await waitFor(() => expect(desk.changes()).toHaveLength(1));
    expect(desk.changes()[0]).toEqual({
      act: "POST /tickets/1042/replies",
      body: {
        html: "Dear Alice",
        attachmentIds: [],
        cc: [],
        quoteEntryId: null,
        thenStatus: "waiting_on_customer",
        seenReplyId: null,
      },
    });
    // The next words are internal again.
    await screen.findByRole("textbox", { name: "Internal note" });
  });

  test("can be taken back within the grace period, and the words return", async () => {
    const reply = anEntry({
      id: newId(102),
      kind: "reply",
      html: "<p>Too early</p>",
      visibility: {
        to: "customer",
        releaseId: newId(300),
        releasedAt: "2026-11-20T08:00:00.000Z",
        releasedBy: "Anna Albrecht",
        publishedAt: null,
      },
      sending: {
        state: "waiting",
        sendAfter: new Date(Date.now() + 15_000).toISOString(),
        sentAt: null,
        to: ["alice@harbourlight.test", "adam@harbourlight.test"],
        error: null,
      },
    });
    const { desk, person } = await openPane({
      desk: {
        "GET /mails/open": mailOf(1042),
        "GET /tickets/1042": aTicket({ entries: [anEntry(), reply] }),
        [`DELETE /tickets/1042/replies/${reply.id}`]: { html: "<p>Too early</p>", attachmentIds: [] },
      },
    });
    await screen.findByText(/Goes to the customer in 1[45] s/);
    desk.now("GET /tickets/1042", aTicket());
    await person.click(screen.getByRole("button", { name: "Undo" }));
    const field = await screen.findByRole("textbox", { name: "Reply to Alice Moreau" });
    await waitFor(() => expect(field.textContent).toBe("Too early"));
    expect(screen.getByRole("button", { name: "No copy to Adam Lindqvist" }).getAttribute("aria-pressed")).toBe("true");
  });

  test("survives another mail, a desk that is away, and a reload", async () => {
    const world = {
      "GET /mails/open": mailOf(1042),
      "GET /tickets/1042": aTicket(),
      "POST /tickets/1042/notes": () => {
        throw new TypeError("fetch failed");
      },
    };
    const { desk, outlook, person } = await openPane({ desk: world });
    await ticketOnScreen();
    await write(person, "Internal note", "Not to be lost");
    await person.click(screen.getByRole("button", { name: "Add internal note" }));
    await screen.findByText(/The desk cannot be reached/);

    await person.click(screen.getByRole("button", { name: "Add internal note" }));
    await waitFor(() => expect(desk.changes()).toHaveLength(2));
    const [first, second] = desk.asked
      .filter(({ method }) => method === "POST")
      .map(({ headers }) => headers.get("idempotency-key"));
    expect(second).toBe(first);

    desk.now("GET /mails/open", aMail());
    outlook.select("mail B");
    await screen.findByRole("button", { name: /^Create ticket/ });
    desk.now("GET /mails/open", mailOf(1042));
    outlook.select("mail C");
    expect((await screen.findByRole("textbox", { name: "Internal note" })).textContent).toBe("Not to be lost");
  });
});

describe("what the customer sees", () => {
  test("stands in words on every entry: who, since when, released by whom", async () => {
    const visible = anEntry({
      id: newId(103),
      visibility: {
        to: "customer",
        releaseId: newId(301),
        releasedAt: "2026-11-20T08:00:00.000Z",
        releasedBy: "Ben Okafor",
        publishedAt: "2026-11-20T08:00:01.000Z",
      },
    });
    await openPane({
      desk: { "GET /mails/open": mailOf(1042), "GET /tickets/1042": aTicket({ entries: [anEntry(), visible] }) },
    });
    await ticketOnScreen();
    const [newest, oldest] = screen.getAllByRole("article");
    expect(newest?.textContent).toMatch(/^Customer sees this · since .* · released by Ben Okafor/);
    expect(oldest?.textContent).toMatch(/^Internal/);
  });

  test("is decided piece by piece: nothing but the new words unless it is ticked", async () => {
    const entry = anEntry({
      quotedHtml: "<p>older</p>",
      files: [
        { id: newId(201), name: "photo.png", type: "image/png", size: 10, inline: false, released: false },
        {
          id: newId(202),
          name: "prices.xlsx",
          type: "application/octet-stream",
          size: 10,
          inline: false,
          released: false,
        },
      ],
    });
    const release = `POST /tickets/1042/entries/${entry.id}/releases`;
    const { desk, person } = await openPane({
      desk: { "GET /mails/open": mailOf(1042), "GET /tickets/1042": aTicket({ entries: [entry] }), [release]: entry },
    });
    await ticketOnScreen();
    await person.click(screen.getByRole("button", { name: "Release to customer" }));
    await person.click(await screen.findByRole("checkbox", { name: /photo\.png/ }));
    await person.click(screen.getByRole("button", { name: "Release to Alice Moreau" }));
    await screen.findByText("Released. The customer sees it now.");
    expect(desk.changes()).toEqual([
      { act: release, body: { attachmentIds: [newId(201)], withQuoted: false, withInlineImages: false } },
    ]);
  });

  test("can be taken away, and the agent is told what cannot", async () => {
    const entry = anEntry({
      visibility: {
        to: "customer",
        releaseId: newId(301),
        releasedAt: "2026-11-20T08:00:00.000Z",
        releasedBy: "Anna Albrecht",
        publishedAt: "2026-11-20T08:00:01.000Z",
      },
    });
    const sentence = "It is gone. The mail that was sent to alice@harbourlight.test cannot be recalled.";
    const { person } = await openPane({
      desk: {
        "GET /mails/open": mailOf(1042),
        "GET /tickets/1042": aTicket({ entries: [entry] }),
        [`DELETE /tickets/1042/entries/${entry.id}/releases`]: { entry: anEntry(), sentence },
      },
    });
    await ticketOnScreen();
    await person.click(screen.getByRole("button", { name: "Retract" }));
    await person.click(await screen.findByRole("button", { name: "Retract now" }));
    await screen.findByText(sentence);
  });
});

test("when a colleague was faster, the pane shows what changed and keeps the wish", async () => {
  const { desk, person } = await openPane({
    desk: {
      "GET /mails/open": mailOf(1042),
      "GET /tickets/1042": aTicket(),
      "PATCH /tickets/1042": refusal(412, "changed_meanwhile", "Ben Okafor changed #1042 3 s ago."),
    },
  });
  await ticketOnScreen();
  desk.now("GET /tickets/1042", aTicket({ version: 8, priority: "urgent", assignee: agents.ben }));
  await person.selectOptions(screen.getByRole("combobox", { name: "Status" }), "Resolved");
  const conflict = (await screen.findByText("Somebody changed the ticket meanwhile")).closest(".fui-MessageBar");
  await waitFor(() => expect(conflict?.textContent).toContain("Priority: Normal → Urgent"));
  expect(conflict?.textContent).toContain("Assignee: Anna Albrecht → Ben Okafor");
  expect(conflict?.textContent).toContain("You wanted Status: Resolved");

  desk.now("PATCH /tickets/1042", aTicket({ version: 9, status: "resolved", turn: "nobody" }));
  await person.click(screen.getByRole("button", { name: "Do it anyway" }));
  await screen.findByText("Nobody's turn");
  const versions = desk.asked.filter(({ method }) => method === "PATCH").map(({ headers }) => headers.get("if-match"));
  expect(versions).toEqual(['"7"', '"8"']);
});

describe("every act belongs to the mail it was drawn for", () => {
  test("it is refused when Outlook has moved on without telling", async () => {
    const { desk, outlook, person } = await openPane({ desk: { "GET /mails/open": aMail() } });
    const create = await screen.findByRole("button", { name: "Create ticket for Alice Moreau" });
    outlook.select("mail B", { silently: true });
    await person.click(create);
    await screen.findByText(/Outlook shows another mail now, so nothing was done for “About mail A”/);
    expect(desk.changes()).toEqual([]);
  });

  test("done while Outlook moved on, it is told with the mail's name", async () => {
    const answer = Promise.withResolvers<unknown>();
    const { desk, outlook, person } = await openPane({
      desk: { "GET /mails/open": aMail(), "POST /tickets": () => answer.promise },
    });
    await person.click(await screen.findByRole("button", { name: "Create ticket for Alice Moreau" }));
    desk.now("GET /mails/open", aMail({ heldBecause: saidOf("This is mail B.") }));
    outlook.select("mail B");
    await screen.findByText(/This is mail B\./);
    answer.resolve({ outcome: "opened", ticket: aTicket(), sentence: null });
    await screen.findByText("For “About mail A”, which you no longer see: Ticket #1042 was created.");
    expect(screen.queryByRole("heading", { name: /#1042/ })).toBeNull();
  });

  test("an answer about the last mail never shows on the next one", async () => {
    const slow = Promise.withResolvers<unknown>();
    const { desk, outlook } = await openPane({ desk: { "GET /mails/open": () => slow.promise } });
    await waitFor(() => expect(desk.asked.some(({ path }) => path.startsWith("/mails/open"))).toBe(true));
    desk.now("GET /mails/open", aMail({ heldBecause: saidOf("This is mail B.") }));
    outlook.select("mail B");
    await screen.findByText(/This is mail B\./);
    slow.resolve(aMail({ heldBecause: saidOf("This is mail A.") }));
    await slow.promise;
    expect(screen.queryByText(/This is mail A\./)).toBeNull();
  });
});

test("whatever Outlook and the desk do in which order, the pane shows the mail that is selected", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("A", "B", "C"), { minLength: 2, maxLength: 6 }),
      fc.infiniteStream(fc.nat(20)),
      async (walk, waits) => {
        const about = (path: string) => decodeURIComponent(path).match(/<mail.(.)@/)?.[1] ?? "?";
        const { outlook } = await openPane({
          mail: `mail ${walk[0]}`,
          desk: {
            "GET /mails/open": async ({ path }: { path: string }) => {
              await new Promise((after) => setTimeout(after, waits.next().value));
              return aMail({ heldBecause: saidOf(`This is mail ${about(path)}.`) });
            },
          },
        });
        for (const mail of walk) {
          await act(async () => {
            outlook.select(`mail ${mail}`);
            await new Promise((after) => setTimeout(after, waits.next().value));
          });
          const seen = screen.queryByText(/This is mail/)?.textContent;
          if (seen) expect(seen).toContain(`This is mail ${mail}.`);
        }
        await screen.findByText(new RegExp(`This is mail ${walk.at(-1)}\\.`));
        closePane();
      },
    ),
    { numRuns: 15 },
  );
});

describe("signing in", () => {
  const refused = (code: string, description: string, status = "USER_INTERACTION_REQUIRED") => ({
    fails: { status, code, description },
  });

  test.each([
    ["consent is missing", refused("consent_required", "AADSTS65001: not consented"), /has not allowed Deskhatch yet/],
    [
      "conditional access says no",
      refused("interaction_required", "AADSTS53003: blocked"),
      /access rules refuse this sign-in/,
    ],
    [
      "nobody assigned her",
      refused("access_denied", "AADSTS50105: not assigned"),
      /not among the people who may use Deskhatch/,
    ],
    ["the network is away", refused("no_network", "offline", "NO_NETWORK"), /The sign-in service cannot be reached/],
  ])("when %s, the pane says so in a sentence and does not try again by itself", async (_, signIn, sentence) => {
    const { outlook, desk } = await openPane({ desk: {}, signIn });
    await screen.findByText(sentence);
    expect(outlook.asked.filter((method) => method !== "GetInitContext")).toHaveLength(1);
    expect(desk.asked).toEqual([]);
  });

  test("a person who must be seen signs in with one click", async () => {
    const signIn = { ...refused("interaction_required", "AADSTS50058: no session"), untilWindow: true };
    const { person } = await openPane({ desk: { "GET /mails/open": aMail() }, signIn });
    await person.click(await screen.findByRole("button", { name: "Sign in" }));
    await screen.findByRole("button", { name: "Create ticket for Alice Moreau" });
  });

  test("another person's sign-in opens nothing", async () => {
    const { desk } = await openPane({ desk: { "GET /mails/open": aMail() }, signIn: { as: "ben@deskhatch.test" } });
    await screen.findByText("Signed in: ben@deskhatch.test. This Outlook belongs to anna@deskhatch.test.");
    expect(desk.asked.map(({ path }) => path)).toEqual(["/me"]);
  });

  test("a desk that does not accept the token is asked twice and not a third time", async () => {
    const { desk } = await openPane({
      desk: { "GET /me": () => refusal(401, "unauthorized", "The token is for another desk.") },
    });
    await screen.findByText("The token is for another desk.");
    expect(desk.asked).toHaveLength(2);
  });
});

test("a desk that cannot be reached is a cause and a retry, never an empty pane", async () => {
  const { desk, person } = await openPane({
    desk: {
      "GET /mails/open": () => {
        throw new TypeError("fetch failed");
      },
    },
  });
  await screen.findByText("The desk cannot be reached");
  desk.now("GET /mails/open", aMail());
  await person.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("button", { name: "Create ticket for Alice Moreau" });
});

test("the browser's storage holds neither the token nor what customers wrote", async () => {
  const { person } = await openPane({ desk: { "GET /mails/open": mailOf(1042), "GET /tickets/1042": aTicket() } });
  await ticketOnScreen();
  await write(person, "Internal note", "mine");
  const stored = JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]);
  expect(stored).toContain("mine");
  for (const secret of [secretToken, "SECRET-words", "alice@harbourlight.test", "The crane stops"])
    expect(stored).not.toContain(secret);
});

test("mails are shown in a frame without scripts that can load nothing", async () => {
  await openPane({ desk: { "GET /mails/open": mailOf(1042), "GET /tickets/1042": aTicket() } });
  await ticketOnScreen();
  const frame = screen.getByTitle("Words of Alice Moreau");
  expect(frame.getAttribute("sandbox")).not.toContain("allow-scripts");
  expect(frame.getAttribute("srcdoc")).toContain("default-src 'none'");
});

test("speaks German in a German Outlook", async () => {
  await openPane({ desk: { "GET /mails/open": aMail() }, locale: "de-DE" });
  await screen.findByRole("button", { name: "Ticket für Alice Moreau anlegen" });
});

describe("for everybody", () => {
  const screens = {
    "no mail": { mail: null, desk: {} },
    "a new mail": { desk: { "GET /mails/open": aMail() } },
    "a ticket": {
      desk: {
        "GET /mails/open": mailOf(1042),
        "GET /tickets/1042": aTicket({
          entries: [
            anEntry(),
            anEntry({ id: newId(104), kind: "status_change", html: "", facts: { from: "new", to: "in_progress" } }),
          ],
        }),
      },
    },
  };
  test.each(Object.entries(screens))("%s has no barrier that axe can find", async (name, wish) => {
    const { person } = await openPane(wish);
    if (name === "a ticket") await person.click(await screen.findByRole("radio", { name: "For the customer" }));
    else if (name === "a new mail") await screen.findByRole("button", { name: /^Create ticket/ });
    else await screen.findByText("No mail is selected");
    // Colours are measured in visibility-colours.test.ts and in a browser: jsdom lays nothing out.
    const { violations } = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false } },
      iframes: false,
    });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    expect(within(document.body).queryAllByRole("alert")).toHaveLength(0);
  });
});

test("whom the CRM has deleted cannot be invited, and the pane says why", async () => {
  const former = aTicket({ contact: { ...adam, former: true } });
  await openPane({ desk: { "GET /mails/open": mailOf(1042), "GET /tickets/1042": former } });
  await ticketOnScreen();
  await screen.findByText("The CRM has deleted Adam Lindqvist: the portal is closed to them.");
  expect(screen.queryByRole("button", { name: /Invite/ })).toBeNull();
});
