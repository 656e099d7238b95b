import { expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  domainsAbove,
  isFreeMail,
  isRoleAddress,
  soleSender,
  withoutPlusTag,
} from "../../server/desk/mail/matching/addresses.ts";
import {
  type Evidence,
  type KnownContact,
  type KnownTicket,
  subjectNumber,
} from "../../server/desk/mail/matching/evidence.ts";
import { judge } from "../../server/desk/mail/matching/match-mail.ts";
import type { MailKind, ReadMail } from "../../server/desk/mail/reading/read-mail.ts";
import {
  isGenuine,
  readThreadToken,
  replyAddress,
  signThreadToken,
  tokensIn,
} from "../../server/desk/mail/thread-token.ts";

const secret = "the desk's secret, of more than 32 characters";

const contact = (name: string, organizationId: string): KnownContact => ({
  address: `${name}@${organizationId}.test`,
  contactId: name,
  name,
  organizationId,
  organization: organizationId,
  taught: false,
});
const alice = contact("alice", "harbourlight");
const adam = contact("adam", "harbourlight");
const bob = contact("bob", "birkenfeld");

const ticket: KnownTicket = {
  id: "ticket-of-alice",
  number: 1042,
  subject: "The printer",
  threadKey: "abcdefghijklmnopqrstuvwxyz",
  organizationId: "harbourlight",
  requesterId: "alice",
  participantIds: [],
  splitFromId: null,
};
const token = signThreadToken(ticket.threadKey, ticket.number, secret);

const aMail = (from: string, more: Partial<ReadMail> = {}): ReadMail => ({
  subject: "Hello",
  from: { name: "", address: from },
  sender: null,
  to: [],
  cc: [],
  replyTo: [],
  date: null,
  messageId: "new@customer.test",
  inReplyTo: null,
  references: [],
  headers: [["from", from]],
  text: "",
  visibleText: "",
  quotedText: "",
  html: "",
  visibleHtml: "",
  quotedHtml: "",
  attachments: [],
  kind: "message",
  bounce: null,
  autoReply: null,
  automatic: null,
  feedbackReport: null,
  forward: null,
  calendar: null,
  listId: null,
  protection: null,
  authentication: { spf: "pass", dkim: "pass", dmarc: "pass", verdict: "pass" },
  warnings: [],
  ...more,
});

/** What the desk knows when this mail arrives: three contacts, one ticket, and the mails of its thread. */
const knowing = (mail: ReadMail, more: Partial<Evidence> = {}): Evidence => ({
  sender: soleSender(mail),
  contacts: new Map([alice, adam, bob].map((known) => [known.address, known])),
  formerly: [],
  behindRole: [],
  domains: [],
  knownDomain: false,
  looksLike: null,
  expectedDomains: [],
  mailboxes: ["support@deskhatch.test"],
  agents: ["anna@deskhatch.test"],
  messages: [
    {
      internetMessageId: "ours@deskhatch.test",
      ticketId: ticket.id,
      outgoing: true,
      addressed: ["alice@harbourlight.test", "adam@harbourlight.test", "bob@birkenfeld.test"],
    },
  ],
  tickets: [ticket],
  tokens: tokensIn(mail.to.map(({ address }) => address)),
  openOfSender: [],
  inConversation: [],
  ...more,
});

const matched = (mail: ReadMail, more: Partial<Evidence> = {}) => judge(mail, knowing(mail, more), secret);
const answer = { inReplyTo: "ours@deskhatch.test" };
const toTheThread = { to: [{ name: "", address: `support+${token}@deskhatch.test` }] };

test("the requester who answers our mail is on the ticket, and it says why", () => {
  const match = matched(aMail("alice@harbourlight.test", answer));
  expect(match).toMatchObject({ contactId: "alice", ticketId: ticket.id, heldBecause: null });
  expect(match.because).toEqual([
    "alice@harbourlight.test is an address of alice",
    "it answers a mail that we sent on #1042",
    "alice is the requester",
  ]);
});

test("the requester who writes to the reply address is on the ticket without any reference", () => {
  expect(matched(aMail("alice@harbourlight.test", toTheThread))).toMatchObject({
    ticketId: ticket.id,
    heldBecause: null,
  });
});

