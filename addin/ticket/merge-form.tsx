import { TicketView } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { useAsk } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { linksText } from "../text/links.ts";
import { useText } from "../text/text.tsx";
import { FindTicket } from "./find-ticket.tsx";
import { useReshaped } from "./links.tsx";

/** Finds the ticket in which this one is continued. It can be undone in one click, so nothing is asked twice. */
export function MergeForm({ ticket, close }: { ticket: TicketView; close: () => void }) {
  const layout = useLayout();
  const text = useText(linksText);
  const merge = useMerge(ticket, close);
  return (
    <section className={layout.section} aria-label={text.mergeTitle(ticket.number)}>
      <p className={layout.quiet}>{text.mergeHint}</p>
      {merge.isError ? <Refusal error={merge.error} /> : null}
      <FindTicket
        label={text.mergeTitle(ticket.number)}
        words={{ short: text.mergeHere, full: text.mergeIntoThat }}
        except={ticket.number}
        choose={(into) => merge.mutate(into)}
        busy={merge.isPending}
        cancel={close}
      />
    </section>
  );
}

function useMerge({ number, version }: TicketView, close: () => void) {
  const text = useText(linksText);
  const ask = useAsk();
  const reshaped = useReshaped();
  return useAct<number, TicketView>({
    run: (into, key) =>
      ask.change(`/tickets/${number}/merger`, TicketView, { method: "POST", key, version, body: { into } }),
    done: (target) => text.wasMerged(number, target.number),
    after: (target) => {
      close();
      return reshaped(target);
    },
  });
}
