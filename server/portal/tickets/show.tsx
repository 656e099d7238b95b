/** @jsxRuntime automatic */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { SentTicketView, type SentView, TicketView } from "../../../portal/contract.ts";
import { NewTicketPage, SentTicketPage } from "../../../portal/ticket/NewTicketPage.tsx";
import { type AnswerForm, TicketPage } from "../../../portal/ticket/TicketPage.tsx";
import { notFound } from "../../platform/problems.ts";
import type { Viewer } from "../access.ts";
import { show, showPage, surroundings, type Visit } from "../visit.ts";
import { findTicket } from "./find.ts";
import { sentJson } from "./sent.ts";

/** What is no number is no ticket: 404 like any other that is not there. */
const TicketNumber = z.object({
  number: z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number),
});

export function ticketNumber({ req }: Visit) {
  const params = TicketNumber.safeParse(req.params);
  if (!params.success) throw notFound("This ticket");
  return params.data.number;
}

export const emptyForm = (): AnswerForm => ({ onceKey: randomUUID(), text: "", kept: [], errors: {} });

/** GET /tickets/:number */
export async function showTicket(visit: Visit<Viewer>) {
  const { view } = await findTicket(visit.portal, visit.who, { number: ticketNumber(visit) });
  show(visit, TicketView, view, (ticket, around) => (
    <TicketPage
      ticket={ticket}
      form={emptyForm()}
      answered={visit.req.query.answered !== undefined}
      timeZone={visit.who.timeZone}
      around={around}
    />
  ));
}

/** The ticket again, with what was written and what is wrong with it. */
export async function showTicketWithForm(visit: Visit<Viewer>, form: AnswerForm, status: number) {
  const number = ticketNumber(visit);
  const { view } = await findTicket(visit.portal, visit.who, { number });
  const around = { ...surroundings(visit), path: `/tickets/${number}` };
  showPage(
    visit,
    <TicketPage ticket={TicketView.parse(view)} form={form} timeZone={visit.who.timeZone} around={around} />,
    status,
  );
}

/** GET /tickets/new */
export async function showNewTicketForm(visit: Visit<Viewer>) {
  showPage(visit, <NewTicketPage form={{ ...emptyForm(), subject: "" }} around={surroundings(visit)} />);
}

/** GET /sent/:actId: a new ticket on its way; once it has a number, the ticket. */
export async function showSentTicket(visit: Visit<Viewer>) {
  const actId = z.uuid().safeParse(visit.req.params.actId);
  const view = actId.success ? await findSentTicket(visit, actId.data) : null;
  if (!view) throw notFound("This ticket");
  if (view.number !== null && !visit.req.accepts("html")) return show(visit, SentTicketView, view, () => <></>);
  if (view.number !== null) return visit.res.redirect(303, `/tickets/${view.number}`);
  show(visit, SentTicketView, view, (sent, around) => (
    <SentTicketPage view={sent} timeZone={visit.who.timeZone} around={around} />
  ));
}

async function findSentTicket({ portal, who }: Visit<Viewer>, actId: string): Promise<SentTicketView | null> {
  const [found] = await portal.database.read<{ sent: SentView; number: number | null }>(
    "sent_ticket",
    `select ${sentJson} as sent, t.number
       from customer_acts c
       left join ticket_access a on a.organization_id = c.organization_id and a.contact_id = c.contact_id
                                and a.ticket_id = c.became_ticket_id
       left join published_tickets t on t.organization_id = a.organization_id and t.ticket_id = a.ticket_id
      where c.organization_id = $1 and c.contact_id = $2 and c.act_id = $3 and c.kind = 'new_ticket'`,
    [who.organizationId, who.contactId, actId],
  );
  return found ?? null;
}
