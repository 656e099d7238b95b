import { Button, Field, Input } from "@fluentui/react-components";
import { SearchRegular } from "@fluentui/react-icons/svg/search";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { MailView } from "../../server/desk/contract/mails.ts";
import { type TicketSummary, TicketView } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { useAsk, useFindTickets, useKeepTicket } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLater } from "../pane/later.ts";
import { useLayout } from "../pane/layout.ts";
import { useDrawnFor } from "../pane/shown.tsx";
import { useText } from "../text/text.tsx";
import { Undelivered } from "../ticket/undelivered.tsx";
import type { Requester } from "./requester.ts";

/** Tickets that this mail may belong to: suggested ones, the requester's open ones, any other by search. */
export function AddToTicket({ mail, requester }: { mail: MailView; requester: Requester }) {
  const layout = useLayout();
  const text = useText();
  const [searching, setSearching] = useState(false);
  const add = useAddMail(mail);
  const suggested = new Set(mail.suggestedTickets.map(({ ticket }) => ticket.number));
  const open = mail.openTickets.filter(({ number }) => !suggested.has(number));

  return (
    <section className={layout.section} aria-label={text.addToTicket}>
      {add.isError ? <Refusal error={add.error} /> : null}
      {mail.suggestedTickets.length > 0 ? (
        <>
          <h2 className={layout.heading}>{text.suggestions}</h2>
          <ul className={layout.list}>
            {mail.suggestedTickets.map(({ ticket, because }) => (
              <TicketRow
                key={ticket.id}
                ticket={ticket}
                because={because}
                add={() => add.mutate(ticket.number)}
                busy={add.isPending}
              />
            ))}
          </ul>
        </>
      ) : null}
      {requester.kind === "contact" ? (
        <h2 className={layout.heading}>{text.openTickets(requester.contact.name)}</h2>
      ) : null}
      {requester.kind === "contact" && open.length === 0 ? <p className={layout.quiet}>{text.noOpenTickets}</p> : null}
      <ul className={layout.list}>
        {open.map((ticket) => (
          <TicketRow key={ticket.id} ticket={ticket} add={() => add.mutate(ticket.number)} busy={add.isPending} />
        ))}
      </ul>
      {searching ? (
        <FindTicket add={(number) => add.mutate(number)} busy={add.isPending} cancel={() => setSearching(false)} />
      ) : (
        <div>
          <Button size="small" onClick={() => setSearching(true)}>
            {text.addToTicket}
          </Button>
        </div>
      )}
    </section>
  );
}

function TicketRow({
  ticket,
  because,
  add,
  busy,
}: {
  ticket: TicketSummary;
  because?: string;
  add: () => void;
  busy: boolean;
}) {
  const layout = useLayout();
  const text = useText();
  return (
    <li className={layout.pair}>
      <div className={`${layout.tight} ${layout.grow}`}>
        <span>
          #{ticket.number} {ticket.subject}
        </span>
        <span className={layout.quiet}>
          {[text.statuses[ticket.status], ticket.assignee?.name ?? text.nobody, ticket.requester.name].join(" · ")}
          {ticket.undelivered ? <Undelivered /> : null}
        </span>
        {because ? <span className={layout.quiet}>{because}</span> : null}
      </div>
      <Button
        size="small"
        aria-label={text.addTo(ticket.number)}
        title={text.addTo(ticket.number)}
        disabledFocusable={busy}
        onClick={add}
      >
        {text.addHere}
      </Button>
    </li>
  );
}

export function FindTicket({
  add,
  busy,
  cancel,
}: {
  add: (number: number) => void;
  busy: boolean;
  cancel: () => void;
}) {
  const layout = useLayout();
  const text = useText();
  const [search, setSearch] = useState("");
  const found = useFindTickets(useLater(search.trim()));
  const tickets = found.data?.tickets ?? [];

  return (
    <search className={layout.section}>
      <Field label={text.addToTicket} hint={text.searchTicket}>
        <Input
          type="search"
          autoFocus
          contentBefore={<SearchRegular />}
          value={search}
          onChange={(_, { value }) => setSearch(value)}
        />
      </Field>
      {found.isError ? <Refusal error={found.error} /> : null}
      <ul className={layout.list} aria-live="polite">
        {tickets.map((ticket) => (
          <TicketRow key={ticket.id} ticket={ticket} add={() => add(ticket.number)} busy={busy} />
        ))}
        {found.isSuccess && tickets.length === 0 ? <li className={layout.quiet}>{text.noTicketFound}</li> : null}
      </ul>
      <div>
        <Button size="small" appearance="subtle" onClick={cancel}>
          {text.cancel}
        </Button>
      </div>
    </search>
  );
}

function useAddMail(mail: MailView) {
  const text = useText();
  const ask = useAsk();
  const keep = useKeepTicket();
  const queries = useQueryClient();
  const drawnFor = useDrawnFor();
  return useAct<number, TicketView>({
    run: (number, key) =>
      ask.change(`/tickets/${number}/mails`, TicketView, {
        method: "POST",
        key,
        body: { messageId: mail.messageId, attachmentIds: mail.proposal.attachmentIds },
      }),
    done: ({ number }) => text.mailAdded(number),
    after: (ticket) => {
      keep(ticket);
      return queries.invalidateQueries({ queryKey: ["mail", drawnFor.key] });
    },
  });
}
