/** Whose mail it is, rule by rule: each says why, and what a stranger could forge only suggests. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { soleSender } from "../../server/desk/mail/matching/addresses.ts";
import type { Evidence, KnownContact } from "../../server/desk/mail/matching/evidence.ts";
import { domainsInFront, isNear, lookOf } from "../../server/desk/mail/matching/look-alike.ts";
import { judge } from "../../server/desk/mail/matching/match-mail.ts";
import { readMail } from "../../server/desk/mail/reading/read.ts";
import { signThreadToken } from "../../server/desk/mail/thread-token.ts";

const secret = "the desk's secret, of more than 32 characters";

const contact = (name: string, address: string, taught = false): KnownContact => ({
  address,
  contactId: name.toLowerCase(),
  name,
  organizationId: "harbourlight",
  organization: "Harbourlight",
  taught,
});
const alice = contact("Alice", "alice@harbourlight.test");
const ticket = {
  id: "ticket-of-alice",
  number: 1042,
  subject: "The printer",
  threadKey: "abcdefghijklmnopqrstuvwxyz",
  organizationId: "harbourlight",
  requesterId: "alice",
  participantIds: [],
  splitFromId: null,
};
const domain = {
  domain: "harbourlight.test",
  organizationId: "harbourlight",
  organization: "Harbourlight",
  includeSubdomains: true,
};

/** A mail as it arrives, authenticated for the domain of its From, unless the test says otherwise. */
async function matched(headers: Record<string, string>, known: Partial<Evidence> = {}, verdict = "pass") {
  const from = /@([^>\s]+)>?$/.exec(headers.From ?? "")?.[1];
  const lines = Object.entries({ "Message-ID": "<new@x.test>", Subject: "Hello", ...headers });
  const results = `Authentication-Results: mx.test; dmarc=${verdict} header.from=${from}`;
  const text = [results, ...lines.map(([name, value]) => `${name}: ${value}`), "", "Hello"].join("\r\n");
  const mail = await readMail(Buffer.from(text), { trustedAuthservIds: ["mx.test"] });
  const evidence: Evidence = {
    sender: soleSender(mail),
    contacts: new Map([[alice.address, alice]]),
    formerly: [],
    behindRole: [],
    domains: [],
    knownDomain: false,
    looksLike: null,
    expectedDomains: [],
    mailboxes: ["support@deskhatch.test"],
    agents: [],
    messages: [{ internetMessageId: "ours@deskhatch.test", ticketId: ticket.id, outgoing: true, addressed: [] }],
    tickets: [ticket],
    tokens: [],
    openOfSender: [],
    inConversation: [],
    ...known,
  };
  return judge(mail, evidence, secret);
}

const inThread = { "In-Reply-To": "<ours@deskhatch.test>" };

test("an exact address names its contact", async () => {
  expect(await matched({ From: "ALICE@Harbourlight.Test" })).toMatchObject({
    contactId: "alice",
    because: ["alice@harbourlight.test is an address of Alice"],
  });
});

test("an alias that an agent taught says so", async () => {
  const private_ = contact("Alice", "al@freemail.test", true);
  const contacts = new Map([[private_.address, private_]]);
  expect(await matched({ From: "al@freemail.test" }, { contacts })).toMatchObject({
    contactId: "alice",
    because: ["an agent taught us that al@freemail.test is Alice"],
  });
});

test("a domain below one of an organization's names the organization only, and says how", async () => {
  expect(await matched({ From: "new@berlin.harbourlight.test" }, { domains: [domain] })).toMatchObject({
    contactId: null,
    organizationId: "harbourlight",
    because: ["berlin.harbourlight.test is below harbourlight.test, a domain of Harbourlight"],
  });
});

test("a domain names no organization when anybody can have an address there", async () => {
  const gmail = { ...domain, domain: "gmail.com" };
  expect(await matched({ From: "somebody@gmail.com" }, { domains: [gmail] })).toMatchObject({ organizationId: null });
});

test("a former address is recognised, joins nothing, and waits for an agent", async () => {
  const known = { contacts: new Map(), formerly: [contact("Alice", "alice@old.test")] };
  expect(await matched({ From: "alice@old.test", ...inThread }, known)).toMatchObject({
    contactId: null,
    ticketId: null,
    heldBecause: "alice@old.test used to be an address of Alice. Say whether it still is.",
    suggestions: {
      contacts: [{ contactId: "alice", because: "alice@old.test used to be an address of Alice" }],
      tickets: [{ ticketId: ticket.id }],
    },
  });
});

test("an address that is somebody else's now is not asked about", async () => {
  const bob = contact("Bob", "sales@old.test");
  const known = { contacts: new Map([[bob.address, bob]]), formerly: [contact("Alice", "sales@old.test")] };
  expect(await matched({ From: "sales@old.test" }, known)).toMatchObject({ contactId: "bob", heldBecause: null });
});

