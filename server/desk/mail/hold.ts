import { log } from "../../platform/log.ts";
import { audit } from "../audit.ts";
import type { DeskContext } from "../context.ts";
import { type Desk, type DeskTransaction, transact } from "../database.ts";
import { newId } from "../new-id.ts";
import { say } from "../say.ts";
import { type InboxItem, settle } from "./inbox.ts";
import type { StoredMail } from "./keep.ts";
import { keepMessage } from "./keep-message.ts";
import { inOurName } from "./matching/doubts.ts";
import { asItCame, type KeptRaw } from "./reading/read-kept.ts";
import type { ReadMail } from "./reading/read-mail.ts";
import type { MailReader } from "./reading/reader.ts";

type Held = {
  mailboxId: string;
  immutableId: string;
  messageId: string | null;
  fromAddress: string;
  because: string;
  error?: string;
  /** Folded away, so that one sender does not fill the tray. */
  under?: { spamMarkId: string } | { loopId: string } | null;
};

/** Puts a kept mail into the tray, for an agent to decide; quietly, when an agent or a loop has decided for its sender. */
export async function hold(tx: DeskTransaction, { under = null, because, error = "", ...held }: Held) {
  await tx.heldMail.createMany({
    data: [{ ...held, ...under, id: newId(), error: error || null, ...(under && { waitsSince: null }) }],
    skipDuplicates: true,
  });
  const act = because === inOurName ? "agent_spoofed" : "mail_held";
  await audit(tx, { rule: "intake" }, { act, ...(held.messageId && { subject: held.messageId }) });
}

/**
 * A mail that could not be processed, however often we tried: kept as it came and put before the agents.
 * When not even its bytes could be fetched, the tray says so.
 */
export async function holdUnreadable(
  { desk, graph, files, reader }: DeskContext,
  mailbox: { id: string; address: string },
  item: InboxItem,
  why: string,
) {
  log.error({ mailboxId: mailbox.id, why, alarm: "mail_held" }, "a mail is held because it could not be processed");
  const raw = await graph.rawMessage(mailbox.address, item.immutableId, files.keepStream).catch((error: unknown) => {
    log.error({ err: error }, "not even its bytes could be fetched");
    return null;
  });
  if (!raw) return await keepHeld(desk, item, null, why);
  const header = await headerOf(reader, raw);
  try {
    await keepHeld(desk, item, { mail: header, raw }, why);
  } catch (error) {
    // It may be its subject that cannot be stored.
    log.warn({ err: error }, "a held mail is kept without its header");
    await keepHeld(desk, item, { mail: unread(raw), raw }, why);
  }
}

const keepHeld = (desk: Desk, item: InboxItem, stored: StoredMail | null, why: string) =>
  transact(desk, async (tx) => {
    const because = say("not_processed");
    const messageId = stored && (await keepUnprocessed(tx, item, stored, because, why));
    const { mailboxId, immutableId, sender } = item;
    await hold(tx, { mailboxId, immutableId, messageId, fromAddress: sender ?? "", because, error: why });
    await settle(tx, [item], "held", why);
  });

async function keepUnprocessed(
  tx: DeskTransaction,
  item: InboxItem,
  { mail, raw }: StoredMail,
  because: string,
  why: string,
): Promise<string> {
  const match = {
    contactId: null,
    organizationId: null,
    ticketId: null,
    because: [],
    suggestions: { contacts: [], addresses: [], tickets: [] },
    heldBecause: because,
  };
  const place = { ...item, fingerprint: `unread ${raw.sha256}`, receivedAt: item.receivedAt ?? new Date(), match };
  const unprocessed = { ...mail, warnings: [`It could not be processed: ${why}`] };
  return (await keepMessage(tx, { mail: unprocessed, raw }, place)).messageId;
}

/** Whose mail it is and what about, when at least that can be read. Nobody's word is taken for who sent it. */
async function headerOf(reader: MailReader, raw: KeptRaw): Promise<ReadMail> {
  try {
    return await reader.read(raw, { trustedAuthservIds: [], only: "header" });
  } catch (error) {
    log.warn({ err: error }, "not even its header could be read");
    return unread(raw);
  }
}

/** All we can say of a mail that we could not read: here it is. */
function unread(raw: KeptRaw): ReadMail {
  return {
    subject: "(a mail that could not be processed)",
    from: null,
    sender: null,
    to: [],
    cc: [],
    replyTo: [],
    date: null,
    messageId: null,
    inReplyTo: null,
    references: [],
    headers: [],
    text: "",
    visibleText: "",
    quotedText: "",
    html: "",
    visibleHtml: "",
    quotedHtml: "",
    attachments: [asItCame(raw)],
    kind: "message",
    bounce: null,
    autoReply: null,
    automatic: { because: "it could not be processed" },
    feedbackReport: null,
    forward: null,
    calendar: null,
    listId: null,
    protection: null,
    authentication: { spf: null, dkim: null, dmarc: null, verdict: "none" },
    warnings: [],
  };
}
