import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, use } from "react";
import { OpenMail } from "../../server/desk/contract/mails.ts";
import {
  ContactDetail,
  ContactList,
  Me,
  OrganizationDetail,
  OrganizationList,
} from "../../server/desk/contract/people.ts";
import { EntryPage, TicketList, TicketView } from "../../server/desk/contract/tickets.ts";
import { person, type ShownMail } from "../outlook/outlook.ts";
import type { Ask } from "./ask.ts";

export const AskContext = createContext<Ask | null>(null);

export function useAsk(): Ask {
  const ask = use(AskContext);
  if (!ask) throw new Error("Draw this inside an AskContext: it asks the desk.");
  return ask;
}

/** Who I am, my colleagues, the desk's mailboxes; asked again, because a mailbox may get into trouble. */
export function useMe() {
  const ask = useAsk();
  return useQuery({
    queryKey: ["me"],
    queryFn: ({ signal }) => ask.read("/me", Me, signal),
    staleTime: 60_000,
    refetchInterval: 2 * 60_000,
    refetchOnWindowFocus: true,
  });
}

/** Inside the frame everybody is signed in. */
export function useMyself(): Me {
  const { data } = useMe();
  if (!data) throw new Error("Draw this after the sign-in.");
  return data;
}

/** What the desk knows of the mail on screen. While it is arriving, asked again with growing patience. */
export function useOpenMail(mail: ShownMail) {
  const ask = useAsk();
  const queries = useQueryClient();
  const { mailboxes } = useMyself();
  const mailbox = mailboxOf(mail, mailboxes);
  return useQuery({
    queryKey: ["mail", mail.key, mailbox],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ mailbox });
      if (mail.itemId) query.set("itemId", mail.itemId);
      if (mail.internetMessageId) query.set("internetMessageId", mail.internetMessageId);
      if (mail.from) query.set("from", mail.from);
      const open = await ask.read(`/mails/open?${query}`, OpenMail, signal);
      // The ticket is on its way before React has drawn the first answer.
      if (open.state === "known" && open.mail.ticket)
        void queries.prefetchQuery(ticketQuery(ask, open.mail.ticket.number));
      return open;
    },
    refetchInterval: ({ state }) => {
      if (state.data?.state !== "arriving") return false;
      return Math.min(1000 + state.dataUpdateCount * 250, 5000);
    },
  });
}

/**
 * Which mailbox a mail is in: Outlook says it for shared folders; otherwise it is the person's own, unless the mail went to
 * a mailbox of the desk and not to her. The desk checks what she may see whatever we say here.
 */
export function mailboxOf(mail: ShownMail, mailboxes: { address: string }[], own = person().address): string {
  if (mail.sharedMailbox) return mail.sharedMailbox;
  if (mail.recipients.includes(own)) return own;
  return mailboxes.find(({ address }) => mail.recipients.includes(address.toLowerCase()))?.address ?? own;
}

const ticketQuery = (ask: Ask, number: number) => ({
  queryKey: ["ticket", number],
  queryFn: ({ signal }: { signal: AbortSignal }) => ask.read(`/tickets/${number}`, TicketView, signal),
});

/** A ticket, kept fresh while it is on screen: colleagues and customers write too. */
export function useTicket(number: number) {
  const ask = useAsk();
  return useQuery({
    ...ticketQuery(ask, number),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? 2_000 : 15_000),
    refetchOnWindowFocus: true,
  });
}

/** Something of it is on its way to the customer, or it changed just now: what the rules make of that follows within seconds. */
const isMoving = ({ updatedAt, entries }: TicketView) =>
  Date.now() - new Date(updatedAt).getTime() < 20_000 ||
  entries.some(({ visibility }) => visibility.to === "customer" && visibility.publishedAt === null);

/** Puts an answer that is a ticket where everybody reads it. */
export function useKeepTicket() {
  const queries = useQueryClient();
  return (ticket: TicketView) => queries.setQueryData(["ticket", ticket.number], ticket);
}

/** After an act whose answer is only a part of the ticket. */
export function useRefreshTicket() {
  const queries = useQueryClient();
  return async (number: number) => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["ticket", number] }),
      queries.invalidateQueries({ queryKey: ["entries", number] }),
      queries.invalidateQueries({ queryKey: ["customer-view", number] }),
    ]);
  };
}

export function useOlderEntries(number: number, before: string | null) {
  const ask = useAsk();
  return useQuery({
    queryKey: ["entries", number, before],
    queryFn: ({ signal }) =>
      ask.read(`/tickets/${number}/entries?before=${encodeURIComponent(before ?? "")}`, EntryPage, signal),
    enabled: before !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useFindContacts(search: string) {
  const ask = useAsk();
  return useQuery({
    queryKey: ["contacts", search],
    queryFn: ({ signal }) => ask.read(`/contacts?search=${encodeURIComponent(search)}`, ContactList, signal),
    enabled: search.length > 0,
    placeholderData: search.length > 0 ? keepPreviousData : undefined,
    select: ({ contacts }) => contacts,
  });
}

export function useFindOrganizations(search: string) {
  const ask = useAsk();
  return useQuery({
    queryKey: ["organizations", search],
    queryFn: ({ signal }) => ask.read(`/organizations?search=${encodeURIComponent(search)}`, OrganizationList, signal),
    enabled: search.length > 0,
    placeholderData: search.length > 0 ? keepPreviousData : undefined,
    select: ({ organizations }) => organizations,
  });
}

/** Whose answers name contacts and organizations. */
const aboutPeople = [
  "mail",
  "ticket",
  "tickets",
  "entries",
  "customer-view",
  "contact",
  "contacts",
  "organization",
  "organizations",
];

/** After people turned out to be others, everything that names them is asked anew. */
export function useAskAnewOfPeople() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ predicate: ({ queryKey }) => aboutPeople.includes(String(queryKey[0])) });
}

/** A contact with what only its own page tells. */
export function useContact(id: string) {
  const ask = useAsk();
  return useQuery({
    queryKey: ["contact", id],
    queryFn: ({ signal }) => ask.read(`/contacts/${id}`, ContactDetail, signal),
  });
}

export function useOrganization(id: string) {
  const ask = useAsk();
  return useQuery({
    queryKey: ["organization", id],
    queryFn: ({ signal }) => ask.read(`/organizations/${id}`, OrganizationDetail, signal),
  });
}

export function useFindTickets(search: string) {
  const ask = useAsk();
  const query = search ? `search=${encodeURIComponent(search)}` : "mine=true&open=true";
  return useQuery({
    queryKey: ["tickets", query],
    queryFn: ({ signal }) => ask.read(`/tickets?${query}`, TicketList, signal),
    placeholderData: keepPreviousData,
    select: ({ tickets }) => tickets,
  });
}
