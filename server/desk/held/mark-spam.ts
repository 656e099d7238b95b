/** Spam: the mail and its sender's others leave the tray, quietly. Nothing is deleted, and it can be taken back. */
import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { conflict } from "../../platform/problems.ts";
import { audit } from "../audit.ts";
import type { AgentContext } from "../context.ts";
import { Decided, FindHeldMails, OneMail, SpamMarks, type SpamMarkView } from "../contract/held.ts";
import { type DeskTransaction, transact } from "../database.ts";
import { newId } from "../new-id.ts";
import { say } from "../say.ts";
import { cursorOf, placeOf } from "../tickets/cursor.ts";
import { lockMessage } from "../tickets/open.ts";
import { ago, whoseMail } from "../tickets/whose-mail.ts";
import { isVouchedFor } from "./accept.ts";

export const markSpam = endpoint({
  summary:
    "Marks a held mail and its sender as spam: they leave the tray, and what the sender writes later is held quietly.",
  status: 201,
  input: OneMail,
  output: Decided,
  run: ({ messageId }, { desk, ...asking }: AgentContext): Promise<Decided> =>
    transact(desk, async (tx) => {
      const message = await lockMessage(tx, messageId);
      if (message.ticketId)
        return { outcome: "already" as const, ...(await whoseMail(tx, messageId, message.ticketId)) };
      const held = await tx.heldMail.findUnique({
        where: { messageId },
        select: { spamMark: { select: { markedAt: true, markedBy: { select: { name: true } } } } },
      });
      if (!held) throw conflict("not_held", "This mail is not held, so it cannot be marked as spam.");
      if (held.spamMark) {
        const { markedBy, markedAt } = held.spamMark;
        return {
          outcome: "already" as const,
          number: null,
          sentence: `${markedBy.name} marked it as spam ${ago(markedAt)}.`,
        };
      }
      const mails = await foldAway(tx, messageId, asking.agent.id);
      await audit(tx, asking, { act: "mail_marked_spam", subject: messageId, details: { mails } });
      return { outcome: "done" as const, number: null, sentence: null };
    }),
});

/**
 * The mark speaks of the sender as this mail shows him: what only claims to be from an address says nothing of the mails
 * that really are. A mail that could not be read names nobody and goes alone.
 */
async function foldAway(tx: DeskTransaction, messageId: string, markedById: string): Promise<number> {
  const { fromAddress, authentication } = await tx.message.findUniqueOrThrow({
    where: { id: messageId },
    select: { fromAddress: true, authentication: true },
  });
  const authenticated = isVouchedFor(authentication);
  const id = newId();
  await tx.spamMark.create({ data: { id, messageId, fromAddress, authenticated, markedById }, select: { id: true } });
  return tx.$executeRaw`
    update held_mails h set spam_mark_id = ${id}::uuid, waits_since = null
    from messages m
    where m.id = h.message_id and h.spam_mark_id is null and (h.message_id = ${messageId}::uuid
      or (h.error is null and ${fromAddress} <> '' and h.from_address = ${fromAddress}
        and (${authenticated} or m.authentication ->> 'verdict' <> 'pass')))`;
}

export const unmarkSpam = endpoint({
  summary: "Takes a spam mark back: everything that was folded away under it waits in the tray again.",
  input: OneMail,
  output: Decided,
  run: ({ messageId }, { desk, ...asking }: AgentContext): Promise<Decided> =>
    transact(desk, async (tx) => {
      await lockMessage(tx, messageId);
      const mark = await tx.spamMark.findUnique({ where: { messageId }, select: { id: true } });
      if (!mark)
        return { outcome: "already" as const, number: null, sentence: "Nobody calls this mail spam any more." };

      const because = say("was_spam", asking.agent.name);
      await tx.$executeRaw`
        update messages m set held_because = ${because} from held_mails h
        where h.message_id = m.id and h.spam_mark_id = ${mark.id}::uuid and m.held_because like '%marked this sender as spam.'`;
      const mails = await tx.$executeRaw`
        update held_mails h set spam_mark_id = null, waits_since = case when exists
          (select from loops l where l.id = h.loop_id and l.lifted_at is null) then null else now() end
        where spam_mark_id = ${mark.id}::uuid`;
      await tx.spamMark.delete({ where: { id: mark.id }, select: { id: true } });
      await audit(tx, asking, { act: "spam_mark_removed", subject: messageId, details: { mails } });
      return { outcome: "done" as const, number: null, sentence: null };
    }),
});

const pageSize = 20;
const mostCounted = 1000;

const Row = z.object({
  id: z.uuid(),
  messageId: z.uuid(),
  at: z.date(),
  name: z.string(),
  address: z.string(),
  subject: z.string(),
  by: z.string(),
  mails: z.number(),
});

export const findSpamMarks = endpoint({
  summary: "Who was marked as spam, the latest first, and how many mails are folded away for it.",
  input: FindHeldMails,
  output: SpamMarks,
  run: async ({ cursor }, { desk }: AgentContext) => {
    const place = cursor ? placeOf(cursor) : { at: new Date("9999-12-31"), id: "ffffffff-ffff-4fff-bfff-ffffffffffff" };
    const rows = z.array(Row).parse(
      await desk.$queryRaw`
        select s.id, s.message_id as "messageId", s.marked_at as at, m.from_name as name, m.from_address as address, m.subject,
               a.name as by,
               (select count(*)::int from (select from held_mails h where h.spam_mark_id = s.id limit ${mostCounted}) h) as mails
          from spam_marks s join messages m on m.id = s.message_id join agents a on a.id = s.marked_by_id
         where (s.marked_at, s.id) < (${place.at}::timestamptz, ${place.id}::uuid)
         order by s.marked_at desc, s.id desc limit ${pageSize + 1}`,
    );
    const shown = rows.slice(0, pageSize);
    const last = shown.at(-1);
    const marks = shown.map(
      ({ messageId, at, name, address, subject, by, mails }): SpamMarkView => ({
        messageId,
        sender: { name, address },
        subject,
        by,
        at: at.toISOString(),
        mails,
      }),
    );
    return { marks, nextCursor: rows.length > pageSize && last ? cursorOf(last) : null };
  },
});
