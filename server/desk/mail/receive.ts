/**
 * What happens when a mail arrives.
 * Safe to run twice for the same mail: Graph may announce it again, and a process may die between any two lines.
 */
import { setTimeout as pause } from "node:timers/promises";
import { isDatabaseAway } from "../../platform/database/away.ts";
import { log } from "../../platform/log.ts";
import { StoreTrouble } from "../../platform/storage.ts";
import type { DeskContext } from "../context.ts";
import { type DeskTransaction, transactOften } from "../database.ts";
import { isTrouble, LockedOut } from "../graph/trouble.ts";
import { noRoom, noteTrouble } from "../mailboxes/trouble.ts";
import { noteBounce } from "./bounces.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { giveTicket, isFreeCopy, isHuman } from "./give-ticket.ts";
import { hold, holdUnreadable } from "./hold.ts";
import { foldOf, type HeldBack, holdBack, matchHeldBack } from "./hold-back.ts";
import { type InboxItem, postpone, settle, takeDue, takeOne, whileTaken } from "./inbox.ts";
import { fromAddressOf, type StoredMail } from "./keep.ts";
import { keepMessage } from "./keep-message.ts";
import { domainOf } from "./matching/addresses.ts";
import { referencesOf } from "./matching/evidence.ts";
import type { Match } from "./matching/match.ts";
import { matchMail } from "./matching/match-mail.ts";
import { paceOf } from "./pace.ts";
import { type Place, questionsFirst } from "./questions-first.ts";
import type { ReadMail } from "./reading/read-mail.ts";
import { ReadingFailed } from "./reading/reader.ts";

export type ReadMailbox = { id: string; address: string; mode: "on_conversion" | "every_mail"; team: string | null };

/** Of computing time to read a mail: few at first, because others wait meanwhile. */
const secondsAtFirst = 3;
const secondsAgain = 10;
/** How many mails are fetched and read side by side; Graph serves four at a time. */
const batchSize = 8;
/** After so many failures a mail is put before a person. */
const mostAttempts = 5;
/** A mail at which the process died so often is not tried again by itself. */
const mostDeaths = 3;
/** Where a person who tries it again sets it: the next failure is told at once. */
export const attemptsBeforeLast = mostAttempts - 1;
/** …after so many when reading it broke off, which another time will hardly mend, */
const mostReadings = 3;
/** …and after so many when Graph does not hand it out: more than an hour. */
const mostFetches = 20;

/** Files every mail of the mailbox that is due, until none is left or the time is up. Says whether some are left. */
export async function receiveDue(context: DeskContext, mailbox: ReadMailbox, until: Date): Promise<"empty" | "more"> {
  const pace = await paceOf(context.desk, mailbox.id);
  // The schedule comes back.
  if (!pace) return "empty";
  while (Date.now() < until.getTime()) {
    const items = await takeDue(context.desk, mailbox.id, batchSize, pace);
    if (items.length === 0) return "empty";
    const then = await whileTaken(context.desk, items, () => receiveTogether(context, mailbox, items));
    if (then === "wait") return "empty";
  }
  return "more";
}

/** One mail, at once: an agent is waiting for it. */
export async function receiveOne(context: DeskContext, mailbox: ReadMailbox, immutableId: string) {
  const item = await takeOne(context.desk, mailbox.id, immutableId);
  if (item) await whileTaken(context.desk, [item], () => receiveTogether(context, mailbox, [item]));
}

/** Fetched and read side by side, filed one after the other, so that answers find their questions. */
async function receiveTogether(
  context: DeskContext,
  mailbox: ReadMailbox,
  items: InboxItem[],
): Promise<"go on" | "wait"> {
  for (const item of items.filter(killsUs)) await holdUnreadable(context, mailbox, item, "Whoever read it died.");
  const fetched = await Promise.all(
    items.filter((item) => !killsUs(item)).map((item) => fetchMail(context, mailbox, item)),
  );
  for (const { item, arrived } of fetched) if (arrived instanceof Error) await failed(context, mailbox, item, arrived);

  const here = questionsFirst(fetched.filter(isHere), placeInThread);
  // Whatever went wrong the last time must not take others along.
  const again = here.some(({ item }) => item.attempts > 1);
  for (const part of again ? here.map((each) => [each]) : [here]) await fileTogether(context, mailbox, part);
  // The schedule comes back; asking for the next ones now would be in vain.
  return fetched.some(({ arrived }) => isNoFaultOfTheMail(arrived)) ? "wait" : "go on";
}

