import { Button, Checkbox } from "@fluentui/react-components";
import { useState } from "react";
import { type EntryView, TicketView } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { useAsk } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { linksText } from "../text/links.ts";
import { useText, useTimes } from "../text/text.tsx";
import { useReshaped } from "./links.tsx";
import { Question } from "./question.tsx";

/** Which entries become a ticket of their own. */
export function SplitForm({ ticket, close }: { ticket: TicketView; close: () => void }) {
  const layout = useLayout();
  const text = useText(linksText);
  const times = useTimes();
  const [chosen, choose] = useState<string[]>([]);
  const split = useSplit(ticket, close);
  const entries = ticket.entries.filter((entry) => canMove(entry, ticket));

  return (
    <Question title={text.splitTitle}>
      <div className={layout.section}>
        <p className={layout.quiet}>{entries.length ? text.splitHint : text.nothingToSplit}</p>
        <div className={layout.tight}>
          {entries.map((entry) => (
            <Checkbox
              key={entry.id}
              label={`${text.kinds[entry.kind]} · ${entry.author.name} · ${times.short(entry.at)}: ${beginningOf(entry)}`}
              checked={chosen.includes(entry.id)}
              onChange={(_, { checked }) =>
                choose(checked ? [...chosen, entry.id] : chosen.filter((id) => id !== entry.id))
              }
            />
          ))}
        </div>
        {split.isError ? <Refusal error={split.error} /> : null}
        <div className={layout.row}>
          <Button
            size="small"
            appearance="primary"
            disabledFocusable={chosen.length === 0 || split.isPending}
            onClick={() => chosen.length > 0 && split.mutate(chosen)}
          >
            {text.splitNow(chosen.length)}
          </Button>
          <Button size="small" appearance="subtle" onClick={close}>
            {text.cancel}
          </Button>
        </div>
      </div>
    </Question>
  );
}

const movable = ["mail_received", "portal_message", "note", "reply", "file"];
const canMove = ({ kind, number, sending }: EntryView, ticket: TicketView) =>
  number === ticket.number &&
  movable.includes(kind) &&
  !["waiting", "drafted", "sending"].includes(sending?.state ?? "");

/** Enough to know it again. */
function beginningOf({ html, files }: EntryView) {
  const words = new DOMParser().parseFromString(html, "text/html").body.textContent?.replace(/\s+/g, " ").trim() ?? "";
  return words.length > 60 ? `${words.slice(0, 60)}…` : words || files.map(({ name }) => name).join(", ");
}

function useSplit({ number, version }: TicketView, close: () => void) {
  const text = useText(linksText);
  const ask = useAsk();
  const reshaped = useReshaped();
  return useAct<string[], TicketView>({
    run: (entryIds, key) =>
      ask.change(`/tickets/${number}/splits`, TicketView, { method: "POST", key, version, body: { entryIds } }),
    done: (opened) => text.wasSplit(opened.number),
    after: (opened) => {
      close();
      return reshaped(opened);
    },
  });
}
