import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import { type ChangeTicket, TicketView } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { DeskProblem } from "../desk/ask.ts";
import { useAsk, useKeepTicket } from "../desk/desk.tsx";
import { useText } from "../text/text.tsx";

export type Changes = Omit<z.input<typeof ChangeTicket>, "number">;

type Wish = { changes: Changes; seen: TicketView };

export type Change = {
  wish: (changes: Changes) => void;
  /** What is being changed, to be shown at once. */
  pending: Changes | null;
  /** A refusal that is no conflict. */
  error: Error | null;
  /** Somebody was faster: what the ticket was when the wish was made. */
  conflict: (Wish & { sentence: string }) | null;
  leave: () => void;
};

/** A change of the ticket's facts, made from the version that was on screen. */
export function useChange(ticket: TicketView): Change {
  const text = useText();
  const ask = useAsk();
  const keep = useKeepTicket();
  const queries = useQueryClient();
  const [conflict, setConflict] = useState<Change["conflict"]>(null);

  const act = useAct<Wish, TicketView>({
    run: ({ changes, seen }, key) =>
      ask.change(`/tickets/${seen.number}`, TicketView, { method: "PATCH", key, version: seen.version, body: changes }),
    done: () => text.changed,
    after: keep,
  });

  const wish = (changes: Changes) => {
    setConflict(null);
    act.mutate(
      { changes, seen: ticket },
      {
        onError: (error) => {
          if (!(error instanceof DeskProblem) || error.status !== 412) return;
          setConflict({ changes, seen: ticket, sentence: error.message });
          void queries.invalidateQueries({ queryKey: ["ticket", ticket.number] });
        },
      },
    );
  };

  return {
    wish,
    pending: act.isPending ? act.variables.changes : null,
    error: conflict ? null : act.error,
    conflict,
    leave: () => setConflict(null),
  };
}
