import { log } from "../../platform/log.ts";
import type { DeskContext } from "../context.ts";
import { transact } from "../database.ts";
import { type InboxItem, settle } from "./inbox.ts";
import { keepMessage } from "./keep.ts";
import type { ReadMail } from "./reading/read-mail.ts";

/**
 * A mail that could not be processed, however often we tried: kept as it came and put before the agents.
 * When not even its bytes could be fetched, the inbox item says so.
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
    if (raw) {
      const match = {
        contactId: null,
        organizationId: null,
        ticketId: null,
        because: [],
        suggestions: { contacts: [], tickets: [] },
        heldBecause: "It could not be processed. The mail as it came is attached to it.",
      };
      const receivedAt = item.receivedAt ?? new Date();
      await keepMessage(
        tx,
        { mail: unread(why, raw), raw },
        { ...item, fingerprint: `unread ${raw.sha256}`, receivedAt, match },
      );
    }
    await settle(tx, item, "held", why);
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
