import type { DeskTransaction } from "../database.ts";
import type { Merger } from "./moves.ts";

/**
 * Whom no CRM that tells of deletions has any more is former, also when his records became another contact's or came
 * back from it: a merger opens the portal to nobody whom the CRM has deleted, and shuts it to nobody whom it still has.
 */
export const agreeOnFormer = (tx: DeskTransaction, { mergedId, intoId }: Merger) => tx.$executeRaw`
  update contacts c set former_at = records.gone_at
    from (select one.id, case when not coalesce(bool_or(l.gone_at is null and s.complete), false) then max(l.gone_at) end as gone_at
            from contacts one left join crm_links l on l.contact_id = one.id left join crm_sources s on s.id = l.source_id
           where one.id in (${mergedId}::uuid, ${intoId}::uuid) group by one.id) records
   where c.id = records.id and c.former_at is distinct from records.gone_at`;
