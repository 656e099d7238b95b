/** Takes a release back: at once gone from the portal, its files and its search. */
import { audit } from "../desk/audit.ts";
import type { AgentContext } from "../desk/context.ts";
import { EntryOf, Retracted } from "../desk/contract/tickets.ts";
import { type DeskTransaction, transact } from "../desk/database.ts";
import { OutgoingMail } from "../desk/mail/intend.ts";
import { takeBackSending } from "../desk/mail/send.ts";
import { lockTicket } from "../desk/tickets/lock.ts";
import { endpoint } from "../platform/endpoint.ts";
import { conflict, notFound } from "../platform/problems.ts";
import { publishAtOnce, publishInAnyCase } from "./at-once.ts";
import type { DoorContext } from "./context.ts";
import { withoutHistory } from "./mails/reply.ts";
import { addressesOf } from "./recipients.ts";
import { readEntry } from "./release.ts";

export const retractEntry = (door: DoorContext) =>
  endpoint({
    summary: "Takes an entry away from the customer, and says what cannot be recalled.",
    input: EntryOf,
    output: Retracted,
    run: async ({ number, entryId }, asking: AgentContext) => {
      const { ticketId, pages, mail } = await transact(door.desk, async (tx) => {
        const ticket = await lockTicket(tx, number);
        const releases = await releasesOf(tx, ticket.id, entryId);
        const mails = [];
        // A customer's words may show on the page of a merged ticket.
        const pages = [...new Set(releases.map((release) => release.ticketId))];
        for (const { id, sending } of releases) {
          await tx.release.update({
            where: { id },
            data: { retractedAt: new Date(), retractedById: asking.agent.id },
            select: { id: true },
          });
          await audit(tx, asking, { act: "retracted", ticketId: ticket.id, subject: id, details: { entryId } });
          if (sending) mails.push(await whatBecameOf(tx, sending));
        }
        mails.push(await sentFromOutlook(tx, entryId));
        await leaveOutOfReplies(tx, entryId);
        for (const page of pages) await publishInAnyCase(door, tx, page);
        return { ticketId: ticket.id, pages, mail: mails.filter(Boolean).join(" ") };
      });
      let gone = true;
      for (const page of pages) gone = (await publishAtOnce(door, page)) && gone;
      return { entry: await readEntry(door.desk, ticketId, entryId), sentence: sentence(gone, mail) };
    },
  });

async function releasesOf(tx: DeskTransaction, ticketId: string, entryId: string) {
  const entry = await tx.entry.findFirst({
    where: { id: entryId, ticketId },
    select: {
      releases: {
        where: { retractedAt: null },
        select: { id: true, ticketId: true, sending: { select: { id: true, state: true, mail: true } } },
      },
    },
  });
  if (!entry) throw notFound("This entry");
  if (entry.releases.length === 0)
    throw conflict("not_released", "The customer does not see this entry, so there is nothing to retract.");
  return entry.releases;
}

/** A reply that quotes these words and still waits for its grace period goes without them. */
async function leaveOutOfReplies(tx: DeskTransaction, entryId: string) {
  const waiting = await tx.sending.findMany({
    where: { state: "waiting", leasedUntil: null, entry: { answersId: entryId } },
    select: { id: true, mail: true },
  });
  for (const { id, mail } of waiting) {
    const { html, ...rest } = OutgoingMail.parse(mail);
    await tx.sending.updateMany({
      where: { id, state: "waiting", leasedUntil: null },
      data: { mail: { ...rest, html: withoutHistory(html) } },
    });
  }
}

/** A mail that waits is not sent any more; one that left cannot be recalled. */
async function whatBecameOf(tx: DeskTransaction, sending: { id: string; state: string; mail: unknown }) {
  const to = addressesOf(sending.mail).join(", ");
  if (sending.state === "taken_back") return "";
  if (await takeBackSending(tx, sending.id)) return `The mail to ${to} had not left yet and will not be sent.`;
  if (sending.state === "failed") return `The mail to ${to} was never sent.`;
  return sending.state === "sent"
    ? `The mail that was sent to ${to} cannot be recalled.`
    : `The mail to ${to} is on its way and cannot be recalled.`;
}

/** A reply that an agent sent from Outlook was a mail before it was released. */
async function sentFromOutlook(tx: DeskTransaction, entryId: string) {
  const message = await tx.message.findFirst({
    where: { outgoing: true, entry: { id: entryId } },
    select: { recipients: true },
  });
  return message ? `The mail that was sent to ${addressesOf(message.recipients).join(", ")} cannot be recalled.` : "";
}

const sentence = (gone: boolean, mail: string) =>
  [
    gone ? "The portal does not show it any more." : "The portal does not answer; it is removed as soon as it does.",
    mail || "No mail was sent with it.",
  ].join(" ");
