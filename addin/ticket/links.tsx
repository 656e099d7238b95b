import { Button } from "@fluentui/react-components";
import { ArrowUndoRegular } from "@fluentui/react-icons/svg/arrow-undo";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { TicketView } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { useAsk, useKeepTicket } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { linksText } from "../text/links.ts";
import { useText, useTimes } from "../text/text.tsx";

type Undo = { path: string; version: number };

/** The other tickets of this matter, a line each, with the undoing of what joined or parted them. */
export function Links({ ticket }: { ticket: TicketView }) {
  const layout = useLayout();
  const text = useText(linksText);
  const undo = useUndo();
  const { merged, origin, offspring } = ticket;
  return (
    <section className={layout.section} aria-label={text.linkedTickets}>
      <ul className={layout.list}>
        {merged.map((other) => (
          <Line
            key={other.number}
            words={text.mergedHere(other.number, other.subject)}
            link={other}
            undo={() => undo.mutate({ path: `/tickets/${other.number}/merger`, version: other.version })}
            busy={undo.isPending}
          />
        ))}
        {origin ? (
          <Line
            words={(origin.kind === "split" ? text.splitFrom : text.follows)(origin.number, origin.subject)}
            link={origin}
            undo={
              origin.kind === "split"
                ? () => undo.mutate(ofSplit(origin.number, ticket.number, origin.version))
                : undefined
            }
            busy={undo.isPending}
          />
        ) : null}
        {offspring.map((other) => (
          <Line
            key={other.number}
            words={(other.kind === "split" ? text.splitOff : text.followedBy)(other.number, other.subject)}
            link={other}
            undo={
              other.kind === "split"
                ? () => undo.mutate(ofSplit(ticket.number, other.number, ticket.version))
                : undefined
            }
            busy={undo.isPending}
          />
        ))}
      </ul>
      {undo.isError ? <Refusal error={undo.error} /> : null}
    </section>
  );
}

const ofSplit = (number: number, splitNumber: number, version: number): Undo => ({
  path: `/tickets/${number}/splits/${splitNumber}`,
  version,
});

function Line({
  words,
  link,
  undo,
  busy,
}: {
  words: ReactNode;
  link: { number: number; by: string | null; at: string };
  undo?: () => void;
  busy: boolean;
}) {
  const layout = useLayout();
  const text = useText(linksText);
  const times = useTimes();
  return (
    <li className={layout.pair}>
      <span className={`${layout.quiet} ${layout.grow}`}>
        {words} · {link.by ? `${link.by} · ` : ""}
        <time dateTime={link.at} title={times.full(link.at)}>
          {times.short(link.at)}
        </time>
      </span>
      {undo ? (
        <Button
          size="small"
          appearance="subtle"
          icon={<ArrowUndoRegular />}
          aria-label={text.undoLink(link.number)}
          title={text.undoLink(link.number)}
          disabledFocusable={busy}
          onClick={undo}
        >
          {text.undo}
        </Button>
      ) : null}
    </li>
  );
}

function useUndo() {
  const text = useText(linksText);
  const ask = useAsk();
  const reshaped = useReshaped();
  return useAct<Undo, TicketView>({
    run: ({ path, version }, key) => ask.change(path, TicketView, { method: "DELETE", key, version }),
    done: () => text.linkUndone,
    after: reshaped,
  });
}

/** Several tickets have changed, and the mail on screen may belong to another one now. */
export function useReshaped() {
  const keep = useKeepTicket();
  const queries = useQueryClient();
  return async (ticket: TicketView) => {
    keep(ticket);
    await Promise.all(
      ["ticket", "entries", "customer-view", "mail"].map((key) => queries.invalidateQueries({ queryKey: [key] })),
    );
  };
}
