/**
 * A mail by way of the mailbox itself: draft, files, send, found in Sent Items. In "drafted" nothing was sent yet, so a
 * draft that we know is finished and any other discarded; in "sending" it may have been sent, so it is looked for, and
 * asked for again only when the same draft is still a draft long after.
 */
import { z } from "zod";
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import { log } from "../../platform/log.ts";
import { folderStore } from "../../platform/storage.ts";
import type { DeskContext } from "../context.ts";
import { transact } from "../database.ts";
import type { DraftWords, KnownMail } from "../graph/drafts.ts";
import { GraphTrouble, isTrouble } from "../graph/trouble.ts";
import { oneLine } from "./intend.ts";
import type { SentMail } from "./record-sent.ts";
import { type LeasedSending, move, step } from "./sending.ts";
import { replyAddress, signThreadToken, threadHeader } from "./thread-token.ts";

/** Exchange may take that long to move what it has accepted to Sent Items; until then the draft is no proof of anything. */
const settlesWithin = 150_000;

export async function sendByGraph(context: DeskContext, sending: LeasedSending): Promise<SentMail> {
  const sent = sending.state === "sending" ? await resume(context, sending) : await draftAndAsk(context, sending);
  return {
    raw: await context.graph.rawMessage(sending.mailbox.address, sent.id, context.files.keepStream),
    immutableId: sent.id,
    conversationId: sent.conversationId ?? null,
    internetMessageId: bare(sent.internetMessageId),
  };
}

async function draftAndAsk(context: DeskContext, sending: LeasedSending): Promise<KnownMail> {
  // From here it cannot be taken back.
  if (sending.state === "waiting") await move(context, sending, { state: "drafted" });
  const draft = (await knownDraft(context, sending)) ?? (await makeDraft(context, sending));
  if (!draft.isDraft) return draft;
  const drafted = { ...sending, draftId: draft.id, internetMessageId: bare(draft.internetMessageId) };
  await attachFiles(context, drafted);
  await move(context, sending, { state: "sending", askedAt: new Date(), upload: Prisma.DbNull });
  return ask(context, drafted);
}

/** The draft of an earlier attempt, to be finished. Null when there is none. */
async function knownDraft({ graph }: DeskContext, { draftId, mailbox }: LeasedSending): Promise<KnownMail | null> {
  if (!draftId) return null;
  try {
    return await graph.findMail(mailbox.address, draftId);
  } catch (error) {
    if (isTrouble(error, "gone")) return null;
    throw error;
  }
}

/** A new draft, after all others that carry our key: an answer to an earlier request may have been lost. */
async function makeDraft(context: DeskContext, sending: LeasedSending): Promise<KnownMail> {
  const { graph } = context;
  const { address } = sending.mailbox;
  if (sending.state === "drafted")
    for (const { id, isDraft } of await graph.findByKey(address, sending.key))
      if (isDraft) await graph.discardDraft(address, id);

  const answered = sending.mail.answersMessageId
    ? await placeOf(context, sending, sending.mail.answersMessageId)
    : null;
  const words = draftWords(context.settings, sending);
  const draft = await graph.createDraft(address, words, answered).catch((error: unknown) => {
    // The mail that it answers was deleted: the thread is held together by our token.
    if (answered && isTrouble(error, "gone")) return graph.createDraft(address, words, null);
    throw error;
  });
  await move(context, sending, {
    draftId: draft.id,
    internetMessageId: bare(draft.internetMessageId),
    upload: Prisma.DbNull,
  });
  return draft;
}

const Upload = z.object({ position: z.number(), url: z.string() });

/** Those that are not in the draft yet. They were attached in this order, so their number says which. */
async function attachFiles(context: DeskContext, sending: LeasedSending & { draftId: string }) {
  const { graph } = context;
  const { attachments } = sending.mail;
  if (attachments.length === 0) return;
  const { address } = sending.mailbox;
  const begun = Upload.safeParse(sending.upload);
  const there = await graph.countFiles(address, sending.draftId);
  for (const [position, { name, type, sha256, store }] of attachments.entries()) {
    if (position < there) continue;
    const files = store === "desk" ? context.files : folderStore(context.settings.PORTAL_FILES);
    const file = {
      name: oneLine(name),
      type,
      size: await files.size(sha256),
      read: (start: number, end: number) => files.readPart(sha256, start, end),
    };
    await graph.attach(address, sending.draftId, file, {
      url: begun.success && begun.data.position === position ? begun.data.url : null,
      begun: (url) => move(context, sending, { upload: { position, url } }),
    });
  }
}

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

export function draftWords(
  { DESK_SECRET }: Pick<DeskContext["settings"], "DESK_SECRET">,
  { key, mail, mailbox, ticket }: Pick<LeasedSending, "key" | "mail" | "mailbox" | "ticket">,
): DraftWords {
  const token = ticket && signThreadToken(ticket.threadKey, ticket.number, DESK_SECRET);
  const reply = token && replyAddress(mailbox.address, token);
  return {
    to: mail.to,
    cc: mail.cc,
    replyTo: reply ? [{ name: oneLine(mailbox.name), address: reply }] : [],
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

async function ask(context: DeskContext, sending: LeasedSending): Promise<KnownMail> {
  const { desk, graph } = context;
  const { draftId, mailbox } = sending;
  if (!draftId) throw new Error("There is no draft to send.");
  try {
    await graph.send(mailbox.address, draftId);
  } catch (error) {
    // Only a lost answer leaves it open whether it was sent; then we look below. After a plain no, or without a token to
    // ask with, we may begin again.
    if (!isTrouble(error, "unreachable", "gone") || error.code === "token") {
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

/** Message-IDs are kept without their angle brackets. */
const bare = (id: string | null | undefined) => id?.replace(/^<|>$/g, "") ?? null;
