import { Button } from "@fluentui/react-components";
import type { z } from "zod";
import { type EntryView, Retracted, type TicketView } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { useAsk, useRefreshTicket } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { releaseText } from "../text/release.ts";
import { useText } from "../text/text.tsx";
import { Question } from "./question.tsx";

/** Takes an entry away from the customer, and says beforehand what cannot be taken away any more. */
export function RetractForm({ entry, ticket, close }: { entry: EntryView; ticket: TicketView; close: () => void }) {
  const layout = useLayout();
  const text = useText(releaseText);
  const retract = useRetract(entry, ticket);
  return (
    <Question title={text.retractTitle}>
      <div className={layout.section}>
        <p className={layout.quiet}>{text.retractHint}</p>
        {retract.isError ? <Refusal error={retract.error} /> : null}
        <div className={layout.row}>
          <Button
            size="small"
            appearance="primary"
            disabledFocusable={retract.isPending}
            onClick={() => retract.mutate()}
          >
            {text.retractNow}
          </Button>
          <Button size="small" appearance="subtle" onClick={close}>
            {text.leaveIt}
          </Button>
        </div>
      </div>
    </Question>
  );
}

function useRetract(entry: EntryView, ticket: TicketView) {
  const ask = useAsk();
  const refresh = useRefreshTicket();
  return useAct<void, z.infer<typeof Retracted>>({
    run: (_, key) =>
      ask.change(`/tickets/${entry.number}/entries/${entry.id}/releases`, Retracted, { method: "DELETE", key }),
    done: ({ sentence }) => sentence,
    after: () => refresh(ticket.number),
  });
}
