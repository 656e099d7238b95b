import { Button, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import type { TicketView } from "../../server/desk/contract/tickets.ts";
import { useMyself } from "../desk/desk.tsx";
import { useLayout } from "../pane/layout.ts";
import { conflictText } from "../text/conflict.ts";
import type { Text } from "../text/en.ts";
import { useText } from "../text/text.tsx";
import type { Change } from "./change.ts";

/** Shows what changed meanwhile and keeps the wish: nothing that a colleague did is overwritten unseen. */
export function ChangedMeanwhile({
  conflict: { changes, seen, sentence },
  change,
  ticket,
}: {
  conflict: NonNullable<Change["conflict"]>;
  change: Change;
  ticket: TicketView;
}) {
  const layout = useLayout();
  const text = useText(conflictText);
  const { agents } = useMyself();
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
