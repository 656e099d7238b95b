import { Button } from "@fluentui/react-components";
import type { EntryView, TicketView } from "../../server/desk/contract/tickets.ts";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { useText } from "../text/text.tsx";
import { useChange } from "./change.ts";
import { Conflict } from "./conflict.tsx";

/** The mail only thanks, so the ticket stayed as it was; one click says otherwise. */
export function Thanks({ entry, ticket }: { entry: EntryView; ticket: TicketView }) {
  const layout = useLayout();
  const text = useText();
  const change = useChange(ticket);
  if (!entry.facts.thanks) return null;
  return (
    <>
      <div className={layout.row}>
        <span className={layout.quiet}>{text.onlyThanks}</span>
        {ticket.turn === "nobody" ? (
          <Button
            size="small"
            disabledFocusable={change.pending !== null}
            onClick={() => change.wish({ status: "in_progress" })}
          >
            {text.reopen}
          </Button>
        ) : null}
      </div>
      <Conflict change={change} ticket={ticket} />
      {change.error ? <Refusal error={change.error} /> : null}
    </>
  );
}
