import { z } from "zod";
import { statuses, type TicketRow } from "../../../portal/contract.ts";
import { statusView } from "../../../portal/status.ts";
import type { Viewer } from "../access.ts";

/** What every page of tickets reads of one; `a` is the access and `t` the ticket of `visibleTickets`. */
export const ticketColumns = `
  t.ticket_id as "ticketId", t.number, t.subject, t.status, a.open,
  t.created_at as "createdAt", a.updated_at as "updatedAt"`;

export type TicketColumns = {
  ticketId: string;
  number: number;
  subject: string;
  status: string;
  open: boolean;
  createdAt: Date;
  updatedAt: Date;
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
  };
}