/** A failure leaves a sentence; without one, whoever tried it did not come back. */
const killsUs = ({ attempts, lastError }: InboxItem) => attempts > mostDeaths && lastError === null;

/** In one transaction, because each commit waits for the disk. Where one mail fails, each gets a transaction of its own. */
async function fileTogether(context: DeskContext, mailbox: ReadMailbox, here: Here[]) {
  try {
    await transactOften(context.desk, async (tx) => {
      for (const { item, arrived } of here)
        if (arrived !== "gone") await fileArrived(context, tx, mailbox, item, arrived);
      await settle(
        tx,
        here.filter(({ arrived }) => arrived !== "gone").map(({ item }) => item),
        "filed",
      );
      await settle(
        tx,
        here.filter(({ arrived }) => arrived === "gone").map(({ item }) => item),
        "gone",
      );
    });
  } catch (error) {
    const [first, ...others] = here;
    if (first && others.length === 0) return failed(context, mailbox, first.item, error);
    for (const each of here) await fileTogether(context, mailbox, [each]);
  }
}

/** Troubles that have to do with the mailbox or with us, and not with one mail. One that is denied alone waits behind the others. */
const isNoFaultOfTheMail = (error: unknown) =>
  isTrouble(error, "throttled", "unauthorized") ||
  error instanceof LockedOut ||
  error instanceof StoreTrouble ||
  isOurDatabaseAway(error);

/** Graph's own troubles have such causes, too. */
const isOurDatabaseAway = (error: unknown) => !isTrouble(error) && isDatabaseAway(error);

type Here = { item: InboxItem; arrived: StoredMail | "gone" };
type Fetched = Here | { item: InboxItem; arrived: Error };

const isHere = (fetched: Fetched): fetched is Here => !(fetched.arrived instanceof Error);

const placeInThread = ({ item, arrived }: Here): Place => ({
  messageId: arrived === "gone" ? null : arrived.mail.messageId,
  references: arrived === "gone" ? [] : referencesOf(arrived.mail),
  at: item.receivedAt?.getTime() ?? 0,
});

