import { z } from "zod";
import { statuses, type TicketRow } from "../../../portal/contract.ts";
import { statusView } from "../../../portal/status.ts";
import type { Viewer } from "../access.ts";

/** What every page of tickets reads of one; `a` is the access and `t` the ticket of `visibleTickets`. */
export const ticketColumns = `
  t.ticket_id as "ticketId", t.number, t.subject, t.status, a.open,
  t.created_at as "createdAt", a.updated_at as "updatedAt",
  (select c.number from ticket_access ca
     join published_tickets c on c.organization_id = ca.organization_id and c.ticket_id = ca.ticket_id
    where ca.organization_id = a.organization_id and ca.contact_id = a.contact_id
      and ca.ticket_id = t.continued_in_id) as "continuedIn"`;

export type TicketColumns = {
  ticketId: string;
  number: number;
  subject: string;
  status: string;
  open: boolean;
  createdAt: Date;
  updatedAt: Date;
  continuedIn: number | null;
};

const Status = z.enum(statuses);

export function ticketRow(row: TicketColumns, { statusLabels }: Pick<Viewer, "statusLabels">): TicketRow {
  return {
    number: row.number,
    subject: row.subject,
    status: statusView(Status.parse(row.status), statusLabels),
    open: row.open,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    continuedIn: row.continuedIn,
  };
}
