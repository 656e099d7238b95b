import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { TicketStatus } from "../../prisma/generated/desk/client.ts";
import { transact } from "../../server/desk/database.ts";
import { fileCustomerWords, fileMessage } from "../../server/desk/mail/file.ts";
import { aWorld, type World } from "../desk/world.ts";

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

const rule = { rule: "intake" };
const file = (messageId: string, ticketId: string, attachmentIds: string[] | "all" = "all") =>
  transact(world.desk, (tx) =>
    fileMessage(tx, world.queue, { messageId, ticketId, attachmentIds, actor: rule, because: ["a test says so"] }),
  );
const ticketOf = (id: string) =>
  world.desk.ticket.findUniqueOrThrow({
    where: { id },
    include: { participants: true, entries: { orderBy: { at: "asc" }, include: { attachments: true } } },
  });
const aSleepingTicket = async (requesterId: string, status: TicketStatus) => {
  const { id } = await world.aTicket({ requesterId });
  return world.desk.ticket.update({
    where: { id },
    data: { status, closedAt: status === "closed" ? new Date() : null },
  });
};

test.each(["waiting_on_customer", "resolved", "closed"] as const)(
  "the requester's mail brings back a ticket that is %s",
  async (status) => {
    const alice = await world.aContact();
    const { id, version } = await aSleepingTicket(alice.id, status);
    const mail = await world.aKeptMail({ from: alice, html: "<p>Still broken</p>" });

    const { entryId } = await file(mail.id, id);

    const ticket = await ticketOf(id);
    expect(ticket).toMatchObject({ status: "in_progress", closedAt: null, version: version + 1 });
    expect(ticket.entries.find((entry) => entry.id === entryId)).toMatchObject({
      kind: "mail_received",
      contactId: alice.id,
      html: "<p>Still broken</p>",
    });
    expect(ticket.entries.find(({ kind }) => kind === "status_change")?.facts).toMatchObject({
      from: status,
      to: "in_progress",
    });
  },
);

test("a mail is filed once, however often it is asked for, and only on one ticket", async () => {
  const alice = await world.aContact();
  const [{ id }, other] = [await world.aTicket({ requesterId: alice.id }), await world.aTicket()];
  const mail = await world.aKeptMail({ from: alice });

  const [first, second] = [await file(mail.id, id), await file(mail.id, id)];

  expect(second).toEqual(first);
  expect((await ticketOf(id)).entries).toHaveLength(1);
  await expect(file(mail.id, other.id)).rejects.toThrow("belongs to another ticket");
});

test("a colleague who writes takes part from then on; somebody of another organization does not", async () => {
  const alice = await world.aContact();
  const adam = await world.aContact({ organizationId: alice.organizationId });
  const bob = await world.aContact();
  const { id } = await aSleepingTicket(alice.id, "resolved");

  await file((await world.aKeptMail({ from: bob })).id, id);
  expect(await ticketOf(id)).toMatchObject({ status: "resolved", participants: [] });

  await file((await world.aKeptMail({ from: adam })).id, id);
  expect(await ticketOf(id)).toMatchObject({ status: "in_progress", participants: [{ contactId: adam.id }] });
});

test("a machine's answer is on the ticket and wakes nobody", async () => {
  const alice = await world.aContact();
  const { id } = await aSleepingTicket(alice.id, "closed");
  const mail = await world.aKeptMail({ from: alice });
  await world.desk.message.update({ where: { id: mail.id }, data: { kind: "auto_reply" } });

  await file(mail.id, id);

  expect(await ticketOf(id)).toMatchObject({ status: "closed" });
});

test("a mail whose sender is not verified names no contact, also when an agent files it", async () => {
  const alice = await world.aContact();
  const { id } = await aSleepingTicket(alice.id, "closed");
  const mail = await world.aKeptMail({ from: alice, heldBecause: "The sender is not verified" });
  await world.desk.message.update({ where: { id: mail.id }, data: { authentication: { verdict: "fail" } } });

  await file(mail.id, id);

  const ticket = await ticketOf(id);
  expect(ticket).toMatchObject({ status: "closed", entries: [{ contactId: null }] });
  expect(await world.desk.message.findUnique({ where: { id: mail.id } })).toMatchObject({
    heldBecause: null,
    ticketId: id,
  });
});

test("the chosen files come along, and the pictures inside the words always do", async () => {
  const alice = await world.aContact();
  const { id } = await world.aTicket({ requesterId: alice.id });
  const files = [{ name: "chosen.pdf" }, { name: "left.pdf" }, { name: "logo.png", inline: true }];
  const mail = await world.aKeptMail({ from: alice, files });

  const { entryId } = await file(mail.id, id, [mail.attachments[0]?.id ?? ""]);

  const entry = (await ticketOf(id)).entries.find((one) => one.id === entryId);
  expect(entry?.attachments.map(({ name }) => name).sort()).toEqual(["chosen.pdf", "logo.png"]);
});

test("what a customer writes in the portal is filed once, as text, and brings the ticket back", async () => {
  const alice = await world.aContact();
  const { id } = await aSleepingTicket(alice.id, "waiting_on_customer");
  const words = {
    ticketId: id,
    contactId: alice.id,
    text: "It <works> & thanks",
    files: [{ name: "photo.png", type: "image/png", size: 3, sha256: "0".repeat(64) }],
    at: new Date(),
    onceKey: "act 17",
    kind: "portal_message" as const,
  };
  const collect = () => transact(world.desk, (tx) => fileCustomerWords(tx, world.queue, words));

  const [first, second] = [await collect(), await collect()];

  expect(second).toEqual(first);
  const ticket = await ticketOf(id);
  expect(ticket.status).toBe("in_progress");
  const messages = ticket.entries.filter(({ kind }) => kind === "portal_message");
  expect(messages).toMatchObject([{ contactId: alice.id, attachments: [{ name: "photo.png" }] }]);
  expect(messages[0]?.html).toContain("It &lt;works&gt; &amp; thanks");
});
