/** What automatic mail may not do (RFC 3834): answer another machine, or flood anybody. */
import type { Desk } from "../database.ts";
import type { LeasedSending } from "./send.ts";

/** Automatic mails to one address within an hour, over all features. */
const automaticMailsPerHour = 10;

/** A sentence why this mail must not go out, or null. What an agent wrote always may. */
export async function whyNotToSend(desk: Desk, { id, mail, recipients }: LeasedSending): Promise<string | null> {
  if (!mail.automatic) return null;
  const answered = mail.answersMessageId
    ? await desk.message.findUnique({ where: { id: mail.answersMessageId }, select: { kind: true } })
    : null;
  if (answered && answered.kind !== "message")
    return "Held: it would have answered an automatic mail, and automatic mails do not answer each other.";

  const [row] = await desk.$queryRaw<{ many: boolean }[]>`
    select count(*) >= ${automaticMailsPerHour} as many from sendings
    where automatic and sent_at > now() - interval '1 hour' and recipients && ${recipients} and id <> ${id}::uuid`;
  return row?.many
    ? `Held: more than ${automaticMailsPerHour} automatic mails an hour to the same address. Look whether something goes round, and send it by hand if it is needed.`
    : null;
}
