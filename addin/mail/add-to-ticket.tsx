import { Button } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { MailView } from "../../server/desk/contract/mails.ts";
import { TicketView } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { useAsk, useKeepTicket } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { useDrawnFor } from "../pane/shown.tsx";
import { newTicketText } from "../text/new-ticket.ts";
import { useText } from "../text/text.tsx";
import { FindTicket, TicketRow } from "../ticket/find-ticket.tsx";
import type { Requester } from "./requester.ts";

/** Tickets that this mail may belong to: suggested ones, the requester's open ones, any other by search. */
export function AddToTicket({ mail, requester }: { mail: MailView; requester: Requester }) {
  const layout = useLayout();
  const text = useText(newTicketText);
  const [searching, setSearching] = useState(false);
  const add = useAddMail(mail);
  const addWords = { short: text.addHere, full: text.addTo };
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
                words={addWords}
                choose={() => add.mutate(ticket.number)}
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
          <TicketRow
            key={ticket.id}
            ticket={ticket}
            words={addWords}
            choose={() => add.mutate(ticket.number)}
            busy={add.isPending}
          />
        ))}
      </ul>
      {searching ? (
        <FindTicket
          label={text.addToTicket}
          words={addWords}
          choose={(number) => add.mutate(number)}
          busy={add.isPending}
          cancel={() => setSearching(false)}
        />
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

function useAddMail(mail: MailView) {
  const text = useText(newTicketText);
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
