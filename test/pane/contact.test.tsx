/**
 * @jest-environment ./test/pane/browser-environment.ts
 * @jest-environment-options {"customExportConditions": ["node", "import"], "url": "https://localhost/addin/pane.html"}
 */
import { screen, within } from "@testing-library/react";
import { aboutContact, aboutOrganization, adam, alice, aMail, asLead, aTicket, newId, refusal } from "./desk.ts";
import { closePane, furnishBrowser, openPane } from "./open.tsx";

beforeAll(furnishBrowser);
afterEach(closePane);

const al = {
  ...adam,
  id: newId(15),
  name: "Al",
  addresses: ["al@freemail.test"],
  organization: { id: newId(16), name: "Al", personal: true },
};
const stranger = aMail({
  sender: {
    address: { name: "A. M.", address: "am@freemail.test" },
    contact: null,
    organization: null,
    because: [],
    suggestions: [],
    authenticated: "pass",
  },
});
const desk = (more: Parameters<typeof openPane>[0]["desk"] = {}) => ({
  "GET /mails/open": aMail(),
  [`GET /contacts/${alice.id}`]: aboutContact(),
  [`GET /contacts/${al.id}`]: aboutContact({ contact: al }),
  [`GET /organizations/${alice.organization.id}`]: aboutOrganization(),
  "GET /contacts": { contacts: [alice, al] },
  ...more,
});
const openAbout = async (person: Awaited<ReturnType<typeof openPane>>["person"], name = "Alice Moreau") =>
  person.click(await screen.findByText(`About ${name}`));

test("a correction is taught with a click and taken back with the next", async () => {
  const taught = { ...alice, addresses: [...alice.addresses, "am@freemail.test"] };
  const { desk: asked, person } = await openPane({
    desk: desk({
      "GET /mails/open": stranger,
      [`POST /contacts/${alice.id}/addresses`]: taught,
      [`DELETE /contacts/${alice.id}/addresses/am%40freemail.test`]: aboutContact(),
    }),
  });
  await person.click(await screen.findByRole("button", { name: "Choose somebody else" }));
  await person.type(screen.getByRole("searchbox"), "Alice");
  await person.click(await screen.findByRole("button", { name: "Choose: Alice Moreau" }));
  await person.click(screen.getByRole("button", { name: "am@freemail.test also belongs to Alice Moreau" }));
  await screen.findByText("am@freemail.test also belongs to Alice Moreau now.");
  await person.click(screen.getByRole("button", { name: "Undo" }));
  await screen.findByRole("button", { name: "am@freemail.test also belongs to Alice Moreau" });
  expect(asked.changes().map(({ act }) => act)).toEqual([
    `POST /contacts/${alice.id}/addresses`,
    `DELETE /contacts/${alice.id}/addresses/am%40freemail.test`,
  ]);
});

test("an address that is somebody else's is not taken: the pane says whose it is", async () => {
  const { person } = await openPane({
    desk: desk({
      "GET /mails/open": stranger,
      [`POST /contacts/${alice.id}/addresses`]: () =>
        refusal(409, "address_taken", "am@freemail.test belongs to Al. Choose that contact, or give another address."),
    }),
  });
  await person.click(await screen.findByRole("button", { name: "Choose somebody else" }));
  await person.type(screen.getByRole("searchbox"), "Alice");
  await person.click(await screen.findByRole("button", { name: "Choose: Alice Moreau" }));
  await person.click(screen.getByRole("button", { name: "am@freemail.test also belongs to Alice Moreau" }));
  await screen.findByText(/belongs to Al\. Choose that contact/);
});

test("an address ends, and comes back", async () => {
  const two = { ...alice, addresses: [...alice.addresses, "alice@old.test"] };
  const ended = aboutContact({ formerAddresses: ["alice@old.test"] });
  const { person } = await openPane({
    desk: desk({
      [`GET /contacts/${alice.id}`]: aboutContact({ contact: two }),
      [`POST /contacts/${alice.id}/former-addresses`]: ended,
      [`DELETE /contacts/${alice.id}/former-addresses/alice%40old.test`]: aboutContact({ contact: two }),
    }),
  });
  await openAbout(person);
  await person.click(await screen.findByRole("button", { name: "No longer used: alice@old.test" }));
  await screen.findByText("Used to be alice@old.test");
  await screen.findByText(/mails from it are asked about/);
  await person.click(screen.getByRole("button", { name: "Use again: alice@old.test" }));
  await screen.findByRole("button", { name: "No longer used: alice@old.test" });
});

