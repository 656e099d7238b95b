/** CRASH-03: a change is committed, and the connection ends before anybody hears of it. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import express from "express";
import { deskApp, people } from "../../sandbox/world.ts";
import type { DeskContext } from "../../server/desk/context.ts";
import { openDesk, transact } from "../../server/desk/database.ts";
import { openGraph } from "../../server/desk/graph/graph.ts";
import { intendMail, sendMail } from "../../server/desk/mail/send.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { deskRoutes } from "../../server/desk/routes.ts";
import { type Listening, listen } from "../../server/platform/http.ts";
import { type OpenDoor, openDoor } from "../../server/release/door.ts";
import { aMailWorld, arrives, type MailWorld } from "../mail-flow/world.ts";
import { openWire, type Wire } from "./wire.ts";

let world: MailWorld;
let wire: Wire;
/** The desk whose every word to the database goes by the wire. */
let wired: DeskContext;
let door: OpenDoor;
let api: Listening;
let mailboxId: string;
let token: string;

beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads("every_mail")).id;
  await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });

  const { desk: direct, publisher } = world.rooms;
  wire = await openWire(Number(new URL(direct).port));
  const settings = {
    ...world.settings,
    SUPPORT_MAILBOX: "support@deskhatch.test",
    DATABASE_URL_DESK: wire.by(direct),
    DATABASE_URL_PUBLISHER: wire.by(publisher),
  };
  const desk = openDesk(wire.by(direct), 4);
  wired = { ...world.context, settings, desk, graph: openGraph(settings, desk) };
  door = await openDoor({ settings, context: wired });
  api = await listen(express().use("/api", deskRoutes(wired, door.verbs)), 0);

  const person = people.find(({ address }) => address === "anna@deskhatch.test");
  if (!person) throw new Error("Anna is not there.");
  const wish = { person, clientId: deskApp.clientId, scopes: [deskApp.scope] };
  token = (await world.sandbox.entra.issueDelegatedToken(wish)).access_token;
});
afterAll(async () => {
  await api.close();
  await door.close();
  await wired.graph.close();
  await wired.desk.$disconnect();
  wire.close();
  await world.close();
});

/** Does the same thing again and again, and each time the answer to its next change is lost. Says how many it makes. */
async function atEachChange(work: (cut: () => void) => Promise<void>): Promise<number> {
  for (let nth = 1; ; nth++) {
    await work(() => wire.cutAt(nth));
    if (!wire.wasCut()) return nth - 1;
  }
}

/** The time has gone by after which others take over what the one who heard nothing still had. */
async function laterOn() {
  await world.desk.inboxItem.updateMany({ where: { state: "pending" }, data: { dueAt: new Date(0) } });
  await world.desk.$executeRaw`
    update sendings set leased_until = null, asked_at = asked_at - interval '3 minutes' where state not in ('sent', 'failed')`;
  await world.desk.idempotentAnswer.updateMany({ where: { status: 0 }, data: { at: new Date(0) } });
}

/** As its queue would: what failed is tried again. */
async function eventually(work: () => Promise<unknown>) {
  for (let attempt = 0; attempt < 3; attempt++) {
    await work().catch(() => "again");
    await laterOn();
  }
}

async function aQuestion() {
  const internetMessageId = await arrives(world.sandbox);
  await syncAndReceive(world.context, mailboxId);
  return world.desk.message.findFirstOrThrow({ where: { internetMessageId }, include: { ticket: true } });
}

const sentWith = (key: string) =>
  world.sandbox.ledger().filter((one) => one.effect === "sent" && one.key?.includes(key));

test("whichever answer is lost while mails are filed, each is filed once", async () => {
  const changes = await atEachChange(async (cut) => {
    const letters = [await arrives(world.sandbox), await arrives(world.sandbox, { subject: "Another" })];
    cut();
    await eventually(() => syncAndReceive(wired, mailboxId));

    for (const internetMessageId of letters) {
      expect(await world.desk.message.count({ where: { internetMessageId } })).toBe(1);
      expect(await world.desk.ticket.count({ where: { messages: { some: { internetMessageId } } } })).toBe(1);
      expect(await world.desk.entry.count({ where: { message: { internetMessageId } } })).toBe(1);
    }
  });
  expect(changes).toBeGreaterThan(2);
});

test("whichever answer is lost while a mail is sent, it is sent once and recorded once", async () => {
  const changes = await atEachChange(async (cut) => {
    const question = await aQuestion();
    const key = `reply ${question.id}`;
    const { sendingId } = await transact(world.desk, (tx) =>
      intendMail(tx, world.queue, {
        kind: "reply",
        key,
        mailboxId,
        ticketId: question.ticketId ?? "",
        mail: {
          to: [{ name: "Alice", address: "alice@harbourlight.test" }],
          cc: [],
          subject: "Re: The printer is on fire",
          html: "<p>Unplug it.</p>",
          answersMessageId: question.id,
          attachments: [],
          automatic: false,
        },
      }),
    );
    cut();
    await eventually(() => sendMail(wired, sendingId));

    expect(await world.desk.sending.findUnique({ where: { id: sendingId } })).toMatchObject({ state: "sent" });
    expect(sentWith(key)).toHaveLength(1);
    expect(await world.desk.message.count({ where: { outgoing: true, ticketId: question.ticketId } })).toBe(1);
  });
  expect(changes).toBeGreaterThan(3);
});

test("whichever answer is lost while an agent's reply is written, the same key again makes it one reply and one mail", async () => {
  const changes = await atEachChange(async (cut) => {
    const { ticket, ticketId } = await aQuestion();
    const key = randomUUID();
    const write = () =>
      fetch(`http://127.0.0.1:${api.port}/api/tickets/${ticket?.number}/replies`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "idempotency-key": key,
        },
        body: JSON.stringify({ html: "<p>Unplug it.</p>" }),
      });
    cut();
    const answers: string[] = [];
    for (let attempt = 0; attempt < 4 && !isOver(answers.at(-1)); attempt++) {
      const answer = await write();
      const { type } = await answer.json();
      answers.push(`${answer.status} ${String(type).split("#")[1] ?? ""}`.trim());
      await laterOn();
    }

    expect(answers.slice(0, -1).filter((each) => each !== "503 unavailable")).toEqual([]);
    expect(["201", "409 done_already"]).toContain(answers.at(-1));
    const sendings = await world.desk.sending.findMany({ where: { ticketId: ticketId ?? "" } });
    expect(sendings).toHaveLength(1);
    expect(await world.desk.entry.count({ where: { ticketId: ticketId ?? "", kind: "reply" } })).toBe(1);
    await sendMail(world.context, sendings[0]?.id ?? "");
    expect(sentWith(sendings[0]?.key ?? "")).toHaveLength(1);
  });
  expect(changes).toBeGreaterThan(2);
});

const isOver = (answer: string | undefined) => answer !== undefined && !answer.startsWith("503");