test("a form of our own site: the visitor is proposed, known or not, and never believed", async () => {
  const known = await matched({
    From: "no-reply@deskhatch.test",
    "Reply-To": "Alice <alice@harbourlight.test>",
    ...inThread,
  });
  expect(known).toMatchObject({
    contactId: null,
    ticketId: null,
    heldBecause: expect.stringContaining("A form of ours sent it for alice@harbourlight.test"),
    suggestions: { contacts: [{ contactId: "alice" }], addresses: [] },
  });
  const stranger = await matched({ From: "no-reply@deskhatch.test", "Reply-To": "Mia <mia@new.test>" });
  expect(stranger.suggestions.addresses).toEqual([
    {
      name: "Mia",
      address: "mia@new.test",
      because: "no-reply@deskhatch.test is ours and asks to answer to mia@new.test",
    },
  ]);
});

test("MAIL-06: Reply-To of a no-reply that is not ours proposes nobody", async () => {
  const match = await matched({ From: "no-reply@slack.test", "Reply-To": "alice@harbourlight.test" });
  expect(match).toMatchObject({ contactId: null, ticketId: null, suggestions: { contacts: [], addresses: [] } });
});

const lists = [
  [
    "Google Groups",
    {
      From: "'Alice' via Sales <sales@list.test>",
      "List-Id": "<sales.list.test>",
      "X-Original-From": "Alice <alice@harbourlight.test>",
      "Reply-To": "Sales <sales@list.test>",
    },
  ],
  ["Google Groups without a name", { From: "sales@list.test", "X-Original-Sender": "alice@harbourlight.test" }],
  [
    "Mailman",
    {
      From: "Alice via Sales <sales@list.test>",
      "List-Id": "<sales.list.test>",
      "List-Post": "<mailto:sales@list.test>",
      "Reply-To": "Alice <alice@harbourlight.test>, Sales <sales@list.test>",
    },
  ],
  [
    "Mailman in German",
    {
      From: "Alice über Verkauf <sales@list.test>",
      "List-Id": "<sales.list.test>",
      "Reply-To": "alice@harbourlight.test",
    },
  ],
  [
    "a list that writes the address into the name",
    { From: '"alice at harbourlight.test via Sales" <sales@list.test>', "List-Id": "<sales.list.test>" },
  ],
  [
    "a list that puts the address behind the name",
    { From: '"Alice (alice@harbourlight.test) via Sales" <sales@list.test>', "List-Post": "<mailto:sales@list.test>" },
  ],
] as const;

test.each(lists)("%s passes a mail on: its author is suggested and joins nothing", async (_, headers) => {
  const match = await matched({ ...headers, ...inThread });
  expect(match).toMatchObject({
    contactId: null,
    ticketId: null,
    heldBecause:
      "sales@list.test is a mailing list, and everybody on it writes under its address. Say whose matter it is.",
    suggestions: {
      contacts: [
        { contactId: "alice", because: "sales@list.test is a list that passed on a mail of alice@harbourlight.test" },
      ],
      tickets: [{ ticketId: ticket.id }],
    },
  });
});

test("even when somebody made the list's address a contact, nobody on the list writes as that contact", async () => {
  const list = contact("Sales list", "sales@list.test");
  const known = {
    contacts: new Map([list, alice].map((each) => [each.address, each])),
    tickets: [{ ...ticket, requesterId: list.contactId }],
  };
  expect(await matched({ ...lists[0][1], ...inThread }, known)).toMatchObject({ contactId: null, ticketId: null });
});

test("a list that leaves the author in From is no reason to ask; nor is a name with “via” in a plain mail", async () => {
  const kept = {
    From: "Alice <alice@harbourlight.test>",
    "List-Id": "<x.test>",
    "X-Original-Sender": "alice@harbourlight.test",
  };
  expect(await matched(kept)).toMatchObject({ contactId: "alice", heldBecause: null });
  expect(await matched({ From: "Alice via Roma <alice@harbourlight.test>" })).toMatchObject({
    contactId: "alice",
    heldBecause: null,
  });
});

test("a stranger whose domain looks like one we know is held, with both domains in the reason", async () => {
  expect(
    await matched({ From: "alice@harbour1ight.test", ...inThread }, { looksLike: "harbourlight.test" }),
  ).toMatchObject({
    contactId: null,
    ticketId: null,
    heldBecause:
      "harbour1ight.test looks like harbourlight.test, which we know, but is another domain. Make sure who writes.",
  });
});

test("one that looks like ours is held; so is one a letter beside the people it writes to or for", async () => {
  expect((await matched({ From: "support@deskhatcn.test" })).heldBecause).toContain("looks like deskhatch.test");
  const expecting = { expectedDomains: ["harbourlight.test"] };
  expect((await matched({ From: "Alice <alice@harborlight.test>" }, expecting)).heldBecause).toContain("looks like");
  expect((await matched({ From: "Alice <alice@harbourlight.example>" }, expecting)).heldBecause).toContain(
    "looks like",
  );
  expect((await matched({ From: "Bob <bob@birkenfeld.test>" }, expecting)).heldBecause).toBeNull();
});