test("a lead says that two are one person, after reading what moves, and undoes it", async () => {
  const both = { ...alice, addresses: [...alice.addresses, ...al.addresses] };
  const merged = aboutContact({
    contact: both,
    merged: [{ id: al.id, name: "Al", at: "2026-11-20T08:00:00.000Z", by: "Ben Okafor" }],
  });
  const { desk: asked, person } = await openPane({
    desk: desk({
      "GET /me": asLead,
      "GET /mails/open": aMail({
        sender: {
          address: { name: "Al", address: "al@freemail.test" },
          contact: al,
          organization: al.organization,
          because: [],
          suggestions: [],
          authenticated: "pass",
        },
      }),
      [`GET /contacts/${al.id}/merger`]: { contact: al, into: alice, tickets: 2, participations: 1, inPortal: true },
      [`POST /contacts/${al.id}/merger`]: merged,
      [`DELETE /contacts/${al.id}/merger`]: aboutContact({ contact: al }),
    }),
  });
  await openAbout(person, "Al");
  await person.click(await screen.findByRole("button", { name: "Same person as …" }));
  await person.type(screen.getByRole("searchbox", { name: /Al is the same person as/ }), "Alice");
  await screen.findByRole("button", { name: "Choose: Alice Moreau" });
  expect(screen.queryByRole("button", { name: "Choose: Al" })).toBeNull();
  await person.click(screen.getByRole("button", { name: "Choose: Alice Moreau" }));
  await screen.findByText(
    "Alice Moreau gets everything of Al: al@freemail.test, 2 tickets, a part in 1 more. The tickets move from Al to Harbour Light. In the portal both addresses then show the tickets of both. You can undo this.",
  );
  asked.now(`GET /contacts/${alice.id}`, merged);
  await person.click(screen.getByRole("button", { name: "Yes, it is Alice Moreau" }));
  await screen.findByText("Al is Alice Moreau from now on.");
  await screen.findByRole("button", { name: "Create ticket for Alice Moreau" });

  await openAbout(person);
  await screen.findByText(/Al is the same person · Ben Okafor/);
  asked.now(`GET /contacts/${alice.id}`, aboutContact());
  await person.click(screen.getByRole("button", { name: "Undo: Al is not the same" }));
  await screen.findByText("Al stands alone again. What came later stays where it is.");
  expect(asked.changes()).toEqual([
    { act: `POST /contacts/${al.id}/merger`, body: { intoId: alice.id } },
    { act: `DELETE /contacts/${al.id}/merger`, body: undefined },
  ]);
});

test("an agent sees who was merged, and nothing that only a lead may do", async () => {
  const { person } = await openPane({
    desk: desk({
      [`GET /contacts/${alice.id}`]: aboutContact({
        merged: [{ id: al.id, name: "Al", at: "2026-11-20T08:00:00.000Z", by: "Ben Okafor" }],
      }),
    }),
  });
  await openAbout(person);
  await screen.findByText(/Al is the same person/);
  for (const name of ["Same person as …", "Same company as …", "Add a domain", /^Undo/])
    expect(screen.queryByRole("button", { name })).toBeNull();
});

test("a domain where anybody can have an address is refused in the pane's own place", async () => {
  const organization = alice.organization.id;
  const { person } = await openPane({
    desk: desk({
      "GET /me": asLead,
      [`POST /organizations/${organization}/domains`]: () =>
        refusal(422, "free_mail", "Anybody can have an address at gmail.com, so it says nothing about a company."),
    }),
  });
  await openAbout(person);
  await person.click(await screen.findByRole("button", { name: "Add a domain" }));
  await person.type(screen.getByRole("textbox", { name: "Domain" }), "gmail.com");
  await person.click(screen.getByRole("button", { name: "Add a domain" }));
  await screen.findByText(/Anybody can have an address at gmail\.com/);
});

test("who else got the mail is offered and nobody is taken by himself", async () => {
  const { desk: asked, person } = await openPane({
    desk: desk({
      "GET /mails/open": aMail({
        alsoAddressed: [
          { address: { name: "Adam", address: "adam@harbourlight.test" }, contact: adam },
          { address: { name: "Nia", address: "nia@harbourlight.test" }, contact: null },
          { address: { name: "Zoe", address: "zoe@elsewhere.test" }, contact: null },
        ],
      }),
      "POST /tickets": { outcome: "opened", ticket: aTicket(), sentence: null },
      "GET /tickets/1042": aTicket(),
    }),
  });
  const others = await screen.findByRole("group", { name: "Also on this ticket" });
  const boxes = within(others).getAllByRole("checkbox");
  expect(boxes.every((box) => !(box as HTMLInputElement).checked)).toBe(true);
  await person.click(within(others).getByRole("checkbox", { name: "Adam Lindqvist · Harbour Light" }));
  await person.click(within(others).getByRole("checkbox", { name: "Nia · nia@harbourlight.test, new" }));
  await person.click(screen.getByRole("button", { name: "Create ticket for Alice Moreau" }));
  await screen.findByText("Ticket #1042 was created.");
  expect(asked.changes()[0]?.body).toMatchObject({
    participants: [{ contactId: adam.id }, { newContact: { name: "Nia", address: "nia@harbourlight.test" } }],
  });
});

test("a person whom a form or a list names is offered as the requester", async () => {
  const { person } = await openPane({
    desk: desk({
      "GET /mails/open": aMail({
        sender: {
          address: { name: "Website", address: "no-reply@deskhatch.test" },
          contact: null,
          organization: null,
          because: [],
          suggestions: [],
          strangers: [{ address: { name: "Mia", address: "mia@new.test" }, because: "A form of ours says so." }],
          authenticated: "pass",
        },
      }),
    }),
  });
  await person.click(await screen.findByRole("button", { name: "Make Mia the requester" }));
  screen.getByRole("button", { name: "Create ticket for Mia" });
});
