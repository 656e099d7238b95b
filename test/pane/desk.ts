/** The desk behind the pane, replaced where it leaves the machine: at fetch. Every answer fits the desk's contract. */
import type { z } from "zod";
import { HeldMailView } from "../../server/desk/contract/held.ts";
import { OpenMail } from "../../server/desk/contract/mails.ts";
import { ContactDetail, Me, OrganizationDetail } from "../../server/desk/contract/people.ts";
import { EntryView, type TicketSummary, TicketView } from "../../server/desk/contract/tickets.ts";
import { saidOf } from "../../server/desk/say.ts";

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const at = "2026-11-20T08:00:00.000Z";

export const agents = {
  anna: { id: id(1), name: "Anna Albrecht", role: "agent" as const },
  ben: { id: id(2), name: "Ben Okafor", role: "lead" as const },
};
const organization = { id: id(10), name: "Harbour Light", personal: false };
export const alice = {
  id: id(11),
  name: "Alice Moreau",
  addresses: ["alice@harbourlight.test"],
  organization,
  invited: true,
  former: false,
};
export const adam = {
  id: id(12),
  name: "Adam Lindqvist",
  addresses: ["adam@harbourlight.test"],
  organization,
  invited: false,
  former: false,
};

export const me = Me.parse({
  agent: { ...agents.anna, address: "anna@deskhatch.test" },
  agents: [agents.anna, agents.ben],
  crms: [],
  mailboxes: [
    {
      id: id(20),
      address: "support@deskhatch.test",
      name: "Support",
      mode: "on_conversion",
      team: "Service",
      lastSyncedAt: at,
      trouble: null,
    },
  ],
  teams: ["Service"],
  portalUrl: "https://portal.test",
  smtpTrouble: null,
  fullDisks: [],
  graceSeconds: 15,
  mailSizeMb: 35,
});

export const anEntry = (given: Partial<z.input<typeof EntryView>> = {}) =>
  EntryView.parse({
    id: id(100),
    number: 1042,
    shownOn: null,
    alsoIn: [],
    kind: "mail_received",
    at,
    author: { side: "customer", name: "Alice Moreau", address: "alice@harbourlight.test" },
    html: "<p>SECRET-words of the customer</p>",
    quotedHtml: "",
    files: [],
    visibility: { to: "internal", retracted: null },
    sending: null,
    bounces: [],
    appointment: null,
    protection: null,
    facts: {},
    warnings: [],
    ...given,
  });

export const aTicket = (given: Partial<z.input<typeof TicketView>> = {}) =>
  TicketView.parse({
    id: id(50),
    number: 1042,
    subject: "The crane stops",
    status: "in_progress",
    turn: "ours",
    priority: "normal",
    requester: { id: alice.id, name: alice.name, organization: organization.name },
    assignee: agents.anna,
    updatedAt: at,
    undelivered: false,
    version: 7,
    team: "Service",
    channel: "email",
    createdAt: at,
    closedAt: null,
    contact: alice,
    participants: [adam],
    mailbox: "support@deskhatch.test",
    inPortal: { since: at, by: "Anna Albrecht" },
    mergedInto: null,
    merged: [],
    origin: null,
    offspring: [],
    entries: [anEntry()],
    olderCursor: null,
    ...given,
  });

type Known = Extract<z.input<typeof OpenMail>, { state: "known" }>["mail"];

export const aMail = (given: Partial<Known> = {}) =>
  OpenMail.parse({
    state: "known",
    mail: {
      messageId: id(70),
      subject: "Invoice without order number",
      receivedAt: at,
      sender: {
        address: { name: "Alice Moreau", address: "alice@harbourlight.test" },
        contact: alice,
        organization,
        because: ["alice@harbourlight.test is an address of Alice Moreau"],
        suggestions: [],
        authenticated: "pass",
      },
      forwardedFrom: null,
      attachments: [{ id: id(71), name: "invoice.pdf", type: "application/pdf", size: 81_000, inline: false }],
      ticket: null,
      heldBecause: null,
      held: null,
      warnings: [],
      alsoIn: [],
      openTickets: [],
      suggestedTickets: [],
      proposal: {
        requesterId: alice.id,
        subject: "Invoice without order number",
        team: "Service",
        priority: "normal",
        attachmentIds: [id(71)],
      },
      ...given,
    },
  });

