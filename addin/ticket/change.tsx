import { Button, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import { type ChangeTicket, TicketView } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { DeskProblem } from "../desk/ask.ts";
import { useAsk, useKeepTicket, useMyself } from "../desk/desk.tsx";
import { useLayout } from "../pane/layout.ts";
import type { Text } from "../text/en.ts";
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

/** Shows what changed meanwhile and keeps the wish: nothing that a colleague did is overwritten unseen. */
export function Conflict({ change, ticket }: { change: Change; ticket: TicketView }) {
  const layout = useLayout();
  const text = useText();
  const { agents } = useMyself();
  if (!change.conflict) return null;
  const { changes, seen, sentence } = change.conflict;
  const name = nameIn(text, agents);
  const changed = fields.filter((field) => valueIn(seen, field) !== valueIn(ticket, field));

  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{text.changedMeanwhile}</MessageBarTitle> {sentence}
        <ul className={layout.list}>
          {changed.map((field) => (
            <li key={field}>
              {text.changedFromTo(
                label(field, text),
                name(field, valueIn(seen, field)),
                name(field, valueIn(ticket, field)),
              )}
            </li>
          ))}
          {changed.length === 0 && ticket.version !== seen.version ? <li>{text.versionOnly}</li> : null}
          {fields
            .filter((field) => changes[field] !== undefined)
            .map((field) => (
              <li key={`wish-${field}`}>
                <strong>{text.yourWish(label(field, text), name(field, changes[field] ?? null))}</strong>
              </li>
            ))}
        </ul>
        <div className={layout.row}>
          <Button size="small" disabledFocusable={ticket.version === seen.version} onClick={() => change.wish(changes)}>
            {text.applyAnyway}
          </Button>
          <Button size="small" appearance="subtle" onClick={change.leave}>
            {text.leaveIt}
          </Button>
        </div>
      </MessageBarBody>
    </MessageBar>
  );
}

const fields = ["status", "assigneeId", "priority", "team", "subject"] as const;
type Field = (typeof fields)[number];

const valueIn = (ticket: TicketView, field: Field) =>
  field === "assigneeId" ? (ticket.assignee?.id ?? null) : ticket[field];

const label = (field: Field, text: Text) => (field === "assigneeId" ? text.assignee : text[field]);

const nameIn = (text: Text, agents: { id: string; name: string }[]) => (field: Field, value: string | null) => {
  if (value === null) return field === "assigneeId" ? text.nobody : text.noTeam;
  if (field === "assigneeId") return agents.find(({ id }) => id === value)?.name ?? value;
  const names: Record<string, string> =
    field === "status" ? text.statuses : field === "priority" ? text.priorities : {};
  return names[value] ?? value;
};
