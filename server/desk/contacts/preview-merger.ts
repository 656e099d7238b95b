/** What a merger would move, before anybody decides it. */
import { z } from "zod";
import { endpoint } from "../../platform/endpoint.ts";
import { notFound } from "../../platform/problems.ts";
import type { AgentContext } from "../context.ts";
import { ContactMerger, Id, OrganizationMerger } from "../contract/people.ts";
import { organizationDetail } from "./organization.ts";
import { contactView } from "./view.ts";

export const previewContactMerger = endpoint({
  summary: "What would move if a contact were merged into another one.",
  input: z.strictObject({ contactId: Id, intoId: Id }),
  output: ContactMerger,
  run: async ({ contactId, intoId }, { desk }: AgentContext) => {
    const [contact, into] = await Promise.all([contactView(desk, contactId), contactView(desk, intoId)]);
    if (!contact || !into) throw notFound("This contact");
    const [tickets, participations, inPortal] = await Promise.all([
      desk.ticket.count({ where: { requesterId: contactId } }),
      desk.participant.count({ where: { contactId } }),
      desk.portalTicket.findFirst({
        where: { ticket: { OR: [{ requesterId: contactId }, { participants: { some: { contactId } } }] } },
        select: { ticketId: true },
      }),
    ]);
    return { contact, into, tickets, participations, inPortal: inPortal !== null };
  },
});

export const previewOrganizationMerger = endpoint({
  summary: "What would move if an organization were merged into another one.",
  input: z.strictObject({ organizationId: Id, intoId: Id }),
  output: OrganizationMerger,
  run: async ({ organizationId, intoId }, { desk }: AgentContext) => {
    const { organization, domains } = await organizationDetail(desk, organizationId);
    const { organization: into } = await organizationDetail(desk, intoId);
    const [contacts, tickets] = await Promise.all([
      desk.contact.count({ where: { organizationId, mergedIntoId: null } }),
      desk.ticket.count({ where: { organizationId } }),
    ]);
    return { organization, into, contacts, tickets, domains: domains.map(({ domain }) => domain) };
  },
});