export const heldMail = (given: Partial<HeldMailView> = {}) =>
  HeldMailView.parse({
    heldId: id(90),
    messageId: id(80),
    sender: { name: "Alice Moreau", address: "mallory@outsider.test" },
    authenticated: "pass",
    subject: "About the crane",
    receivedAt: at,
    mailbox: "support@deskhatch.test",
    team: "Service",
    because: saidOf("An unknown sender in a known thread: mallory@outsider.test is not on #1042."),
    error: null,
    ticket: null,
    contact: null,
    attachmentIds: [id(82)],
    ...given,
  });

export const summaryOf = (ticket: TicketView): TicketSummary => {
  const { id, number, subject, status, turn, priority, requester, assignee, updatedAt, undelivered } = ticket;
  return { id, number, subject, status, turn, priority, requester, assignee, updatedAt, undelivered };
};

export const mailOf = (number: number) => aMail({ ticket: { number, because: ["it answers a mail of this ticket"] } });

/** A contact with all that its own page tells. */
export const aboutContact = (given: Partial<z.input<typeof ContactDetail>> = {}) =>
  ContactDetail.parse({ contact: alice, formerAddresses: [], merged: [], ...given });

export const aboutOrganization = (given: Partial<z.input<typeof OrganizationDetail>> = {}) =>
  OrganizationDetail.parse({ organization, domains: [], merged: [], ...given });

/** The pane of somebody who may decide who is who. */
export const asLead = Me.parse({ ...me, agent: { ...me.agent, role: "lead" } });

export const newId = id;

export type Asked = { method: string; path: string; body: unknown; headers: Headers };
type Answer = unknown | ((asked: Asked) => unknown | Promise<unknown>);

/** A refusal as the desk words it. */
export const refusal = (status: number, code: string, detail: string) =>
  new Response(JSON.stringify({ type: `about:blank#${code}`, title: code, status, detail }), { status });

/** Answers `"GET /tickets/1042"` and the like; `GET /me` and the tray's count are always known. An address that nobody expected fails the test. */
export function openDesk(answers: Record<string, Answer>) {
  const asked: Asked[] = [];
  const all: Record<string, Answer> = {
    "GET /me": me,
    "GET /held-mails/count": { waiting: 0, loops: 0 },
    ...answers,
  };

  globalThis.fetch = async (input, init = {}) => {
    const url = new URL(String(input), "https://localhost");
    const path = url.pathname.replace(/^\/api/, "");
    const request: Asked = {
      method: init.method ?? "GET",
      path: path + url.search,
      body: typeof init.body === "string" ? JSON.parse(init.body) : init.body,
      headers: new Headers(init.headers),
    };
    asked.push(request);
    // As the desk does: an act without a name of its own is refused.
    if (request.method !== "GET" && !/^[0-9a-f-]{36}$/.test(request.headers.get("idempotency-key") ?? ""))
      return refusal(400, "invalid_key", "Idempotency-Key holds 8 to 200 signs without blanks, such as a UUID.");
    const answer = all[`${request.method} ${path}`];
    if (answer === undefined)
      throw new Error(`The pane asked for ${request.method} ${path}, which this test does not know.`);
    const value = typeof answer === "function" ? await answer(request) : answer;
    return value instanceof Response ? value : new Response(JSON.stringify(value));
  };

  return {
    asked,
    /** From now on this address answers so. */
    now: (address: string, answer: Answer) => void Object.assign(all, { [address]: answer }),
    changes: () =>
      asked
        .filter(({ method }) => method !== "GET")
        .map(({ method, path, body }) => ({ act: `${method} ${path}`, body })),
  };
}
