import type { Desk, DeskTransaction } from "../database.ts";
import { fromAddressOf } from "./keep.ts";
import type { ReadMail } from "./reading/read-mail.ts";

/** A person does not write a hundred mails in ten minutes. */
const mostMails = 100;
const within = 10 * 60_000;

/** Why a mail of this sender opens no ticket by itself just now, or null. */
export async function doubtAboutRate(
  desk: Desk | DeskTransaction,
  mail: ReadMail,
  receivedAt: Date,
): Promise<string | null> {
  const fromAddress = fromAddressOf(mail);
  const since = new Date(receivedAt.getTime() - within);
  const [row] = await desk.$queryRaw<{ many: boolean }[]>`
    select count(*) >= ${mostMails} as many from (
      select 1 from messages where from_address = ${fromAddress} and received_at > ${since} limit ${mostMails}
    ) recent`;
  return row?.many ? "More than a hundred mails in ten minutes came from this sender: a suspected loop." : null;
}
