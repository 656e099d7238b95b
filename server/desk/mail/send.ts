/**
 * How a mail goes out, once.
 *
 *   waiting ──► drafted ──► sending ──► sent          taken_back: before it was drafted.  failed: a person has to look.
 *
 * Every step is written down before the next, and only the holder of the lease takes one. Whoever finds a mail half
 * done looks at what Exchange has before doing anything: in "drafted" nothing was sent yet, so old drafts are discarded
 * and it begins anew; in "sending" it may have been sent, so it is looked for, and asked for again only when the same
 * draft is still a draft long after.
 */
import { randomUUID } from "node:crypto";
import { log } from "../../platform/log.ts";
import { oursForSeconds, stillAtIt } from "../../platform/still-at-it.ts";
import { folderStore } from "../../platform/storage.ts";
import { audit } from "../audit.ts";
import type { DeskContext } from "../context.ts";
import { type DeskTransaction, transact } from "../database.ts";
import type { DraftWords, KnownMail } from "../graph/drafts.ts";
import { GraphTrouble, isTrouble } from "../graph/trouble.ts";
import { notArrived } from "./bounces.ts";
import { whyNotToSend } from "./budget.ts";
import { OutgoingMail } from "./intend.ts";
import { columnsOf } from "./keep.ts";
import { escapeHtml } from "./reading/html/escape.ts";
import { replyAddress, signThreadToken, threadHeader } from "./thread-token.ts";

export { intendMail, type SendWish, takeBackSending } from "./intend.ts";

/** Exchange may take that long to move what it has accepted to Sent Items; until then the draft is no proof of anything. */
const settlesWithin = 150_000;

/** Carries out one wish to send. Throws when it has to be tried again later. */
export async function sendMail(context: DeskContext, sendingId: string) {
  const sending = await lease(context, sendingId);
  if (!sending) return;
  try {
    const refusal = sending.state === "waiting" ? await whyNotToSend(context.desk, sending) : null;
    if (refusal) return await giveUp(context, sending, refusal);
    await stillAtIt(
      () => keepLease(context.desk, sending),
      async () => record(context, sending, await carryOut(context, sending)),
    );
  } catch (error) {
    await release(context, sending, error);
    if (isTrouble(error, "refused")) return giveUp(context, sending, `The mail was not sent. ${error.message}`);
    throw error;
  }
}

export type LeasedSending = Awaited<ReturnType<typeof findSending>> & { lease: string; mail: OutgoingMail };

/** Null when there is nothing (more) to do. Throws when somebody else is at it. */
async function lease({ desk }: DeskContext, sendingId: string): Promise<LeasedSending | null> {
  const mine = randomUUID();
  const taken = await transact(
    desk,
    (tx) => tx.$queryRaw<{ id: string }[]>`
      update sendings set lease = ${mine}::uuid, leased_until = now() + make_interval(secs => ${oursForSeconds}), attempts = attempts + 1
      where id = ${sendingId}::uuid and state in ('waiting', 'drafted', 'sending') and send_after <= now()
        and (leased_until is null or leased_until < now())
      returning id`,
  );
  if (taken.length === 1) {
    const sending = await findSending({ desk }, sendingId);
    return { ...sending, lease: mine, mail: OutgoingMail.parse(sending.mail) };
  }
  const sending = await desk.sending.findUnique({ where: { id: sendingId }, select: { state: true } });
  if (!sending || ["sent", "taken_back", "failed"].includes(sending.state)) return null;
  throw new Error("Another process is sending this mail, or its time has not come. We look again.");
}

function findSending({ desk }: Pick<DeskContext, "desk">, id: string) {
  return desk.sending.findUniqueOrThrow({
    where: { id },
    include: {
      mailbox: { select: { address: true, name: true } },
      ticket: { select: { id: true, number: true, threadKey: true } },
    },
  });
}

/** Moves the wish on, if it is still ours to move. */
async function step(
  tx: DeskTransaction,
  { id, lease }: LeasedSending,
  data: Parameters<DeskTransaction["sending"]["updateMany"]>[0]["data"],
) {
  const { count } = await tx.sending.updateMany({
    where: { id, lease, state: { in: ["waiting", "drafted", "sending"] } },
    data,
  });
  if (count === 0) throw new Error("The wish to send was taken back, or somebody else took it over.");
}

