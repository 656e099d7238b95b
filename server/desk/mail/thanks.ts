import type { DeskTransaction } from "../database.ts";
import { onlyThanks } from "./only-thanks.ts";

type Words = { text: string; shows: boolean; names: string[] };

/** Whether a kept mail only thanks: no words beside it, no file, no picture. Names of its writer and of our people are no words. */
export async function saysOnlyThanks(tx: DeskTransaction, messageId: string, ticketId: string): Promise<boolean> {
  const [words] = await tx.$queryRaw<Words[]>`
    select left(m.visible_text, 1000) as text,
      m.visible_html ~* '<img' or exists (select from attachments f where f.message_id = m.id and not f.inline) as shows,
      array(select m.from_name union select c.name from contact_addresses a join contacts c on c.id = a.contact_id
              where a.address = m.from_address
            union select g.name from agents g where g.id in (
              select e.agent_id from entries e where e.ticket_id = ${ticketId}::uuid
              union select t.assignee_id from tickets t where t.id = ${ticketId}::uuid)) as names
    from messages m where m.id = ${messageId}::uuid and m.kind = 'message'`;
  return words !== undefined && !words.shows && onlyThanks(words.text, words.names);
}
