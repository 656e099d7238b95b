/**
 * Senders that are held back: an agent called them spam, or their mails go round or pour in. Counted in the database,
 * so that it makes no difference how many processes receive. Whom a server vouches for is counted apart from whoever uses
 * his address: else a stranger could silence a customer by writing a hundred mails in his name.
 */
import { log } from "../../platform/log.ts";
import { audit } from "../audit.ts";
import type { Desk, DeskTransaction } from "../database.ts";
import { newId } from "../new-id.ts";
import { say } from "../say.ts";
import { fromAddressOf } from "./keep.ts";
import type { Match } from "./matching/match.ts";
import type { ReadMail } from "./reading/read-mail.ts";
import { textToHtml } from "./reading/safe-html.ts";

/** A person does not write a hundred mails in ten minutes. */
const mostOfSender = 100;
/** Nor so many on one ticket: another helpdesk that answers every mail does, and so it ends. */
const mostOnTicket = { inHour: 20, inDay: 40 };

const minutes = (count: number) => count * 60_000;

type Circle = { key: string; fromAddress: string; ticketId: string | null; because: string };

/** Why a mail is held back, and what it is folded away under; `circle`: what was just found by counting. */
export type HeldBack = { because: string } & ({ spamMarkId: string } | { loopId: string } | { circle: Circle });

/** Null when there is nothing against what the match says. One question, because every mail asks it. */
export async function holdBack(
  desk: Desk | DeskTransaction,
  mail: ReadMail,
  match: Match,
  receivedAt: Date,
): Promise<HeldBack | null> {
  const from = fromAddressOf(mail);
  const vouched = mail.authentication.verdict === "pass";
  const { ticketId } = match;
  const before = (time: number) => new Date(receivedAt.getTime() - time);
  const bySender = `sender ${from} ${vouched ? "vouched for" : "claimed"}`;
  const onTicket = `ticket ${ticketId} ${from}${vouched ? "" : " claimed"}`;

  const [known] = await desk.$queryRaw<Known[]>`
    with recent as (
      select received_at, ticket_id from messages
      where from_address = ${from} and received_at between ${before(minutes(10))} and ${receivedAt} and not outgoing
        and (authentication ->> 'verdict' = 'pass') = ${vouched}
        and received_at > coalesce((select lifted_at from loops where key = ${bySender}), '-infinity')
      limit ${mostOfSender}
    ), on_ticket as (
      select received_at from messages
      where from_address = ${from} and received_at between ${before(minutes(24 * 60))} and ${receivedAt} and ticket_id = ${ticketId}::uuid
        and (authentication ->> 'verdict' = 'pass') = ${vouched}
        and received_at > coalesce((select lifted_at from loops where key = ${onTicket}), '-infinity')
      order by received_at desc limit ${mostOnTicket.inDay}
    )
    select
      (select json_build_object('id', s.id, 'by', a.name) from spam_marks s join agents a on a.id = s.marked_by_id
        where s.from_address = ${from} and ${from} <> '' and (s.authenticated or not ${vouched}) limit 1) as "spamMark",
      (select json_build_object('id', id, 'because', because) from loops
        where key in (${bySender}, ${onTicket}) and lifted_at is null order by found_at limit 1) as loop,
      (select count(*)::int from recent) as "ofSender",
      (select count(*)::int from on_ticket) as "inDay",
      (select count(*)::int from on_ticket where received_at > ${before(minutes(60))}) as "inHour"`;
  if (!known) throw new Error("The database did not answer what it knows of a sender.");

  const { spamMark, loop } = known;
  const aboutOurMail = ticketId !== null && (mail.kind === "bounce" || mail.kind === "feedback_report");
  if (spamMark && !aboutOurMail) return { because: say("spam", spamMark.by), spamMarkId: spamMark.id };
  if (loop) return { because: loop.because, loopId: loop.id };
  if (known.ofSender >= mostOfSender) {
    const because = say("storm", mostOfSender, from);
    return { because, circle: { key: bySender, fromAddress: from, ticketId: null, because } };
  }
  if (known.inHour >= mostOnTicket.inHour || known.inDay >= mostOnTicket.inDay) {
    const because =
      known.inHour >= mostOnTicket.inHour
        ? say("loop_in_an_hour", mostOnTicket.inHour, from)
        : say("loop_in_a_day", mostOnTicket.inDay, from);
    return { because, circle: { key: onTicket, fromAddress: from, ticketId, because } };
  }
  return null;
}

type Known = {
  spamMark: { id: string; by: string } | null;
  loop: { id: string; because: string } | null;
  ofSender: number;
  inDay: number;
  inHour: number;
};

/** The match of a mail that is held back: what it says is only suggested. A doubt that was there already stays the reason. */
export const matchHeldBack = (match: Match, { because }: HeldBack): Match => ({
  ...match,
  ticketId: null,
  suggestions: match.ticketId
    ? {
        ...match.suggestions,
        tickets: [
          { ticketId: match.ticketId, because: match.because.join("; ") },
          ...match.suggestions.tickets.filter(({ ticketId }) => ticketId !== match.ticketId),
        ],
      }
    : match.suggestions,
  heldBecause: match.heldBecause ?? because,
});

/** What the mail is folded away under, in the transaction that keeps it. */
export async function foldOf(tx: DeskTransaction, back: HeldBack) {
  if ("spamMarkId" in back) return { spamMarkId: back.spamMarkId };
  if ("loopId" in back) return { loopId: back.loopId };
  return { loopId: await findLoop(tx, back.circle) };
}

/** Found once: the unique key decides between processes. A loop that was lifted is found anew. */
async function findLoop(tx: DeskTransaction, { key, fromAddress, ticketId, because }: Circle): Promise<string> {
  const [found] = await tx.$queryRaw<{ id: string }[]>`
    insert into loops (id, key, from_address, ticket_id, because)
    values (${newId()}::uuid, ${key}, ${fromAddress}, ${ticketId}::uuid, ${because})
    on conflict (key) do update set because = excluded.because, found_at = now(), lifted_at = null, lifted_by_id = null
      where loops.lifted_at is not null
    returning id`;
  if (!found) return (await tx.loop.findUniqueOrThrow({ where: { key }, select: { id: true } })).id;

  log.error({ loopId: found.id, alarm: "mail_loop" }, "mails go round: what follows is held until an agent lifts it");
  await audit(tx, { rule: "intake" }, { act: "loop_found", subject: found.id, ...(ticketId && { ticketId }) });
  if (ticketId)
    await tellOnTicket(tx, ticketId, `${because} What follows is held in the tray, and nothing answers by itself.`);
  return found.id;
}

/** A sentence on the timeline, for the team. */
export async function tellOnTicket(tx: DeskTransaction, ticketId: string, sentence: string) {
  await tx.entry.create({ data: { ticketId, kind: "system", html: textToHtml(sentence) }, select: { id: true } });
  await tx.$executeRaw`update tickets set updated_at = now(), version = version + 1 where id = ${ticketId}::uuid`;
}
