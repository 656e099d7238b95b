/**
 * @jest-environment ./test/pane/browser-environment.ts
 * @jest-environment-options {"customExportConditions": ["node", "import"], "url": "https://localhost/addin/pane.html"}
 */
import { screen, within } from "@testing-library/react";
import { alice, anEntry, aTicket, mailOf, newId, refusal } from "./desk.ts";
import { closePane, furnishBrowser, openPane } from "./open.tsx";

beforeAll(furnishBrowser);
afterEach(closePane);

const at = "2026-11-20T08:00:00.000Z";
const other = { number: 1041, subject: "The lamp", requester: "Adam Lindqvist", version: 3, by: "Ben Okafor", at };
const summary = {
  ...{ id: newId(60), number: 1050, subject: "The crane again", status: "new", turn: "ours", priority: "normal" },
  ...{ requester: { id: alice.id, name: alice.name, organization: "Harbour Light" }, assignee: null, updatedAt: at },
  undelivered: false,
};

test("a ticket is merged into one that the search finds; the pane goes on with that one, and the undo is in sight", async () => {
  const merged = aTicket({ number: 1050, version: 9, merged: [{ ...other, number: 1042, version: 8 }] });
  const { desk, person } = await openPane({
    desk: {
      "GET /mails/open": mailOf(1042),
      "GET /tickets/1042": aTicket(),
      "GET /tickets": { tickets: [{ ...summary, number: 1042 }, summary], nextCursor: null },
      "GET /tickets/1050": merged,
      "POST /tickets/1042/merger": merged,
    },
  });
  await person.click(await screen.findByRole("button", { name: "Merge into …" }));
  expect(await screen.findByText(/Each customer keeps seeing/)).toBeTruthy();
  // It is not offered to itself.
  expect(screen.queryByRole("button", { name: "Merge into #1042" })).toBeNull();
  desk.now("GET /mails/open", mailOf(1050));
  await person.click(await screen.findByRole("button", { name: "Merge into #1050" }));

  await screen.findByText("#1042 is continued in #1050.");
  expect(desk.changes()).toEqual([{ act: "POST /tickets/1042/merger", body: { into: 1050 } }]);
  expect(desk.asked.find(({ method }) => method === "POST")?.headers.get("if-match")).toBe('"7"');
  await screen.findByRole("heading", { level: 1, name: /#1050/ });

  desk.now("DELETE /tickets/1042/merger", aTicket());
  desk.now("GET /tickets/1050", aTicket({ number: 1050, version: 10 }));
  await person.click(await screen.findByRole("button", { name: "Undo it for #1042" }));
  await screen.findByText(/^Undone\./);
  expect(desk.asked.find(({ method }) => method === "DELETE")?.headers.get("if-match")).toBe('"8"');
});

test("a refusal is told where the wish was made", async () => {
  const sentence = "#1042 and #1050 belong to different organizations, and neither may learn of the other.";
  const { person } = await openPane({
    desk: {
      "GET /mails/open": mailOf(1042),
      "GET /tickets/1042": aTicket(),
      "GET /tickets": { tickets: [summary], nextCursor: null },
      "POST /tickets/1042/merger": refusal(409, "other_organization", sentence),
    },
  });
  await person.click(await screen.findByRole("button", { name: "Merge into …" }));
  await person.click(await screen.findByRole("button", { name: "Merge into #1050" }));
  await screen.findByText(sentence);
});

test("chosen entries are split off; what happened to the ticket and what belongs to a merged one cannot be chosen", async () => {
  const note = anEntry({ id: newId(101), kind: "note", html: "<p>Chairs are Ben's</p>" });
  const status = anEntry({ id: newId(102), kind: "status_change", html: "", facts: { from: "new", to: "closed" } });
  const theirs = anEntry({ id: newId(103), number: 1041, html: "<p>Of the merged one</p>" });
  const { desk, person } = await openPane({
    desk: {
      "GET /mails/open": mailOf(1042),
      "GET /tickets/1042": aTicket({ entries: [anEntry(), note, status, theirs] }),
      "POST /tickets/1042/splits": aTicket({ number: 1051 }),
    },
  });
  await person.click(await screen.findByRole("button", { name: "Split off …" }));
  const form = await screen.findByRole("group", { name: "Make a ticket of its own of" });
  expect(within(form).getAllByRole("checkbox")).toHaveLength(2);
  expect(
    within(form)
      .getByRole("button", { name: /Split off 0/ })
      .getAttribute("aria-disabled"),
  ).toBe("true");
  await person.click(within(form).getByRole("checkbox", { name: /Chairs are Ben's/ }));
  await person.click(within(form).getByRole("button", { name: "Split off 1 entry" }));

  await screen.findByText("Ticket #1051 was split off.");
  expect(desk.changes()).toEqual([{ act: "POST /tickets/1042/splits", body: { entryIds: [note.id] } }]);
});

test("links tell what belongs together; each split can be undone from both sides, what follows cannot", async () => {
  const { desk, person } = await openPane({
    desk: {
      "GET /mails/open": mailOf(1042),
      "GET /tickets/1042": aTicket({
        origin: { ...other, number: 1039, kind: "split" },
        offspring: [
          { ...other, number: 1060, kind: "split", version: 2 },
          { ...other, number: 1070, kind: "follows", by: null, version: 1 },
        ],
      }),
      "DELETE /tickets/1042/splits/1060": aTicket(),
      "DELETE /tickets/1039/splits/1042": aTicket({ number: 1039 }),
    },
  });
  const links = within(await screen.findByRole("region", { name: "Linked tickets" }));
  links.getByText(/Split from #1039 The lamp/);
  links.getByText(/#1070 The lamp follows this/);
  expect(links.getAllByRole("button").map((button) => button.getAttribute("aria-label"))).toEqual([
    "Undo it for #1039",
    "Undo it for #1060",
  ]);
  await person.click(links.getByRole("button", { name: "Undo it for #1060" }));
  await screen.findByText(/^Undone\./);
  await person.click(links.getByRole("button", { name: "Undo it for #1039" }));
  expect(desk.asked.filter(({ method }) => method === "DELETE").map(({ headers }) => headers.get("if-match"))).toEqual([
    '"7"',
    '"3"',
  ]);
});

test("a mail that only thanks says so and is reopened by one click; a merged entry names its ticket and its page", async () => {
  const thanks = anEntry({
    id: newId(104),
    html: "<p>Thanks!</p>",
    facts: { thanks: true },
    alsoIn: ["sales@deskhatch.test"],
  });
  const merged = anEntry({
    ...{ id: newId(105), number: 1041, shownOn: 1041, html: "<p>From Adam</p>" },
    visibility: { to: "customer", releaseId: newId(301), releasedAt: at, releasedBy: "Anna Albrecht", publishedAt: at },
  });
  const { desk, person } = await openPane({
    desk: {
      "GET /mails/open": mailOf(1042),
      "GET /tickets/1042": aTicket({ status: "closed", turn: "nobody", closedAt: at, entries: [merged, thanks] }),
      "PATCH /tickets/1042": aTicket({ entries: [merged, thanks] }),
      "DELETE /tickets/1041/entries/00000000-0000-4000-8000-000000000105/releases": refusal(
        409,
        "not_released",
        "Gone.",
      ),
    },
  });
  await screen.findByText("Only thanks: the status stayed as it was.");
  screen.getByText("Also addressed to sales@deskhatch.test");
  screen.getByText(/· #1041/);
  screen.getByText(/on the page of #1041/);
  await person.click(screen.getByRole("button", { name: "Reopen" }));
  expect(desk.changes()).toEqual([{ act: "PATCH /tickets/1042", body: { status: "in_progress" } }]);

  await person.click(screen.getByRole("button", { name: "Retract" }));
  await person.click(await screen.findByRole("button", { name: "Retract now" }));
  expect(desk.changes().at(-1)?.act).toMatch(/^DELETE \/tickets\/1041\/entries/);
});
