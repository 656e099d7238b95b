import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { EntryPage } from "../../server/desk/contract/tickets.ts";
import { syncAndReceive } from "../../server/desk/mail/workers.ts";
import { timeline } from "../../server/desk/tickets/timeline.ts";
import { aMailWorld, arrives, type MailWorld } from "./world.ts";

let world: MailWorld;
let mailboxId: string;

beforeAll(async () => {
  world = await aMailWorld();
  mailboxId = (await world.reads("every_mail")).id;
  await world.aContact({ name: "Alice Moreau", address: "alice@harbourlight.test" });
});
afterAll(() => world.close());

/** The one entry that agents see of a mail. */
async function entryOf(letter: Parameters<typeof arrives>[1]) {
  const internetMessageId = await arrives(world.sandbox, letter);
  await syncAndReceive(world.context, mailboxId);
  const { ticketId } = await world.desk.message.findFirstOrThrow({ where: { internetMessageId } });
  const { entries } = await timeline(world.desk, { id: ticketId ?? "", mergedIds: [] });
  return EntryPage.parse({ entries, olderCursor: null }).entries[0];
}

const calendar = (method: string, answer: string) =>
  [
    "BEGIN:VCALENDAR",
    `METHOD:${method}`,
    "BEGIN:VEVENT",
    "UID:visit-7",
    "SUMMARY:Repair of pump 7",
    "LOCATION:Gate four",
    "DTSTART:20260504T080000Z",
    "DTEND:20260504T090000Z",
    "ORGANIZER;CN=Alice Moreau:mailto:alice@harbourlight.test",
    `ATTENDEE;CN=Support;PARTSTAT=${answer}:mailto:support@deskhatch.test`,
    "END:VEVENT",
    "END:VCALENDAR",
  ].join("\r\n");

test.each([
  ["REQUEST", "NEEDS-ACTION"],
  ["CANCEL", "NEEDS-ACTION"],
  ["REPLY", "DECLINED"],
])("an appointment (%s) is an entry with date, place, organizer and answers", async (method, answer) => {
  const entry = await entryOf({
    subject: "Repair of pump 7",
    headers: { "Content-Type": `text/calendar; charset=utf-8; method=${method}` },
    text: calendar(method, answer),
  });
  expect(entry?.appointment).toEqual({
    method,
    summary: "Repair of pump 7",
    location: "Gate four",
    start: "2026-05-04T08:00:00.000Z",
    end: "2026-05-04T09:00:00.000Z",
    organizer: "Alice Moreau",
    answers: [{ name: "Support", answer }],
  });
});

test("an encrypted mail is kept and says that it is", async () => {
  const entry = await entryOf({
    headers: { "Content-Type": "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m" },
    text: "MIAGCSqGSIb3DQEHA6CAMIACAQAx",
  });
  expect(entry).toMatchObject({ protection: "smime_encrypted", appointment: null, files: [{ name: "smime.p7m" }] });
});
