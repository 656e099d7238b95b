import { makeStyles, Select, tokens } from "@fluentui/react-components";
import { PersonRegular } from "@fluentui/react-icons/svg/person";
import { useQueryClient } from "@tanstack/react-query";
import { lazy } from "react";
import { Priority, Status, type TicketView } from "../../server/desk/contract/tickets.ts";
import { AboutContact } from "../contact/about-contact.tsx";
import { useMyself } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { Labelled } from "../pane/labelled.tsx";
import { useLayout } from "../pane/layout.ts";
import { Part } from "../pane/part.tsx";
import { useText } from "../text/text.tsx";
import { useChange } from "./change.ts";
import { Conflict } from "./conflict.tsx";

const Undelivered = lazy(async () => ({ default: (await import("./undelivered.tsx")).Undelivered }));

const useStyles = makeStyles({
  turn: {
    display: "inline-block",
    padding: `0 ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusCircular,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
  },
  ours: {
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorBrandForeground2,
    fontWeight: tokens.fontWeightSemibold,
  },
});

/** Status and whose turn it is, who takes care, how urgent; each changed where it stands. */
export function Facts({ ticket }: { ticket: TicketView }) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText();
  const { agents, teams } = useMyself();
  const queries = useQueryClient();
  const change = useChange(ticket);
  const { pending } = change;
  const assigneeId = pending?.assigneeId !== undefined ? pending.assigneeId : (ticket.assignee?.id ?? null);
  const team = pending?.team !== undefined ? pending.team : ticket.team;

  return (
    <section className={layout.section} aria-label={text.ticketFacts}>
      <div className={layout.row}>
        <span className={`${styles.turn} ${ticket.turn === "ours" ? styles.ours : ""}`}>{text.turns[ticket.turn]}</span>
        {ticket.undelivered ? (
          <Part>
            <Undelivered />
          </Part>
        ) : null}
        <span className={layout.quiet}>
          <PersonRegular aria-hidden /> <strong>{ticket.contact.name}</strong>
          {ticket.contact.organization.personal ? null : ` · ${ticket.contact.organization.name}`}
        </span>
      </div>
      <AboutContact
        key={ticket.contact.id}
        contact={ticket.contact}
        changed={() => queries.invalidateQueries({ queryKey: ["ticket", ticket.number] })}
      />
      <div className={layout.columns}>
        <Labelled label={text.status}>
          <Select
            size="small"
            value={pending?.status ?? ticket.status}
            onChange={(_, { value }) => change.wish({ status: Status.parse(value) })}
          >
            {Status.options
              .filter((status) => status !== "new" || ticket.status === "new")
              .map((status) => (
                <option key={status} value={status}>
                  {text.statuses[status]}
                </option>
              ))}
          </Select>
        </Labelled>
        <Labelled label={text.assignee}>
          <Select
            size="small"
            value={assigneeId ?? ""}
            onChange={(_, { value }) => change.wish({ assigneeId: value || null })}
          >
            <option value="">{text.nobody}</option>
            {withCurrent(agents, ticket.assignee).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Labelled>
        <Labelled label={text.priority}>
          <Select
            size="small"
            value={pending?.priority ?? ticket.priority}
            onChange={(_, { value }) => change.wish({ priority: Priority.parse(value) })}
          >
            {Priority.options.map((priority) => (
              <option key={priority} value={priority}>
                {text.priorities[priority]}
              </option>
            ))}
          </Select>
        </Labelled>
        <Labelled label={text.team}>
          <Select size="small" value={team ?? ""} onChange={(_, { value }) => change.wish({ team: value || null })}>
            <option value="">{text.noTeam}</option>
            {[...new Set([...teams, ...(ticket.team ? [ticket.team] : [])])].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Select>
        </Labelled>
      </div>
      <Conflict change={change} ticket={ticket} />
      {change.error ? <Refusal error={change.error} /> : null}
    </section>
  );
}

/** An agent who left is still the assignee until somebody changes it. */
const withCurrent = (agents: { id: string; name: string }[], current: { id: string; name: string } | null) =>
  current && !agents.some(({ id }) => id === current.id) ? [current, ...agents] : agents;
