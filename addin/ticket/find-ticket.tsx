import { Button } from "@fluentui/react-components";
import type { TicketSummary } from "../../server/desk/contract/tickets.ts";
import { useFindTickets } from "../desk/desk.tsx";
import { useLayout } from "../pane/layout.ts";
import { SearchList } from "../pane/search-list.tsx";
import { linksText } from "../text/links.ts";
import { useText } from "../text/text.tsx";
import { Undelivered } from "./undelivered.tsx";

/** What the button says, and what it says to those who hear it without its row. */
export type ActWords = { short: string; full: (number: number) => string };

/** One ticket and the button that does it. */
export function TicketRow({
  ticket,
  because,
  words,
  choose,
  busy,
}: {
  ticket: TicketSummary;
  because?: string;
  words: ActWords;
  choose: () => void;
  busy: boolean;
}) {
  const layout = useLayout();
  const text = useText(linksText);
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
        aria-label={words.full(ticket.number)}
        title={words.full(ticket.number)}
        disabledFocusable={busy}
        onClick={choose}
      >
        {words.short}
      </Button>
    </li>
  );
}

/** Search for a ticket to do something with. */
export function FindTicket({
  label,
  words,
  except,
  choose,
  busy,
  cancel,
}: {
  label: string;
  words: ActWords;
  /** A ticket that cannot be chosen. */
  except?: number;
  choose: (number: number) => void;
  busy: boolean;
  cancel: () => void;
}) {
  const text = useText(linksText);
  return (
    <SearchList
      label={label}
      hint={text.searchTicket}
      nothing={text.noTicketFound}
      useFound={useFindTickets}
      leaveOut={({ number }) => number === except}
      row={(ticket) => (
        <TicketRow key={ticket.id} ticket={ticket} words={words} choose={() => choose(ticket.number)} busy={busy} />
      )}
    >
      <Button size="small" appearance="subtle" onClick={cancel}>
        {text.cancel}
      </Button>
    </SearchList>
  );
}
