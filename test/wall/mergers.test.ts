/** Contacts and organizations that turn out to be one: what moves, what the portal shows of it, and the way back. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Agent } from "../desk/world.ts";
import { eventually, type TwoRooms, twoRooms } from "./world.ts";

let rooms: TwoRooms;
let lena: Agent;
let anna: Agent;
beforeAll(async () => {
  rooms = await twoRooms();
  lena = await rooms.anAgent({ name: "Lena", role: "lead" });
  anna = await rooms.anAgent({ name: "Anna" });
  await rooms.aMailbox();
});
afterAll(() => rooms.close());

const merge = (contactId: string, intoId: string) =>
  rooms.as(lena).post(`/api/contacts/${contactId}/merger`, { intoId });
const undo = (contactId: string) => rooms.as(lena).delete(`/api/contacts/${contactId}/merger`);
const mergeCompany = (id: string, intoId: string) => rooms.as(lena).post(`/api/organizations/${id}/merger`, { intoId });
const undoCompany = (id: string) => rooms.as(lena).delete(`/api/organizations/${id}/merger`);

/** A ticket that its requester sees in the portal, with a reply in it. */
async function aShownTicket(requesterId: string) {
  const ticket = await rooms.aTicket({ requesterId, subject: `Matter of ${requesterId}` });
  await rooms.agent(lena).show(ticket.number);
  return ticket;
}

/** Everything of the desk's that could have moved, as it stands: what undoing has to bring back. */
async function standing(ids: string[]) {
  const [row] = await rooms.desk.$queryRaw<{ all: unknown }[]>`
    select json_build_object(
      'contacts', (select json_agg(json_build_object('id', id, 'org', organization_id, 'invited', invited_at, 'merged', merged_into_id) order by id)
                     from contacts where id = any(${ids}::uuid[])),
      'addresses', (select json_agg(json_build_object('a', address, 'c', contact_id, 'p', "primary") order by address)
                     from contact_addresses where contact_id = any(${ids}::uuid[])),
      'former', (select json_agg(json_build_object('a', address, 'c', contact_id) order by address, contact_id)
                     from former_addresses where contact_id = any(${ids}::uuid[])),
      'tickets', (select json_agg(json_build_object('id', id, 'r', requester_id, 'o', organization_id) order by id)
                     from tickets where requester_id = any(${ids}::uuid[])),
      'participants', (select json_agg(json_build_object('t', ticket_id, 'c', contact_id, 'b', because, 'at', added_at) order by ticket_id, contact_id)
                     from participants where contact_id = any(${ids}::uuid[])),
      'entries', (select json_agg(json_build_object('id', id, 'c', contact_id) order by id)
                     from entries where contact_id = any(${ids}::uuid[])),
      'links', (select json_agg(json_build_object('id', id, 'c', contact_id) order by id)
                     from secure_links where contact_id = any(${ids}::uuid[]))) as all`;
  return row?.all;
}

const number = (ticket: { number: number }) => `/tickets/${ticket.number}`;

test("a merger gives the other all that the first had; undoing gives all of it back", async () => {
  const al = await rooms.aContact({ name: "Al", address: "al@freemail.test" });
  const alice = await rooms.aContact({ name: "Alice" });
  const other = await rooms.aTicket();
  const both = await rooms.aTicket();
  const own = await rooms.aTicket({ requesterId: al.id });
  const hers = await rooms.aTicket({ requesterId: alice.id });
  await rooms.desk.participant.createMany({
    data: [
      { ticketId: other.id, contactId: al.id, because: "wrote" },
      { ticketId: both.id, contactId: al.id, because: "wrote first" },
      { ticketId: both.id, contactId: alice.id, because: "wrote second" },
      { ticketId: hers.id, contactId: al.id, because: "was added" },
    ],
  });
  await rooms.desk.entry.create({ data: { ticketId: other.id, kind: "mail_received", contactId: al.id } });
  await rooms.desk.formerAddress.create({ data: { address: "al@old.test", contactId: al.id } });
  const expiresAt = new Date(Date.now() + 60_000);
  await rooms.desk.secureLink.create({ data: { ticketId: own.id, contactId: al.id, secretHash: own.id, expiresAt } });
  await rooms.desk.contact.update({ where: { id: al.id }, data: { invitedAt: new Date(), invitedById: anna.id } });
  const before = await standing([al.id, alice.id]);

  const merged = await merge(al.id, alice.id);
  expect(merged).toMatchObject({
    status: 201,
    body: {
      contact: { id: alice.id, addresses: [alice.address, "al@freemail.test"], invited: true },
      formerAddresses: ["al@old.test"],
      merged: [{ id: al.id, name: "Al", by: "Lena" }],
    },
  });
  const ticket = await rooms.desk.ticket.findUniqueOrThrow({ where: { id: own.id } });
  expect(ticket).toMatchObject({ requesterId: alice.id, organizationId: alice.organizationId });
  expect(await rooms.desk.participant.count({ where: { contactId: al.id } })).toBe(0);
  expect(await rooms.desk.participant.count({ where: { contactId: alice.id } })).toBe(3);
  expect(await rooms.desk.entry.count({ where: { contactId: al.id } })).toBe(0);
  expect((await rooms.as(anna).get("/api/contacts?search=al@freemail.test")).body.contacts).toMatchObject([
    { id: alice.id },
  ]);
  expect((await rooms.as(anna).get(`/api/contacts/${al.id}`)).status).toBe(404);

  expect(await undo(al.id)).toMatchObject({ status: 200, body: { contact: { id: al.id, invited: true }, merged: [] } });
  expect(await standing([al.id, alice.id])).toEqual(before);
  const acts = await rooms.desk.auditRecord.findMany({
    where: { subject: al.id, agentId: lena.id },
    orderBy: { id: "asc" },
  });
  expect(acts.map(({ act }) => act)).toEqual(["contact_merged", "contact_merger_undone"]);
});