test("a colleague who was addressed in the mail he answers joins; one of another organization does not", () => {
  expect(matched(aMail("adam@harbourlight.test", answer))).toMatchObject({ contactId: "adam", ticketId: ticket.id });
  const fromAlice = { internetMessageId: "ours@deskhatch.test", ticketId: ticket.id, outgoing: false };
  const messages = [{ ...fromAlice, addressed: ["bob@birkenfeld.test"] }];
  expect(matched(aMail("bob@birkenfeld.test", answer), { messages })).toMatchObject({
    ticketId: null,
    heldBecause: expect.stringContaining("unknown sender in a known thread"),
    suggestions: { tickets: [{ ticketId: ticket.id }] },
  });
});

test("whom we wrote to ourselves answers on the ticket, whoever he works for", () => {
  expect(matched(aMail("bob@birkenfeld.test", answer))).toMatchObject({ contactId: "bob", ticketId: ticket.id });
});

test("MAIL-01: in the requester's name, from somewhere else, to the reply address: held", () => {
  const forged = aMail("alice@harbourlight.test", {
    ...toTheThread,
    cc: [{ name: "", address: "mallory@outsider.test" }],
    authentication: { spf: "fail", dkim: "none", dmarc: "fail", verdict: "fail" },
  });
  expect(matched(forged)).toMatchObject({
    contactId: null,
    ticketId: null,
    heldBecause: expect.stringContaining("not verified"),
    suggestions: { contacts: [{ contactId: "alice" }], tickets: [{ ticketId: ticket.id }] },
  });
});

test("MAIL-01: nobody vouches for the sender of an answer: held", () => {
  const unproven = aMail("alice@harbourlight.test", {
    ...answer,
    authentication: { spf: null, dkim: null, dmarc: null, verdict: "none" },
  });
  expect(matched(unproven)).toMatchObject({
    ticketId: null,
    heldBecause: expect.stringContaining("no server vouches"),
  });
});

test("MAIL-02: a number in the subject only suggests, to the requester as to a stranger", () => {
  for (const from of ["alice@harbourlight.test", "mallory@outsider.test"])
    expect(matched(aMail(from, { subject: "Re: [#1042] The printer" }))).toMatchObject({
      ticketId: null,
      heldBecause: null,
      suggestions: { tickets: [{ ticketId: ticket.id, because: "the subject names #1042" }] },
    });
});

test("MAIL-03: a token that is wrong by one character, shortened, or of another ticket is no token", () => {
  const other = signThreadToken(ticket.threadKey, 1043, secret);
  const flipped = token.slice(0, -1) + (token.endsWith("a") ? "b" : "a");
  const foreign = signThreadToken(ticket.threadKey, ticket.number, "another secret");
  for (const forged of [other, flipped, token.slice(0, -1), foreign, `${token}a`, ticket.threadKey]) {
    const mail = aMail("alice@harbourlight.test", { to: [{ name: "", address: `support+${forged}@deskhatch.test` }] });
    expect(matched(mail)).toMatchObject({ ticketId: null, suggestions: { tickets: [] } });
  }
});

test("MAIL-03: whatever is changed in a token, from the requester himself it proves nothing", () => {
  const sign = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz234567");
  const changed = fc.oneof(
    fc.tuple(fc.nat(token.length - 1), sign).map(([at, to]) => token.slice(0, at) + to + token.slice(at + 1)),
    fc.nat(token.length - 1).map((length) => token.slice(0, length)),
    fc.tuple(fc.nat(token.length), sign).map(([at, more]) => token.slice(0, at) + more + token.slice(at)),
    fc.nat(token.length - 1).map((at) => token.slice(at) + token.slice(0, at)),
  );
  fc.assert(
    fc.property(changed, fc.boolean(), (forged, inHeader) => {
      fc.pre(forged !== token);
      const mail = aMail("alice@harbourlight.test", {
        to: [{ name: "", address: inHeader ? "support@deskhatch.test" : `support+${forged}@deskhatch.test` }],
      });
      const tokens = tokensIn([`support+${forged}@deskhatch.test`]);
      expect(matched(mail, { tokens }).ticketId).toBeNull();
    }),
    { numRuns: 2000 },
  );
});

test("answers under the token of the ticket that their mail left by a split go to where it is now", () => {
  const part = { ...ticket, id: "part", number: 1043, threadKey: "zyxwvutsrqponmlkjihgfedcba", splitFromId: ticket.id };
  const message = { internetMessageId: "theirs@customer.test", ticketId: "part", outgoing: false, addressed: [] };
  const mail = aMail("alice@harbourlight.test", { ...toTheThread, inReplyTo: "theirs@customer.test" });
  expect(matched(mail, { messages: [message], tickets: [ticket, part] }).ticketId).toBe("part");
  // Any other ticket's mail does not lead away from the token.
  const foreign = { ...part, splitFromId: null };
  expect(matched(mail, { messages: [message], tickets: [ticket, foreign] }).ticketId).toBe(ticket.id);
});

