import { log } from "../../platform/log.ts";
import { audit } from "../audit.ts";
import type { DeskContext } from "../context.ts";
import { type DeskTransaction, transact } from "../database.ts";
import { newId } from "../new-id.ts";
import { type InboxItem, settle } from "./inbox.ts";
import { keepMessage } from "./keep.ts";
import { inOurName } from "./matching/doubts.ts";
import type { ReadMail } from "./reading/read-mail.ts";

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
  { desk, graph, files }: DeskContext,
  mailbox: { id: string; address: string },
  item: InboxItem,
  why: string,
) {
  log.error({ mailboxId: mailbox.id, why, alarm: "mail_held" }, "a mail is held because it could not be processed");
  const bytes = await graph.rawMessage(mailbox.address, item.immutableId).catch((error: unknown) => {
    log.error({ err: error }, "not even its bytes could be fetched");
    return null;
  });
  const raw = bytes && (await files.keep(bytes));
  await transact(desk, async (tx) => {
    const because = "It could not be processed. The mail as it came is attached to it.";
    let messageId: string | null = null;
    if (raw) {
      const match = {
        contactId: null,
        organizationId: null,
        ticketId: null,
        because: [],
        suggestions: { contacts: [], addresses: [], tickets: [] },
        heldBecause: because,
      };
      const receivedAt = item.receivedAt ?? new Date();
      const kept = await keepMessage(
        tx,
        { mail: unread(why, raw), raw },
        { ...item, fingerprint: `unread ${raw.sha256}`, receivedAt, match },
      );
      messageId = kept.messageId;
    }
    const { mailboxId, immutableId, sender } = item;
    await hold(tx, { mailboxId, immutableId, messageId, fromAddress: sender ?? "", because, error: why });
    await settle(tx, [item], "held", why);
  });
}

/** All we can say of a mail that we could not read: here it is. */
function unread(why: string, { sha256, size }: { sha256: string; size: number }): ReadMail {
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
    attachments: [
      {
        name: "the mail as it came.eml",
        type: "message/rfc822",
        size,
        sha256,
        contentId: null,
        inline: false,
        content: new Uint8Array(),
      },
    ],
    kind: "message",
    bounce: null,
    autoReply: null,
    feedbackReport: null,
    forward: null,
    calendar: null,
    listId: null,
    protection: null,
    authentication: { spf: null, dkim: null, dmarc: null, verdict: "none" },
    warnings: [`It could not be processed: ${why}`],
  };
}
