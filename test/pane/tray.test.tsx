/**
 * The tray of held mails, with a mail selected or without.
 * @jest-environment ./test/pane/browser-environment.ts
 * @jest-environment-options {"customExportConditions": ["node", "import"], "url": "https://localhost/addin/pane.html"}
 */
import { screen, waitFor, within } from "@testing-library/react";
import { saidOf } from "../../server/desk/say.ts";
import { alice, aMail, aTicket, heldMail, newId, refusal, summaryOf } from "./desk.ts";
import { closePane, furnishBrowser, openPane } from "./open.tsx";

beforeAll(furnishBrowser);
afterEach(closePane);

const done = { outcome: "done", number: 1042, sentence: null };
const listOf = (...mails: unknown[]) => ({ mails, loops: [], nextCursor: null });

async function openTray(desk: Parameters<typeof openPane>[0]["desk"], mail: string | null = null) {
  const waiting = { waiting: 2, loops: 0 };
  const pane = await openPane({ mail, desk: { "GET /held-mails/count": waiting, ...desk } });
  await pane.person.click(await screen.findByRole("button", { name: "Held mails: 2" }));
  return { ...pane, tray: within(await screen.findByRole("dialog", { name: "Held mails" })) };
}

test("with no mail selected the tray opens, and one click files a held mail where it is suggested", async () => {
  const { desk, person, tray } = await openTray({
    "GET /held-mails": listOf(heldMail({ ticket: { ticket: summaryOf(aTicket()), because: "it answers a mail" } })),
    [`POST /mails/${newId(80)}/acceptance`]: done,
  });
  const mail = within(await tray.findByRole("listitem", { name: "About the crane" }));
  mail.getByText("mallory@outsider.test");
  mail.getByText(/^An unknown sender/);
  mail.getByText(/#1042 The crane stops · it answers a mail/);
  desk.now("GET /held-mails", listOf());
  await person.click(mail.getByRole("button", { name: "Accept on #1042" }));

  await tray.findByText("Nothing is held");
  tray.getByText("The mail is on #1042, internal.");
  expect(desk.changes()).toEqual([
    { act: `POST /mails/${newId(80)}/acceptance`, body: { number: 1042, participant: false } },
  ]);
});

test("that the sender takes part is said with it, and cannot be said of one nobody vouches for", async () => {
  const ticket = { ticket: summaryOf(aTicket()), because: "it answers a mail" };
  const { desk, person, tray } = await openTray({
    "GET /held-mails": listOf(
      heldMail({ ticket }),
      heldMail({ ticket, heldId: newId(91), messageId: newId(81), subject: "Forged", authenticated: "fail" }),
    ),
    [`POST /mails/${newId(80)}/acceptance`]: done,
  });
  const forged = within(await tray.findByRole("listitem", { name: "Forged" }));
  expect(forged.queryByRole("checkbox")).toBeNull();
  const mail = within(tray.getByRole("listitem", { name: "About the crane" }));
  await person.click(mail.getByRole("checkbox", { name: /^mallory@outsider.test takes part/ }));
  await person.click(mail.getByRole("button", { name: "Accept on #1042" }));
  await waitFor(() => expect(desk.changes()[0]?.body).toEqual({ number: 1042, participant: true }));
});

test("without a suggestion a ticket is chosen, or made for the contact who it claims to be from", async () => {
  const { desk, person, tray } = await openTray({
    "GET /held-mails": listOf(
      heldMail({ contact: { contact: alice, because: "it claims to be from alice@harbourlight.test" } }),
    ),
    "GET /tickets": { tickets: [summaryOf(aTicket())], nextCursor: null },
    [`POST /mails/${newId(80)}/acceptance`]: done,
    "POST /tickets": { outcome: "already", ticket: aTicket(), sentence: "Ben filed it on #1042 12 s ago." },
  });
  await person.click(await tray.findByRole("button", { name: "Choose a ticket" }));
  await person.click(await tray.findByRole("button", { name: "Add this mail to #1042" }));
  await waitFor(() => expect(desk.changes()).toHaveLength(1));

  await person.click(tray.getByRole("button", { name: "A ticket of its own" }));
  await tray.findByText("Ben filed it on #1042 12 s ago.");
  expect(desk.changes()[1]?.body).toEqual({
    messageId: newId(80),
    requester: { contactId: alice.id },
    subject: "About the crane",
    team: "Service",
    attachmentIds: [newId(82)],
  });
});

test("spam is one click, and is taken back under “Spam”", async () => {
  const { desk, person, tray } = await openTray({
    "GET /held-mails": listOf(heldMail()),
    "GET /spam-marks": {
      marks: [
        {
          messageId: newId(80),
          sender: { name: "Win", address: "win@prizes.test" },
          subject: "You won",
          by: "Anna Albrecht",
          at: "2026-11-20T08:00:00.000Z",
          mails: 12,
        },
      ],
      nextCursor: null,
    },
    [`POST /mails/${newId(80)}/spam-mark`]: { outcome: "done", number: null, sentence: null },
    [`DELETE /mails/${newId(80)}/spam-mark`]: { outcome: "done", number: null, sentence: null },
  });
  await person.click(await tray.findByRole("button", { name: "Spam" }));
  await tray.findByText(/^Marked as spam/);
  await person.click(tray.getByRole("tab", { name: "Spam" }));
  const mark = within(await tray.findByRole("listitem", { name: "win@prizes.test" }));
  mark.getByText(/marked as spam by Anna Albrecht .* 12 mails/);
  await person.click(mark.getByRole("button", { name: "Not spam" }));
  await tray.findByText(/^No spam any more/);
  expect(desk.changes().map(({ act }) => act)).toEqual([
    `POST /mails/${newId(80)}/spam-mark`,
    `DELETE /mails/${newId(80)}/spam-mark`,
  ]);
});

test("a mail that could not be processed tells what failed and is tried again; a loop is lifted", async () => {
  const { desk, person, tray } = await openTray({
    "GET /held-mails": {
      mails: [heldMail({ messageId: null, subject: "", error: "It cannot be fetched." })],
      loops: [
        {
          loopId: newId(95),
          address: "monitor@outsider.test",
          ticket: null,
          because: saidOf("More than 100 mails in ten minutes."),
          foundAt: "2026-11-20T08:00:00.000Z",
          mails: 1000,
        },
      ],
      nextCursor: null,
    },
    [`POST /held-mails/${newId(90)}/attempts`]: { outcome: "done", number: null, sentence: null },
    [`DELETE /loops/${newId(95)}`]: { outcome: "already", number: null, sentence: "Ben lifted it 5 s ago." },
  });
  await tray.findByText("What failed: It cannot be fetched.");
  await person.click(tray.getByRole("button", { name: "Try again" }));
  await tray.findByText(/^It is tried again/);
  within(tray.getByRole("listitem", { name: "1000 or more held from monitor@outsider.test" }));
  await person.click(tray.getByRole("button", { name: /^Lift/ }));
  await tray.findByText("Ben lifted it 5 s ago.");
  expect(desk.changes().map(({ act }) => act)).toEqual([
    `POST /held-mails/${newId(90)}/attempts`,
    `DELETE /loops/${newId(95)}`,
  ]);
});

test("the next page is fetched when it is asked for; a refusal stays beside its mail", async () => {
  const { person, tray } = await openTray({
    "GET /held-mails": ({ path }: { path: string }) =>
      path.includes("cursor=next")
        ? listOf(heldMail({ heldId: newId(92), subject: "Older" }))
        : { ...listOf(heldMail()), nextCursor: "next" },
    [`POST /mails/${newId(80)}/spam-mark`]: refusal(409, "not_held", "This mail is not held."),
  });
  await person.click(await tray.findByRole("button", { name: "Show more" }));
  await tray.findByRole("listitem", { name: "Older" });
  const mail = within(tray.getByRole("listitem", { name: "About the crane" }));
  await person.click(mail.getByRole("button", { name: "Spam" }));
  await mail.findByText("This mail is not held.");
});

test("the selected mail, while it is held, is decided where it is shown", async () => {
  const held = { heldId: newId(90), error: null, spam: null };
  const { desk, person } = await openPane({
    desk: {
      "GET /mails/open": aMail({
        held,
        heldBecause: saidOf("An unknown sender in a known thread."),
        suggestedTickets: [{ ticket: summaryOf(aTicket()), because: "It answers a mail" }],
      }),
      [`POST /mails/${newId(70)}/acceptance`]: done,
      [`DELETE /mails/${newId(70)}/spam-mark`]: { outcome: "done", number: null, sentence: null },
    },
  });
  // What belongs to mails without a ticket is fetched when the first is seen.
  const acts = within(await screen.findByRole("region", { name: "Held mails" }, { timeout: 20_000 }));
  await person.click(acts.getByRole("button", { name: "Accept on #1042" }));
  await screen.findByText("The mail is on #1042, internal.");
  desk.now("GET /mails/open", aMail({ held: { ...held, spam: { by: "Ben", at: "2026-11-20T08:00:00.000Z" } } }));
  await person.click(acts.getByRole("button", { name: "Accept on #1042" }));
  await person.click(await screen.findByRole("button", { name: "Not spam" }));
  await waitFor(() => expect(desk.changes().at(-1)?.act).toBe(`DELETE /mails/${newId(70)}/spam-mark`));
});
