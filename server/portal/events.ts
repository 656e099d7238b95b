import type { Request } from "express";
import type { Portal } from "./app.ts";

export type EventAct =
  | "code_asked"
  | "signed_in"
  | "sign_in_failed"
  | "signed_out"
  | "link_refused"
  | "link_opened"
  | "link_code_asked";

type Whose = { organizationId: string; contactId: string; onlyTicketId: string | null };

/** Writes down who came and who was refused; the door carries it into the desk's audit log. */
export async function record({ database }: Portal, act: EventAct, req: Request, whose: Whose | null) {
  await database.read(
    "record_event",
    "insert into portal_events (organization_id, contact_id, ticket_id, act, ip) values ($1, $2, $3, $4, $5)",
    [whose?.organizationId ?? null, whose?.contactId ?? null, whose?.onlyTicketId ?? null, act, req.ip ?? null],
  );
}
