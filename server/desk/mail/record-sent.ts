import { audit } from "../audit.ts";
import type { DeskContext } from "../context.ts";
import { transact } from "../database.ts";
import { columnsOf } from "./keep.ts";
import { type LeasedSending, step } from "./sending.ts";

/** A mail that went out: its bytes, and where its copy lies when the mailbox has one. */
export type SentMail = {
  raw: { sha256: string; size: number };
  immutableId: string | null;
  conversationId: string | null;
  internetMessageId: string | null;
};

/** The sent mail becomes a message of ours, so that answers find it; its bytes are kept as they went out. */
export async function recordSent({ desk, reader }: DeskContext, sending: LeasedSending, sent: SentMail) {
  const { raw } = sent;
  const mail = await reader.read(raw, { trustedAuthservIds: [] });
  const internetMessageId = sent.internetMessageId ?? mail.messageId;
  const sentAt = new Date();
  await transact(desk, async (tx) => {
    await step(tx, sending, {
      state: "sent",
      sentAt,
      internetMessageId,
      draftId: sent.immutableId,
      lastError: null,
      leasedUntil: null,
    });
    await tx.message.createMany({
      data: [
        {
          ...columnsOf(mail),
          internetMessageId,
          mailboxId: sent.immutableId && sending.mailboxId,
          immutableId: sent.immutableId,
          conversationId: sent.conversationId,
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