test("MAIL-04: who got our mail forwarded and answers it is no requester, whatever name and Reply-To he gives", () => {
  const mail = aMail("mallory@outsider.test", {
    ...answer,
    ...toTheThread,
    from: { name: "Alice A.", address: "mallory@outsider.test" },
    replyTo: [{ name: "Alice", address: "alice@harbourlight.test" }],
  });
  expect(matched(mail)).toMatchObject({
    contactId: null,
    ticketId: null,
    heldBecause: expect.stringContaining("mallory@outsider.test"),
  });
});

test("MAIL-05: what comes in an agent's name by mail is held, authenticated or not", () => {
  for (const verdict of ["pass", "none", "fail"] as const) {
    const authentication = { spf: null, dkim: null, dmarc: null, verdict };
    const mail = aMail("anna@deskhatch.test", { ...answer, ...toTheThread, authentication });
    expect(matched(mail)).toMatchObject({ ticketId: null, heldBecause: expect.any(String) });
  }
});

test("a bounce belongs to the ticket of the mail it reports on; of a mail we never sent it is held", () => {
  const bounce = { status: "5.1.1", recipient: "alice@harbourlight.test", permanent: true, diagnostic: null };
  const ours = { ...bounce, originalMessageId: "ours@deskhatch.test" };
  const foreign = { ...bounce, originalMessageId: "somebody@else.test" };
  expect(matched(aMail("postmaster@x.test", { kind: "bounce", bounce: ours }))).toMatchObject({ ticketId: ticket.id });
  expect(matched(aMail("postmaster@x.test", { kind: "bounce", bounce: foreign }))).toMatchObject({
    ticketId: null,
    heldBecause: "It reports on a mail that we did not send.",
  });
});

test("several senders, none, or one that programs read differently: held", () => {
  const several = aMail("alice@harbourlight.test", {
    headers: [
      ["from", "alice@harbourlight.test"],
      ["from", "mallory@outsider.test"],
    ],
  });
  for (const mail of [
    several,
    aMail(""),
    aMail('"a@evil"@harbourlight.test'),
    aMail("alice@harbourlight.test, mallory@x.test"),
  ])
    expect(matched(mail)).toMatchObject({ contactId: null, ticketId: null, heldBecause: expect.any(String) });
});

test("our own mailbox writing to itself is held, so that nothing goes round", () => {
  expect(matched(aMail("support@deskhatch.test", answer)).heldBecause).toContain("our own mailbox");
});

test("a domain names the organization but nobody in it; several people may be behind a role address", () => {
  const domain = {
    domain: "harbourlight.test",
    organizationId: "harbourlight",
    organization: "Harbourlight",
    includeSubdomains: false,
  };
  expect(matched(aMail("info@harbourlight.test"), { domains: [domain], behindRole: [alice, adam] })).toMatchObject({
    contactId: null,
    organizationId: "harbourlight",
    suggestions: { contacts: [{ contactId: "alice" }, { contactId: "adam" }] },
    heldBecause: "Several people of harbourlight may write as info@harbourlight.test. Say whose matter it is.",
  });
});

test("a plus tag is the same person; a forward and the Reply-To of our own form only suggest one", () => {
  expect(matched(aMail("alice+invoices@harbourlight.test")).contactId).toBe("alice");
  const from = { name: "Bob", address: "bob@birkenfeld.test" };
  const forward = { is: true as const, from, subject: null, to: [], cc: [], date: null, because: "a block says so" };
  expect(matched(aMail("new@harbourlight.test", { forward }))).toMatchObject({
    contactId: null,
    suggestions: { contacts: [{ contactId: "bob" }] },
  });
  expect(matched(aMail("no-reply@deskhatch.test", { replyTo: [from] }))).toMatchObject({
    contactId: null,
    suggestions: { contacts: [{ contactId: "bob" }] },
  });
});