test("what came after the merger stays where it is when it is undone", async () => {
  const bo = await rooms.aContact({ name: "Bo" });
  const bob = await rooms.aContact({ name: "Bob" });
  const ticket = await rooms.aTicket();
  await rooms.desk.participant.create({ data: { ticketId: ticket.id, contactId: bo.id, because: "wrote" } });
  await merge(bo.id, bob.id);

  const later = await rooms.aTicket({ requesterId: bob.id });
  const stale = await rooms.aTicket({ requesterId: bo.id });
  await rooms.as(anna).post(`/api/contacts/${bob.id}/addresses`, { address: "bob@later.test" });
  await rooms.desk.participant.deleteMany({ where: { ticketId: ticket.id } });
  await undo(bo.id);

  const requesters = await rooms.desk.ticket.findMany({
    where: { id: { in: [later.id, stale.id] } },
    select: { requesterId: true },
  });
  expect(requesters).toEqual([{ requesterId: bob.id }, { requesterId: bob.id }]);
  expect((await rooms.as(anna).get(`/api/contacts/${bob.id}`)).body.contact.addresses).toEqual([
    bob.address,
    "bob@later.test",
  ]);
  expect(await rooms.desk.participant.count({ where: { ticketId: ticket.id } })).toBe(0);
});

test("circles, twice, with itself, with nobody, without the right: refused with a sentence", async () => {
  const [one, two, three] = [await rooms.aContact(), await rooms.aContact(), await rooms.aContact()];
  expect((await merge(one.id, one.id)).status).toBe(422);
  expect((await merge(one.id, "00000000-0000-4000-8000-000000000000")).status).toBe(404);
  expect((await rooms.as(anna).post(`/api/contacts/${one.id}/merger`, { intoId: two.id })).status).toBe(403);
  expect((await undo(one.id)).status).toBe(409);
  await merge(one.id, two.id);
  expect(await merge(one.id, three.id)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("already") },
  });
  expect(await merge(two.id, one.id)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("Choose that one") },
  });
  expect((await rooms.as(anna).post(`/api/contacts/${one.id}/addresses`, { address: "x@x.test" })).status).toBe(404);
});

test("ten leads who merge the same two, in both directions, at once: it happens once", async () => {
  const [one, two] = [await rooms.aContact(), await rooms.aContact()];
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, at) => (at % 2 ? merge(one.id, two.id) : merge(two.id, one.id))),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
  const rows = await rooms.desk.contactAddress.findMany({ where: { contactId: { in: [one.id, two.id] } } });
  expect(new Set(rows.map(({ contactId }) => contactId)).size).toBe(1);
});

test("tickets that are opened while their requester is merged end with the other one", async () => {
  const [one, two] = [await rooms.aContact(), await rooms.aContact()];
  const opening = Array.from({ length: 10 }, () => rooms.aTicket({ requesterId: one.id }));
  const [merged] = await Promise.all([merge(one.id, two.id), ...opening]);
  expect(merged.status).toBe(201);
  const tickets = await rooms.desk.ticket.findMany({ where: { requesterId: { in: [one.id, two.id] } } });
  expect(tickets).toHaveLength(10);
  expect(
    tickets.every(({ requesterId, organizationId }) => requesterId === two.id && organizationId === two.organizationId),
  ).toBe(true);
});

