import { Button, Field, Input } from "@fluentui/react-components";
import { SearchRegular } from "@fluentui/react-icons/svg/search";
import { useState } from "react";
import type { TicketSummary } from "../../server/desk/contract/tickets.ts";
import { useFindTickets } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLater } from "../pane/later.ts";
import { useLayout } from "../pane/layout.ts";
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
  const layout = useLayout();
  const text = useText();
  const [search, setSearch] = useState("");
  const found = useFindTickets(useLater(search.trim()));
  const tickets = (found.data?.tickets ?? []).filter(({ number }) => number !== except);

  return (
    <search className={layout.section}>
      <Field label={label} hint={text.searchTicket}>
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
          <TicketRow key={ticket.id} ticket={ticket} words={words} choose={() => choose(ticket.number)} busy={busy} />
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