/** Everything in a mail that its writer chooses freely. */
const forgery = fc.record({
  from: fc.constantFrom(
    "mallory@outsider.test",
    "alice@harbourlight.test",
    "adam@harbourlight.test",
    "bob@birkenfeld.test",
    "anna@deskhatch.test",
    "support@deskhatch.test",
    "alice+x@harbourlight.test",
    "new@harbourlight.test",
  ),
  name: fc.constantFrom("", "Alice Moreau", "alice@harbourlight.test"),
  verdict: fc.constantFrom("pass" as const, "fail" as const, "none" as const),
  answers: fc.boolean(),
  token: fc.constantFrom(null, token, `${token.slice(0, 30)}${"a".repeat(22)}`),
  subject: fc.constantFrom("Hello", "Re: [#1042] The printer"),
  replyTo: fc.subarray([{ name: "", address: "alice@harbourlight.test" }]),
  cc: fc.subarray([{ name: "", address: "mallory@outsider.test" }]),
  kind: fc.constantFrom<MailKind>("message", "auto_reply", "calendar"),
  addressed: fc.subarray([
    "alice@harbourlight.test",
    "adam@harbourlight.test",
    "bob@birkenfeld.test",
    "mallory@outsider.test",
  ]),
  participants: fc.subarray(["adam", "bob"]),
  outgoing: fc.boolean(),
});

test("whatever a mail says: only an authenticated sender whom the ticket knows gets onto it", () => {
  fc.assert(
    fc.property(
      forgery,
      ({ from, name, verdict, answers, token, subject, replyTo, cc, kind, addressed, participants, outgoing }) => {
        const mail = aMail(from, {
          from: { name, address: from },
          authentication: { spf: null, dkim: null, dmarc: null, verdict },
          inReplyTo: answers ? "ours@deskhatch.test" : null,
          to: token ? [{ name: "", address: `support+${token}@deskhatch.test` }] : [],
          subject,
          replyTo,
          cc,
          kind,
        });
        const messages = [{ internetMessageId: "ours@deskhatch.test", ticketId: ticket.id, outgoing, addressed }];
        const { ticketId } = matched(mail, { messages, tickets: [{ ...ticket, participantIds: participants }] });
        const proven = answers || token === signThreadToken(ticket.threadKey, ticket.number, secret);
        const person = from.replace(/\+x/, "").split("@")[0] ?? "";
        const isKnown = ["alice", ...participants].includes(person);
        // By the requester a colleague of his, by us any contact.
        const may = from.endsWith("@harbourlight.test") || (outgoing && from === bob.address);
        const wasAddressed = addressed.includes(from) && may;
        expect(ticketId !== null).toBe(
          verdict === "pass" && proven && (isKnown || wasAddressed) && !from.endsWith("@deskhatch.test"),
        );
      },
    ),
    { numRuns: 3000 },
  );
});

test("a token is genuine for its ticket and secret alone", () => {
  const key = fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz234567"), minLength: 26, maxLength: 26 });
  fc.assert(
    fc.property(key, fc.nat(), fc.nat(), fc.string(), (threadKey, number, other, otherSecret) => {
      const read = readThreadToken(signThreadToken(threadKey, number, secret).toUpperCase());
      expect(read && isGenuine(read, number, secret)).toBe(true);
      if (other !== number) expect(read && isGenuine(read, other, secret)).toBe(false);
      if (otherSecret !== secret) expect(read && isGenuine(read, number, otherSecret)).toBe(false);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => expect(() => readThreadToken(text)).not.toThrow()));
});

test("a reply address fits into what every server takes, or there is none", () => {
  expect(replyAddress("support@deskhatch.test", token)).toBe(`support+${token}@deskhatch.test`);
  expect(replyAddress("a-mailbox-with-a-long-name@deskhatch.test", token)).toBeNull();
});

test("addresses: free mail, role words, plus tags, registrable domains, subject numbers", () => {
  expect(["gmail.com", "gmx.de", "outlook.com", "mail.ru"].every(isFreeMail)).toBe(true);
  expect(["harbourlight.test", "siemens.com"].some(isFreeMail)).toBe(false);
  expect(["info@x.de", "Rechnung@x.de"].every(isRoleAddress)).toBe(true);
  expect(isRoleAddress("ingo@x.de")).toBe(false);
  expect(withoutPlusTag("Alice+a+b@X.test")).toBe("alice@x.test");
  expect(withoutPlusTag("+a@x.test")).toBeNull();
  expect(domainsAbove("mail.eu.siemens.co.uk")).toEqual(["mail.eu.siemens.co.uk", "eu.siemens.co.uk", "siemens.co.uk"]);
  expect(domainsAbove("somebody.github.io")).toEqual(["somebody.github.io"]);
  expect(["Re: #1042", "[Ticket 1042] x", "AW: ticket #1042"].map(subjectNumber)).toEqual([1042, 1042, 1042]);
  expect(subjectNumber("Order 1042")).toBeNull();
});