test("a chain of mergers is undone in any order", async () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ] as const) {
    const people = [await rooms.aContact(), await rooms.aContact(), await rooms.aContact()] as const;
    const ids = people.map(({ id }) => id);
    for (const { id } of people) await rooms.aTicket({ requesterId: id });
    const before = await standing(ids);
    await merge(people[0].id, people[1].id);
    await merge(people[1].id, people[2].id);
    expect(await rooms.desk.ticket.count({ where: { requesterId: people[2].id } })).toBe(3);
    for (const at of order) expect((await undo(people[at].id)).status).toBe(200);
    expect(await standing(ids)).toEqual(before);
  }
});

test("in the portal the merged one's sessions end, the other sees the tickets, and nobody else ever does", async () => {
  const { id: organizationId } = await rooms.anOrganization();
  const cy = await rooms.aContact({ name: "Cy" });
  const cyra = await rooms.aContact({ name: "Cyra", organizationId });
  const colleague = await rooms.aContact({ name: "Col", organizationId });
  const stranger = await rooms.aContact({ name: "Stranger" });
  const [his, hers] = [await aShownTicket(cy.id), await aShownTicket(cyra.id)];
  for (const { id } of [colleague, stranger]) await aShownTicket(id);
  await rooms.settled();
  const browsers = {
    cy: await rooms.signedIn(cy),
    cyra: await rooms.signedIn(cyra),
    colleague: await rooms.signedIn(colleague),
    stranger: await rooms.signedIn(stranger),
  };
  const sees = async (who: keyof typeof browsers) => {
    const answers = [await browsers[who].get(number(his)), await browsers[who].get(number(hers))];
    return answers.map(({ status }) => status);
  };
  expect(await sees("cy")).toEqual([200, 404]);
  expect(await sees("cyra")).toEqual([404, 200]);

  await merge(cy.id, cyra.id);
  await rooms.settled();
  expect(await sees("cy")).toEqual([303, 303]);
  expect(await sees("cyra")).toEqual([200, 200]);
  expect(await sees("colleague")).toEqual([404, 404]);
  expect(await sees("stranger")).toEqual([404, 404]);
  expect(await rooms.publisher.publishedTicket.count({ where: { ticketId: his.id } })).toBe(1);
  expect(await rooms.publisher.customer.count({ where: { contactId: cy.id, disabledAt: null } })).toBe(0);
  browsers.cy = await rooms.signedIn(cy);
  expect(await sees("cy")).toEqual([200, 200]);

  await undo(cy.id);
  await rooms.settled();
  expect(await sees("cy")).toEqual([303, 303]);
  expect(await sees("cyra")).toEqual([404, 200]);
  expect(await sees("colleague")).toEqual([404, 404]);
  expect(await sees("stranger")).toEqual([404, 404]);
  const access = { contactId: cy.id, organizationId: cy.organizationId };
  expect(
    await rooms.publisher.ticketAccess.findMany({ where: { contactId: cy.id }, select: { ticketId: true } }),
  ).toEqual([{ ticketId: his.id }]);
  expect(await rooms.publisher.customerAddress.count({ where: { ...access, address: cy.address } })).toBe(1);
  const [stands] = await rooms.publisher.publishedTicket.findMany({ where: { ticketId: his.id } });
  expect(stands?.organizationId).toBe(cy.organizationId);
});

test("what a customer wrote in the portal just before he was merged is not lost", async () => {
  const dee = await rooms.aContact({ name: "Dee" });
  const deedee = await rooms.aContact({ name: "Deedee" });
  const ticket = await aShownTicket(dee.id);
  const act = { organizationId: dee.organizationId, contactId: dee.id, at: new Date() };
  await rooms.settled();
  const merging = await merge(dee.id, deedee.id);
  expect(merging.status).toBe(201);
  await rooms.publisher.customerAct.createMany({
    data: [
      { ...act, actId: crypto.randomUUID(), kind: "message", text: "My words", ticketId: ticket.id, onceKey: "words" },
      {
        ...act,
        actId: crypto.randomUUID(),
        kind: "new_ticket",
        subject: "My matter",
        text: "More words",
        onceKey: "matter",
      },
    ],
  });
  await rooms.queue.enqueue(rooms.desk, "collect", {});
  await eventually(() =>
    rooms.desk.entry.findFirst({ where: { ticketId: ticket.id, kind: "portal_message", contactId: deedee.id } }),
  );
  const opened = await eventually(() => rooms.desk.ticket.findFirst({ where: { subject: "My matter" } }));
  expect(opened).toMatchObject({ requesterId: deedee.id, organizationId: deedee.organizationId });
});

