import { Button, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ArrowUndoRegular } from "@fluentui/react-icons/svg/arrow-undo";
import { useEffect, useState } from "react";
import type { z } from "zod";
import { type EntryView, TakenBack, type TicketView } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { useAsk, useRefreshTicket } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { composerText } from "../text/composer.ts";
import { useText } from "../text/text.tsx";
import { useVisibility } from "../ticket/visibility.ts";
import { type Draft, emptyDraft } from "./draft.ts";

const useStyles = makeStyles({
  // Beside the composer where that is in sight, otherwise at the pane's edge and above all else: there are only seconds to see it.
  bars: {
    position: "sticky",
    top: 0,
    bottom: 0,
    zIndex: 2,
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXS,
    boxShadow: tokens.shadow8,
  },
  bar: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalS,
    padding: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusMedium,
    border: "1px solid currentColor",
  },
});

/** Replies that have not left yet, each with the time that is left to take it back. */
export function GracePeriods({ ticket, takenBack }: { ticket: TicketView; takenBack: (words: Draft) => void }) {
  const styles = useStyles();
  const waiting = ticket.entries.filter(
    ({ sending }) => sending && ["waiting", "drafted", "sending"].includes(sending.state),
  );
  if (waiting.length === 0) return null;
  return (
    <div className={styles.bars}>
      {waiting.map((entry) => (
        <GracePeriod key={entry.id} entry={entry} ticket={ticket} takenBack={takenBack} />
      ))}
    </div>
  );
}

function GracePeriod({
  entry,
  ticket,
  takenBack,
}: {
  entry: EntryView;
  ticket: TicketView;
  takenBack: (words: Draft) => void;
}) {
  const styles = useStyles();
  const visibility = useVisibility();
  const text = useText(composerText);
  const refresh = useRefreshTicket();
  const [left, setLeft] = useState(() => secondsLeft(entry));
  const undo = useTakeBack(entry, ticket, takenBack);

  useEffect(() => {
    const timer = setInterval(() => {
      const now = secondsLeft(entry);
      setLeft(now);
      // Once it is over, the ticket is asked until it says that the mail has left.
      if (now <= 0 && now % 2 === 0) void refresh(ticket.number);
    }, 1000);
    return () => clearInterval(timer);
  });

  return (
    <>
      <div className={mergeClasses(styles.bar, visibility.customerSide)}>
        {/* Said once; the countdown itself would talk over everything else. */}
        <span role="timer" aria-live="off">
          {left > 0 ? text.goesOut(left) : text.goesOutNow}
        </span>
        {left > 0 ? (
          <Button
            size="small"
            icon={<ArrowUndoRegular />}
            disabledFocusable={undo.isPending}
            onClick={() => undo.mutate()}
          >
            {text.undo}
          </Button>
        ) : null}
      </div>
      {undo.isError ? <Refusal error={undo.error} /> : null}
    </>
  );
}

const people = ({ contact, participants }: TicketView) => [contact, ...participants];
const isAmong = (addressed: string[]) => (person: TicketView["contact"]) =>
  person.addresses.some((address) => addressed.includes(address));

const secondsLeft = ({ sending }: EntryView) =>
  Math.ceil((new Date(sending?.sendAfter ?? 0).getTime() - Date.now()) / 1000);

function useTakeBack(entry: EntryView, ticket: TicketView, takenBack: (words: Draft) => void) {
  const text = useText(composerText);
  const ask = useAsk();
  const refresh = useRefreshTicket();
  return useAct<void, z.infer<typeof TakenBack>>({
    run: (_, key) => ask.change(`/tickets/${ticket.number}/replies/${entry.id}`, TakenBack, { method: "DELETE", key }),
    done: () => text.takenBack,
    after: ({ html, attachmentIds }) => {
      const files = entry.files.filter(({ id }) => attachmentIds.includes(id));
      const addresses = entry.sending?.to ?? [];
      const cc = addresses.filter((address) => !ticket.contact.addresses.includes(address.toLowerCase()));
      takenBack({
        ...emptyDraft,
        audience: "customer",
        html,
        files: files.map(({ id, name, type, size, inline }) => ({ id, name, type, size, inline })),
        cc,
        ...(typeof entry.facts.newMail === "string" && {
          audience: entry.visibility.to,
          newMail: { subject: entry.facts.newMail, to: people(ticket).filter(isAmong(addresses)) },
          cc: [],
        }),
      });
      return refresh(ticket.number);
    },
  });
}