async function carryOut(context: DeskContext, sending: LeasedSending): Promise<KnownMail> {
  if (sending.state === "sending") return resume(context, sending);
  const { desk, graph } = context;
  const { address } = sending.mailbox;
  const move = (data: Parameters<typeof step>[2]) => transact(desk, (tx) => step(tx, sending, data));

  // From here it cannot be taken back.
  if (sending.state === "waiting") await move({ state: "drafted" });
  else
    for (const { id, isDraft } of await graph.findByKey(address, sending.key))
      if (isDraft) await graph.discardDraft(address, id);

  const draft = await makeDraft(context, sending);
  await move({
    state: "sending",
    draftId: draft.id,
    internetMessageId: bare(draft.internetMessageId),
    askedAt: new Date(),
  });
  return ask(context, { ...sending, draftId: draft.id, internetMessageId: bare(draft.internetMessageId) });
}

async function makeDraft(context: DeskContext, sending: LeasedSending): Promise<KnownMail> {
  const { graph } = context;
  const { mailbox, mail } = sending;
  const answered = mail.answersMessageId ? await placeOf(context, sending, mail.answersMessageId) : null;
  const words = wordsOf(context, sending);
  const draft = await graph.createDraft(mailbox.address, words, answered).catch((error: unknown) => {
    // The mail that it answers was deleted: the thread is held together by our token.
    if (answered && isTrouble(error, "gone")) return graph.createDraft(mailbox.address, words, null);
    throw error;
  });
  for (const { name, type, sha256, store } of mail.attachments) {
    const files = store === "desk" ? context.files : folderStore(context.settings.PORTAL_FILES);
    await graph.attach(mailbox.address, draft.id, { name, type, content: await files.readAll(sha256) });
  }
  return draft;
}

const keepLease = (desk: DeskContext["desk"], sending: LeasedSending) =>
  transact(desk, (tx) => step(tx, sending, { leasedUntil: new Date(Date.now() + oursForSeconds * 1000) }));

/** Where the answered mail lies in the mailbox that answers. */
async function placeOf({ desk }: DeskContext, { mailboxId }: LeasedSending, messageId: string): Promise<string | null> {
  const message = await desk.message.findUnique({
    where: { id: messageId },
    select: {
      mailboxId: true,
      immutableId: true,
      seenIn: { where: { mailboxId }, select: { immutableId: true }, take: 1 },
    },
  });
  return (message?.mailboxId === mailboxId ? message.immutableId : message?.seenIn[0]?.immutableId) ?? null;
}

function wordsOf({ settings }: DeskContext, { key, mail, mailbox, ticket }: LeasedSending): DraftWords {
  const token = ticket && signThreadToken(ticket.threadKey, ticket.number, settings.DESK_SECRET);
  const reply = token && replyAddress(mailbox.address, token);
  return {
    to: mail.to,
    cc: mail.cc,
    replyTo: reply ? [{ name: mailbox.name, address: reply }] : [],
    subject: oneLine(mail.subject),
    html: mail.html,
    key,
    headers: {
      ...mail.headers,
      ...(token && { [threadHeader]: token }),
      // [MS-OXCMAIL] 2.2.3.2.14: no out-of-office answers and the like to what a program sent.
      ...(mail.automatic && { "x-auto-response-suppress": "All" }),
    },
    automatic: mail.automatic,
  };
}

/** A subject is one line, whatever somebody put into it. */
const oneLine = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();

async function ask(context: DeskContext, sending: LeasedSending): Promise<KnownMail> {
  const { desk, graph } = context;
  const { draftId, mailbox } = sending;
  if (!draftId) throw new Error("There is no draft to send.");
  try {
    await graph.send(mailbox.address, draftId);
  } catch (error) {
    // Only a lost answer leaves it open whether it was sent; then we look below. After a plain no we may begin again.
    if (!isTrouble(error, "unreachable", "gone")) {
      await transact(desk, (tx) => step(tx, sending, { state: "drafted", askedAt: null }));
      throw error;
    }
    log.warn({ sendingId: sending.id }, "no answer to a send; looking for the mail");
    return found(await look(context, sending));
  }
  await transact(desk, (tx) => step(tx, sending, { acceptedAt: new Date() }));
  return found(await look(context, sending));
}

async function resume(context: DeskContext, sending: LeasedSending): Promise<KnownMail> {
  const seen = await look(context, sending);
  if (seen === "still a draft" && !sending.acceptedAt && olderThan(sending.askedAt, settlesWithin)) {
    await transact(context.desk, (tx) => step(tx, sending, { askedAt: new Date() }));
    return ask(context, sending);
  }
  return found(seen);
}

const olderThan = (at: Date | null, age: number) => at === null || Date.now() - at.getTime() > age;

type Seen = KnownMail | "still a draft" | "nowhere";

function found(seen: Seen): KnownMail {
  if (typeof seen !== "string") return seen;
  throw new GraphTrouble("unreachable", "not_seen", `The mail is not in Sent Items yet (${seen}). We look again.`);
}