/** The mail as it came, kept before it is read. */
async function fetchMail(
  { graph, files, reader, settings }: DeskContext,
  mailbox: ReadMailbox,
  item: InboxItem,
): Promise<Fetched> {
  try {
    const raw = await graph.rawMessage(mailbox.address, item.immutableId, files.keepStream);
    const seconds = item.attempts === 1 ? secondsAtFirst : secondsAgain;
    const mail = await reader.read(raw, { trustedAuthservIds: settings.TRUSTED_AUTHSERV_IDS }, seconds);
    return { item, arrived: { mail, raw } };
  } catch (error) {
    // One that has just come may be unknown for a moment where we ask: Graph has many servers.
    if (isTrouble(error, "gone") && item.attempts > 1) return { item, arrived: "gone" };
    return { item, arrived: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function fileArrived(
  context: DeskContext,
  tx: DeskTransaction,
  mailbox: ReadMailbox,
  item: InboxItem,
  arrived: StoredMail,
) {
  const { settings } = context;
  const { mail } = arrived;
  const receivedAt = item.receivedAt ?? new Date();
  const ours = await sentByUs(tx, mailbox, mail);
  if (ours) return noteOwnCopy(tx, item, ours);

  const found = await matchMail(tx, mail, { secret: settings.DESK_SECRET, conversationId: item.conversationId });
  const doesSomething = found.ticketId || found.heldBecause || opensTicket(mailbox, arrived, found);
  const back = doesSomething ? await holdBack(tx, mail, found, receivedAt) : null;
  const match = back ? matchHeldBack(found, back) : found;

  const place = { ...item, fingerprint: fingerprintOf(mail, item), receivedAt, match };
  const { messageId, fresh } = await keepMessage(tx, arrived, place);
  if (fresh && match.heldBecause) await putIntoTray(tx, item, mail, { messageId, because: match.heldBecause, back });
  const hasTicket = match.ticketId !== null || opensTicket(mailbox, arrived, match);
  if (hasTicket && (fresh || (await isFreeCopy(tx, mailbox, messageId))))
    await giveTicket(context, tx, { mailbox, arrived, match, messageId, receivedAt, fresh });
  // After the report stands on the timeline, so that what follows from it stands behind it.
  if (fresh && !match.heldBecause) await noteBounce(tx, context.queue, { messageId, mail, at: receivedAt });
}

async function putIntoTray(
  tx: DeskTransaction,
  { mailboxId, immutableId }: InboxItem,
  mail: ReadMail,
  { messageId, because, back }: { messageId: string; because: string; back: HeldBack | null },
) {
  const under = back && (await foldOf(tx, back));
  await hold(tx, { mailboxId, immutableId, messageId, fromAddress: fromAddressOf(mail), because, under });
}

/** Our own mail that comes back to us, because we or somebody copied a mailbox of ours: it is on its ticket already. */
async function sentByUs(tx: DeskTransaction, mailbox: ReadMailbox, mail: ReadMail): Promise<string | null> {
  const fromHome = domainOf(mail.from?.address ?? "") === domainOf(mailbox.address);
  if (!fromHome || !mail.messageId || mail.authentication.verdict !== "pass") return null;
  const ours = await tx.message.findFirst({
    where: { internetMessageId: mail.messageId, outgoing: true, fromAddress: fromAddressOf(mail) },
    select: { id: true },
  });
  return ours?.id ?? null;
}

const noteOwnCopy = (tx: DeskTransaction, { mailboxId, immutableId }: InboxItem, messageId: string) =>
  tx.messageCopy.createMany({ data: [{ messageId, mailboxId, immutableId }], skipDuplicates: true });

/** Mode "every mail": what belongs to no ticket opens one. A machine's mail never does, nor one that nobody believes. */
function opensTicket({ mode }: ReadMailbox, arrived: StoredMail, match: Match): boolean {
  return mode === "every_mail" && isHuman(arrived) && match.ticketId === null && match.heldBecause === null;
}

/** What is no fault of the mail lets it wait. A mail's own is tried again, and in the end shown to a person. */
async function failed(context: DeskContext, mailbox: ReadMailbox, item: InboxItem, error: unknown) {
  const why = error instanceof Error ? error.message : String(error);
  const retryAt = (isTrouble(error) && error.retryAt) || soon(item.attempts);
  if (error instanceof StoreTrouble) await noteTrouble(context.desk, mailbox.id, noRoom);
  if (error instanceof StoreTrouble) return postpone(context.desk, [item], new Date(), noRoom, true);
  if (isOurDatabaseAway(error)) return whenBack(() => postpone(context.desk, [item], new Date(), why, true));
  if (isNoFaultOfTheMail(error)) return postpone(context.desk, [item], retryAt, why, true);
  log.warn({ err: error, mailboxId: mailbox.id, attempts: item.attempts }, "a mail could not be received");
  const most = isTrouble(error) ? mostFetches : error instanceof ReadingFailed ? mostReadings : mostAttempts;
  if (item.attempts < most) return postpone(context.desk, [item], retryAt, why, false);
  await holdUnreadable(context, mailbox, item, why);
}

const soon = (attempts: number) => new Date(Date.now() + 1000 * 4 ** Math.min(attempts, 4));

/** Otherwise it would look as if the mail had killed us. */
async function whenBack(note: () => Promise<void>) {
  for (let tries = 1; ; tries++) {
    try {
      return await note();
    } catch (error) {
      if (!isDatabaseAway(error) || tries === 15) throw error;
      await pause(1000);
    }
  }
}