test("organizations: contacts, tickets and domains move and come back; each customer sees his own tickets all the time", async () => {
  const small = await rooms.anOrganization({ name: "Small" });
  const large = await rooms.anOrganization({ name: "Large" });
  const sam = await rooms.aContact({ name: "Sam", organizationId: small.id });
  const lou = await rooms.aContact({ name: "Lou", organizationId: large.id });
  const [his, theirs] = [await aShownTicket(sam.id), await aShownTicket(lou.id)];
  await rooms.desk.organizationDomain.create({ data: { domain: "small.test", organizationId: small.id } });
  await rooms.settled();
  const before = await standing([sam.id, lou.id]);
  const browser = await rooms.signedIn(lou);

  expect(await mergeCompany(small.id, large.id)).toMatchObject({
    status: 201,
    body: { domains: [{ domain: "small.test" }], merged: [{ id: small.id, name: "Small", by: "Lena" }] },
  });
  expect((await mergeCompany(large.id, small.id)).status).toBe(409);
  await rooms.settled();
  expect(await rooms.desk.contact.count({ where: { organizationId: small.id } })).toBe(0);
  expect((await browser.get(number(his))).status).toBe(404);
  expect((await browser.get(number(theirs))).status).toBe(200);
  expect((await (await rooms.signedIn(sam)).get(number(his))).status).toBe(200);
  expect(await rooms.publisher.publishedTicket.count({ where: { organizationId: small.id } })).toBe(0);
  expect(await rooms.publisher.customer.count({ where: { organizationId: small.id } })).toBe(0);

  const later = await rooms.aContact({ name: "Later", organizationId: large.id });
  expect((await undoCompany(small.id)).status).toBe(200);
  await rooms.settled();
  expect(await standing([sam.id, lou.id])).toEqual(before);
  expect((await rooms.desk.contact.findUniqueOrThrow({ where: { id: later.id } })).organizationId).toBe(large.id);
  expect((await (await rooms.signedIn(sam)).get(number(his))).status).toBe(200);
  expect((await browser.get(number(his))).status).toBe(404);
  expect(await rooms.publisher.publishedTicket.count({ where: { organizationId: small.id } })).toBe(1);
});

test("a ticket stays with its requester when organizations part after he became another contact", async () => {
  const [old, kept] = [await rooms.anOrganization(), await rooms.anOrganization()];
  const eve = await rooms.aContact({ organizationId: old.id });
  const eva = await rooms.aContact({ organizationId: kept.id });
  const ticket = await rooms.aTicket({ requesterId: eve.id });
  await mergeCompany(old.id, kept.id);
  await merge(eve.id, eva.id);
  await undoCompany(old.id);
  expect(await rooms.desk.ticket.findUniqueOrThrow({ where: { id: ticket.id } })).toMatchObject({
    requesterId: eva.id,
    organizationId: kept.id,
  });
  await undo(eve.id);
  expect(await rooms.desk.ticket.findUniqueOrThrow({ where: { id: ticket.id } })).toMatchObject({
    requesterId: eve.id,
    organizationId: old.id,
  });
});

test("everything in the desk's tables that names a contact or an organization is moved by a merger", async () => {
  const rows = await rooms.desk.$queryRaw<{ what: string }[]>`
    select c.table_name || '.' || c.column_name as what from information_schema.columns c
     where c.table_schema = 'public' and c.column_name ~ '(contact|requester|organization|merged_into)_id$' order by 1`;
  expect(rows.map(({ what }) => what)).toEqual([
    "audit_records.contact_id",
    "contact_addresses.contact_id",
    "contacts.merged_into_id",
    "contacts.organization_id",
    "crm_links.contact_id",
    "crm_links.organization_id",
    "crm_writings.contact_id",
    "entries.contact_id",
    "former_addresses.contact_id",
    "organization_domains.organization_id",
    "organizations.merged_into_id",
    "participants.contact_id",
    "secure_links.contact_id",
    "tickets.merged_into_id",
    "tickets.organization_id",
    "tickets.requester_id",
  ]);
});