/** What Exchange has: by the draft's own id, then by our key, then by its Message-ID, which survive when the id does not. */
export async function look(
  { graph }: DeskContext,
  {
    draftId,
    key,
    internetMessageId,
    mailbox,
  }: Pick<LeasedSending, "draftId" | "key" | "internetMessageId" | "mailbox">,
): Promise<Seen> {
  const candidates: KnownMail[] = [];
  if (draftId) {
    try {
      candidates.push(await graph.findMail(mailbox.address, draftId));
    } catch (error) {
      if (!isTrouble(error, "gone")) throw error;
    }
  }
  if (!candidates.some(({ isDraft }) => !isDraft)) candidates.push(...(await graph.findByKey(mailbox.address, key)));
  if (candidates.length === 0 && internetMessageId)
    candidates.push(...(await graph.findByInternetMessageId(mailbox.address, `<${internetMessageId}>`)));
  const sent = candidates.find(({ isDraft }) => !isDraft);
  return sent ?? (candidates.length > 0 ? "still a draft" : "nowhere");
}

/** The sent mail becomes a message of ours, so that answers find it; its bytes are kept as they went out. */
async function record(context: DeskContext, sending: LeasedSending, sent: KnownMail) {
  const { desk, graph, files, reader } = context;
  const raw = await graph.rawMessage(sending.mailbox.address, sent.id, files.keepStream);
  const mail = await reader.read(raw, { trustedAuthservIds: [] });
  const internetMessageId = bare(sent.internetMessageId) ?? mail.messageId;
  const sentAt = new Date();
  await transact(desk, async (tx) => {
    await step(tx, sending, {
      state: "sent",
      sentAt,
      internetMessageId,
      draftId: sent.id,
      lastError: null,
      leasedUntil: null,
    });
    await tx.message.createMany({
      data: [
        {
          ...columnsOf(mail),
          internetMessageId,
          mailboxId: sending.mailboxId,
          immutableId: sent.id,
          conversationId: sent.conversationId ?? null,
          // One row per wish, however often it is recorded.
          fingerprint: `sent ${sending.id}`,
          outgoing: true,
          receivedAt: sentAt,
          match: nobodysMatch(sending.ticketId),
          rawSha256: raw.sha256,
          rawSize: raw.size,
          ticketId: sending.ticketId,
        },
      ],
      skipDuplicates: true,
    });
    // What did not arrive before has been said again.
    if (sending.ticketId)
      await tx.ticket.updateMany({
        where: { id: sending.ticketId, undeliveredAt: { lt: sending.createdAt } },
        data: { undeliveredAt: null },
      });
    await audit(
      tx,
      { rule: "mail out" },
      {
        act: "mail_sent",
        subject: sending.id,
        ...(sending.ticketId && { ticketId: sending.ticketId }),
        details: { kind: sending.kind },
      },
    );
  });
}

const nobodysMatch = (ticketId: string | null) => ({
  contactId: null,
  organizationId: null,
  ticketId,
  because: ["we sent it"],
  suggestions: { contacts: [], tickets: [] },
  heldBecause: null,
});

/** Message-IDs are kept without their angle brackets. */
const bare = (id: string | null | undefined) => id?.replace(/^<|>$/g, "") ?? null;

/** Lets go of it, so that the next attempt need not wait for the lease to run out. */
async function release({ desk }: DeskContext, { id, lease }: LeasedSending, error: unknown) {
  const lastError = error instanceof Error ? error.message : String(error);
  await transact(desk, (tx) => tx.sending.updateMany({ where: { id, lease }, data: { leasedUntil: null, lastError } }));
}

/** Nothing more is tried; the agents are told on the ticket. */
export async function giveUp(
  { desk, queue }: DeskContext,
  sending: Pick<LeasedSending, "id" | "ticketId" | "kind">,
  sentence: string,
) {
  log.error({ sendingId: sending.id, kind: sending.kind, alarm: "mail_not_sent" }, "a mail was not sent");
  await transact(desk, async (tx) => {
    const { count } = await tx.sending.updateMany({
      where: { id: sending.id, state: { in: ["waiting", "drafted", "sending"] } },
      data: { state: "failed", lastError: sentence, leasedUntil: null },
    });
    if (count === 0) return;
    if (sending.ticketId)
      await tx.entry.create({
        data: {
          ticketId: sending.ticketId,
          kind: "system",
          html: `<p>${escapeHtml(sentence)}</p>`,
          facts: { mail: "not_sent", sendingId: sending.id },
        },
        select: { id: true },
      });
    if (sending.ticketId)
      await notArrived(tx, queue, { ticketId: sending.ticketId, at: new Date(), rule: "a mail was not sent" });
    await audit(
      tx,
      { rule: "mail out" },
      {
        act: "mail_not_sent",
        subject: sending.id,
        ...(sending.ticketId && { ticketId: sending.ticketId }),
      },
    );
  });
}
