/** What automatic mail may not do: answer another machine, take part in a loop, flood anybody (RFC 3834), reach whom the CRM has deleted. */
import { log } from "../../platform/log.ts";
import type { Desk } from "../database.ts";
import { signInCode } from "./intend.ts";
import type { LeasedSending } from "./sending.ts";

/** Automatic mails to one address, over all features. */
const mostInHour = 10;
/** …to an address whose owner never wrote to us nor signed in, in a day: an invitation, and the codes of a first visit. */
const mostUnproven = 5;
/**
 * …to everybody together, in an hour. Codes are counted by themselves and go out beyond it, with an alarm: strangers can
 * ask for them, and the limits of each address bound them already. So nobody uses up what others need.
 */
const mostOfAll = 1000;

/**
 * A sentence why this mail must not go out, or null. What an agent wrote always may. Loops of mails that only claimed to
 * be from an address end the answers to such mails, and count for nothing against the address's owner.
 */
export async function whyNotToSend(
  desk: Desk,
  { id, kind, ticketId, mail, recipients }: LeasedSending,
): Promise<string | null> {
  if (!mail.automatic) return null;
  const isCode = kind === signInCode;
  const [known] = await desk.$queryRaw<Known[]>`
    with recent as (
      select kind, recipients, sent_at from sendings
      where automatic and id <> ${id}::uuid and (sent_at > now() - interval '1 day' or (sent_at is null and state in ('drafted', 'sending')))
    ), to_same as (select * from recent where recipients && ${recipients}::text[])
    select
      (select kind::text from messages where id = ${mail.answersMessageId}::uuid) as "answersKind",
      exists (select from contact_addresses a join contacts c on c.id = a.contact_id
        where a.address = any(${recipients}::text[]) and c.former_at is not null) as former,
      not ${isCode} and exists (select from loops
        where lifted_at is null and (ticket_id = ${ticketId}::uuid or from_address = any(${recipients}::text[]))
          and (key not like '% claimed' or exists (select from messages
            where id = ${mail.answersMessageId}::uuid and authentication ->> 'verdict' <> 'pass'))) as "inLoop",
      (select count(*)::int from to_same where coalesce(sent_at, now()) > now() - interval '1 hour') as "inHour",
      (select count(*)::int from to_same) as "inDay",
      (select count(*)::int from recent
        where (kind = ${signInCode}) = ${isCode} and coalesce(sent_at, now()) > now() - interval '1 hour') as "ofAll",
      (select bool_and(
          exists (select from messages m where m.from_address = r.address and not m.outgoing
            and m.authentication ->> 'verdict' = 'pass')
          or exists (select from contact_addresses a join contacts c on c.id = a.contact_id
            where a.address = r.address and c.signed_in_at is not null))
        from unnest(${recipients}::text[]) r(address)) as proven`;
  if (!known) throw new Error("The database did not answer what was sent already.");

  const because = refusal({ ...known, isCode });
  if (because) log.warn({ sendingId: id, alarm: "automatic_mail_held" }, "an automatic mail was not sent");
  else if (isCode && known.ofAll >= mostOfAll)
    log.error({ inHour: known.ofAll, alarm: "many_sign_in_codes" }, "unusually many sign-in codes are asked for");
  return because;
}

type Known = {
  answersKind: string | null;
  former: boolean;
  inLoop: boolean;
  inHour: number;
  inDay: number;
  ofAll: number;
  proven: boolean;
};

type Asked = Known & { isCode: boolean };

function refusal({ answersKind, former, inLoop, inHour, inDay, ofAll, proven, isCode }: Asked): string | null {
  if (answersKind && answersKind !== "message")
    return "Held: it would have answered an automatic mail, and automatic mails do not answer each other.";
  if (former) return "Held: the CRM has deleted whom it would have reached, so the portal is closed to them.";
  if (inLoop)
    return "Held: mails go round there. Look at the loop in the tray of held mails, and lift it when it is over.";
  if (inHour >= mostInHour) return tooMany(`more than ${mostInHour} automatic mails an hour`);
  if (!proven && inDay >= mostUnproven)
    return tooMany(
      `more than ${mostUnproven} automatic mails a day to an address whose owner never wrote to us nor signed in`,
    );
  if (!isCode && ofAll >= mostOfAll) return tooMany(`more than ${mostOfAll} automatic mails an hour in all`);
  return null;
}

const tooMany = (what: string) =>
  `Held: ${what}. Look whether something goes round, and send it by hand if it is needed.`;
