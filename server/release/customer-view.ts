/** "Open as the customer sees it": read from the customers' room itself. */
import { z } from "zod";
import { statuses, TicketView } from "../../portal/contract.ts";
import type { AgentContext } from "../desk/context.ts";
import { TicketNumber } from "../desk/contract/tickets.ts";
import { endpoint } from "../platform/endpoint.ts";
import { notFound, problem } from "../platform/problems.ts";
import type { DoorContext } from "./context.ts";
import { viewOf } from "./view.ts";

const Side = z.enum(["team", "customer"]);
const Labels = z.record(z.string(), z.string().nullable());

export const customerView = ({ desk, publisher }: DoorContext) =>
  endpoint({
    summary: "The ticket exactly as the customer's portal holds it now.",
    input: z.strictObject({ number: TicketNumber }),
    output: TicketView,
    run: async ({ number }, _: AgentContext) => {
      const known = await desk.ticket.findUnique({ where: { number }, select: { id: true, organizationId: true } });
      if (!known) throw notFound(`Ticket #${number}`);
      const where = { organizationId: known.organizationId, ticketId: known.id };
      const [ticket, access, organization, entries, files] = await Promise.all([
        publisher.publishedTicket.findUnique({ where: { organizationId_ticketId: where } }),
        publisher.ticketAccess.findFirst({ where, select: { open: true } }),
        publisher.portalOrganization.findUnique({
          where: { organizationId: known.organizationId },
          select: { statusLabels: true },
        }),
        publisher.publishedEntry.findMany({ where }),
        publisher.publishedFile.findMany({ where, orderBy: [{ name: "asc" }, { fileId: "asc" }] }),
      ]);
      if (!ticket)
        throw problem(
          404,
          "not_in_portal",
          `The customer does not see ticket #${number}. Release it, or write a reply for the customer.`,
        );
      return viewOf(
        {
          continuedIn: await continuedIn(publisher, ticket),
          ticket: { ...ticket, status: z.enum(statuses).parse(ticket.status) },
          open: access?.open ?? false,
          entries: entries.map((entry) => ({
            ...entry,
            side: Side.parse(entry.side),
            files: files.filter(({ releaseId }) => releaseId === entry.releaseId),
          })),
        },
        Labels.parse(organization?.statusLabels ?? {}),
      );
    },
  });

/** As the requester sees it: the number of the ticket in which it is continued, when he may see that one. */
async function continuedIn(
  publisher: DoorContext["publisher"],
  {
    organizationId,
    requesterId,
    continuedInId,
  }: { organizationId: string; requesterId: string; continuedInId: string | null },
) {
  if (!continuedInId) return null;
  const key = { organizationId, contactId: requesterId, ticketId: continuedInId };
  if ((await publisher.ticketAccess.count({ where: key })) === 0) return null;
  const place = await publisher.publishedTicket.findUnique({
    where: { organizationId_ticketId: { organizationId, ticketId: continuedInId } },
    select: { number: true },
  });
  return place?.number ?? null;
}
