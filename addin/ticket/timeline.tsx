import { Button } from "@fluentui/react-components";
import { useState } from "react";
import type { EntryView, TicketView } from "../../server/desk/contract/tickets.ts";
import { useOlderEntries } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { Waiting } from "../pane/states.tsx";
import { useText } from "../text/text.tsx";
import { Entry } from "./entry.tsx";

/**
 * Newest first, right below the composer. In a pane of 320 px the eye lands at the top with every mail that is selected:
 * what happened last and the place to answer it are there without scrolling, nothing jumps while mails find their height,
 * and the past continues downwards as far as somebody wants to read.
 */
export function Timeline({ ticket }: { ticket: TicketView }) {
  const layout = useLayout();
  const text = useText();
  return (
    <section className={layout.section} aria-labelledby="timeline">
      <h2 id="timeline" className={layout.heading}>
        {text.timeline}
      </h2>
      <Entries entries={ticket.entries} ticket={ticket} />
      <Older ticket={ticket} cursor={ticket.olderCursor} />
    </section>
  );
}

function Entries({ entries, ticket }: { entries: EntryView[]; ticket: TicketView }) {
  const layout = useLayout();
  return (
    <ul className={layout.loose}>
      {entries.toReversed().map((entry) => (
        <li key={entry.id}>
          <Entry entry={entry} ticket={ticket} />
        </li>
      ))}
    </ul>
  );
}

/** One page of the past, and below it the next one. */
function Older({ ticket, cursor }: { ticket: TicketView; cursor: string | null }) {
  const layout = useLayout();
  const text = useText();
  const [wanted, want] = useState(false);
  const page = useOlderEntries(ticket.number, wanted ? cursor : null);

  if (cursor === null) return <p className={layout.quiet}>{text.beginning}</p>;
  if (page.data)
    return (
      <>
        <Entries entries={page.data.entries} ticket={ticket} />
        <Older ticket={ticket} cursor={page.data.olderCursor} />
      </>
    );
  if (page.isError) return <Refusal error={page.error} />;
  if (wanted) return <Waiting label={text.older} />;
  return (
    <div>
      <Button onClick={() => want(true)}>{text.older}</Button>
    </div>
  );
}
