/** Reports that a mail of ours did not reach somebody, and what follows for its ticket. */
import { Prisma } from "../../../prisma/generated/desk/client.ts";
import type { DeskTransaction } from "../database.ts";
import type { DeskQueue } from "../jobs.ts";
import { changeTicket } from "../tickets/change.ts";
import { lockWay, placeOf } from "../tickets/place.ts";
import { referencesOf } from "./matching/evidence.ts";
import type { ReadMail } from "./reading/read-mail.ts";

export type Report = { messageId: string; mail: ReadMail; at: Date };

/** The mail that did not arrive says so from now on. What is delayed may arrive yet: it is told, and nothing follows. */
export async function noteBounce(tx: DeskTransaction, queue: DeskQueue, { messageId, mail, at }: Report) {
  if (!mail.bounce) return;
  const about = await mailOf(tx, referencesOf(mail));
  if (!about) return;
  const { status } = mail.bounce;
  const { sendingId, entryId, ticketId, recipients } = about;
  const recipient = (mail.bounce.recipient ?? recipients[0] ?? "").toLowerCase();
  const permanent = mail.bounce.permanent || isFinal(status);
  await tx.bounce.createMany({
    data: [{ messageId, sendingId, entryId, recipient, status, permanent, at }],
    skipDuplicates: true,
  });
  if (permanent && ticketId) await notArrived(tx, queue, { ticketId, at, rule: "a mail did not arrive" });
}

/** RFC 3463: x.4.7 means that the server has tried for as long as it tries. */
const isFinal = (status: string | null) => status?.endsWith(".4.7") ?? false;

type Sent = { sendingId: string | null; entryId: string | null; ticketId: string | null; recipients: string[] };

/** A mail that we sent, or that an agent sent from Outlook; of those that the report names, the nearest. */
async function mailOf(tx: DeskTransaction, references: string[]): Promise<Sent | null> {
  if (references.length === 0) return null;
  const [sent] = await tx.$queryRaw<Sent[]>`
    select * from (
      select s.internet_message_id as id, s.id as "sendingId", s.entry_id as "entryId", s.ticket_id as "ticketId", s.recipients
      from sendings s where s.internet_message_id in (${Prisma.join(references)})
      union all
      select m.internet_message_id, null, e.id, e.ticket_id,
        array(select lower(named ->> 'address') from jsonb_array_elements(m.recipients -> 'to') named)
      from messages m join entries e on e.message_id = m.id
      where m.outgoing and m.internet_message_id in (${Prisma.join(references)})
    ) sent order by array_position(${references}::text[], id) limit 1`;
  return sent ?? null;
}

/** Statuses in which somebody else had the next word; they never got ours. */
const notOurTurn = ["waiting_on_customer", "resolved", "closed"];

/** A mail of the ticket went nowhere: lists show it, and it is our turn again. */
export async function notArrived(
  tx: DeskTransaction,
  queue: DeskQueue,
  { ticketId, at, rule }: { ticketId: string; at: Date; rule: string },
) {
  const place = placeOf(await lockWay(tx, ticketId));
  const { status } = await tx.ticket.update({
    where: { id: place.id },
    data: { undeliveredAt: at, updatedAt: new Date() },
    select: { status: true },
  });
  if (notOurTurn.includes(status))
    await changeTicket(tx, queue, { ticketId: place.id, changes: { status: "in_progress" }, actor: { rule } });
}