test("a domain in foreign letters is shown in both of its forms", async () => {
  const { heldBecause } = await matched({ From: "a@xn--80ak6aa92e.com" }, { looksLike: "apple.com" });
  expect(heldBecause).toContain("xn--80ak6aa92e.com (“аррӏе.com”) looks like apple.com");
});

test("who is known is not warned of, whatever the domain looks like", async () => {
  const looking = { looksLike: "dear.test", expectedDomains: ["dear.test"] };
  const dora = contact("Dora", "dora@clear.test");
  expect(
    (await matched({ From: "dora@clear.test" }, { ...looking, contacts: new Map([[dora.address, dora]]) })).heldBecause,
  ).toBeNull();
  expect((await matched({ From: "new@clear.test" }, { ...looking, knownDomain: true })).heldBecause).toBeNull();
  expect(
    (await matched({ From: "new@clear.test" }, { ...looking, domains: [{ ...domain, domain: "clear.test" }] }))
      .heldBecause,
  ).toBeNull();
});

test.each([
  ["paypai.com", "paypal.com"],
  ["rnicrosoft.com", "microsoft.com"],
  ["vvestern.test", "western.test"],
  ["g00gle.com", "google.com"],
  ["harbour-light.test", "harbourlight.test"],
  ["xn--pypal-4ve.com", "paypal.com"],
  ["xn--80ak6aa92e.com", "apple.com"],
  ["xn--bcher-kva.test", "bucher.test"],
])("%s has the look of %s", (fake, real) => {
  expect(lookOf(fake)).toBe(lookOf(real));
});

test("what stands in front of a domain is seen", () => {
  expect(domainsInFront("paypal.com.evil.test")).toEqual(["paypal.com"]);
  expect(domainsInFront("evil.test")).toEqual([]);
  expect(domainsInFront("mail.evil.test")).toEqual([]);
});

const name = fc.string({
  unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789"),
  minLength: 6,
  maxLength: 16,
});
const exchanges = [
  ["m", "rn"],
  ["w", "vv"],
  ["d", "cl"],
  ["l", "1"],
  ["i", "l"],
  ["o", "0"],
  ["s", "5"],
  ["a", "а"],
  ["e", "е"],
  ["o", "ο"],
  ["p", "р"],
  ["u", "ü"],
] as const;

test("whatever a domain is called: its letters drawn with others keep the look", () => {
  fc.assert(
    fc.property(name, fc.constantFrom(...exchanges), (label, [letter, drawn]) => {
      const fake = new URL(`http://${label.replaceAll(letter, drawn)}.test`).hostname;
      expect(lookOf(fake)).toBe(lookOf(`${label}.test`));
    }),
    { numRuns: 2000 },
  );
});

test("one slip of the finger is near, the same is not, and nearness goes both ways", () => {
  const slip = fc.tuple(
    name,
    fc.nat(15),
    fc.constantFrom("leave out", "add", "other", "exchange"),
    fc.constantFrom(..."qxz7"),
  );
  fc.assert(
    fc.property(slip, ([label, place, kind, sign]) => {
      const at = place % label.length;
      const slipped = {
        "leave out": label.slice(0, at) + label.slice(at + 1),
        add: label.slice(0, at) + sign + label.slice(at),
        other: label.slice(0, at) + sign + label.slice(at + 1),
        exchange: label.slice(0, at) + (label[at + 1] ?? "") + label[at] + label.slice(at + 2),
      }[kind];
      expect(isNear(`${slipped}.test`, `${label}.test`)).toBe(slipped !== label);
      expect(isNear(`${label}.test`, `${slipped}.test`)).toBe(slipped !== label);
    }),
    { numRuns: 2000 },
  );
  expect(isNear("birkenfeld.test", "harbourlight.test")).toBe(false);
  expect(isNear("ibm.test", "ibn.test")).toBe(false);
});

test("whatever headers a stranger writes around his own address: no contact, no ticket", async () => {
  const claims = fc.record(
    {
      "Reply-To": fc.constantFrom("alice@harbourlight.test", "Alice <alice@harbourlight.test>"),
      "X-Original-From": fc.constant("Alice <alice@harbourlight.test>"),
      "X-Original-Sender": fc.constant("alice@harbourlight.test"),
      Sender: fc.constant("alice@harbourlight.test"),
      "List-Id": fc.constant("<list.test>"),
      "In-Reply-To": fc.constant("<ours@deskhatch.test>"),
      "X-Deskhatch-Ticket": fc.constant(signThreadToken(ticket.threadKey, ticket.number, secret)),
    },
    { requiredKeys: [] },
  );
  const from = fc.constantFrom(
    "Alice",
    "Alice via Sales",
    "alice@harbourlight.test via X",
    "alice at harbourlight.test via X",
  );
  await fc.assert(
    fc.asyncProperty(
      from,
      fc.constantFrom("mallory@evil.test", "no-reply@deskhatch.test", "sales@list.test"),
      claims,
      async (called, address, headers) => {
        const match = await matched({ From: `"${called}" <${address}>`, ...headers });
        expect(match).toMatchObject({ contactId: null, ticketId: null });
      },
    ),
    { numRuns: 300 },
  );
});
