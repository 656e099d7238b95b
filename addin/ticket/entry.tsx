import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  mergeClasses,
  shorthands,
  tokens,
} from "@fluentui/react-components";
import { ChevronDownRegular } from "@fluentui/react-icons/svg/chevron-down";
import { ChevronRightRegular } from "@fluentui/react-icons/svg/chevron-right";
import { lazy, useId, useState } from "react";
import type { EntryView, TicketView } from "../../server/desk/contract/tickets.ts";
import { useLayout } from "../pane/layout.ts";
import { Part } from "../pane/part.tsx";
import { useText, useTimes } from "../text/text.tsx";
import { Files } from "./files.tsx";
import { Mark, sideOf } from "./mark.tsx";
import { Release } from "./release.tsx";
import { Retract } from "./retract.tsx";
import { sentenceOfFact } from "./sentence.ts";
import { Thanks } from "./thanks.tsx";
import { useVisibility } from "./visibility.ts";
import { WaitingRelease, waitsForRelease } from "./waiting-release.tsx";
import { Words } from "./words.tsx";

// Few entries have one.
const Appointment = lazy(async () => ({ default: (await import("./appointment.tsx")).Appointment }));
const Bounces = lazy(async () => ({ default: (await import("./bounces.tsx")).Bounces }));

const useStyles = makeStyles({
  body: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalM}`,
    minWidth: 0,
  },
  happened: {
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    fontWeight: tokens.fontWeightRegular,
  },
  author: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  history: {
    paddingInlineStart: tokens.spacingHorizontalS,
    ...shorthands.borderLeft("2px", "solid", tokens.colorNeutralStroke1),
  },
});

/** One entry of the timeline: who sees it first of all, then who said or did what. */
export function Entry({ entry, ticket }: { entry: EntryView; ticket: TicketView }) {
  const visibility = useVisibility();
  const text = useText();
  const heading = useId();
  const side = sideOf(entry);
  const fact = sentenceOfFact(entry, text);
  return (
    <article
      aria-labelledby={heading}
      className={side === "internal" ? visibility.internalCard : visibility.customerCard}
    >
      <Mark entry={entry} ticket={ticket} />
      {fact ? (
        <Happened entry={entry} sentence={fact} heading={heading} />
      ) : (
        <Said entry={entry} ticket={ticket} heading={heading} />
      )}
    </article>
  );
}

/** A change of status or assignee, in one line. */
function Happened({ entry, sentence, heading }: { entry: EntryView; sentence: string; heading: string }) {
  const layout = useLayout();
  const styles = useStyles();
  return (
    <h3 id={heading} className={mergeClasses(layout.quiet, styles.happened)}>
      <strong>{entry.author.name}</strong> {sentence} · <When at={entry.at} />
    </h3>
  );
}

function Said({ entry, ticket, heading }: { entry: EntryView; ticket: TicketView; heading: string }) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText();
  return (
    <div className={styles.body}>
      <header className={layout.tight}>
        <h3 id={heading} className={styles.author}>
          {entry.author.name}
        </h3>
        <p className={layout.quiet}>
          {text.kinds[entry.kind]} · <When at={entry.at} />
          {entry.number === ticket.number ? null : ` · #${entry.number}`}
        </p>
        {entry.alsoIn.length ? <p className={layout.quiet}>{text.alsoIn(entry.alsoIn.join(", "))}</p> : null}
      </header>
      {entry.appointment ? (
        <Part>
          <Appointment appointment={entry.appointment} />
        </Part>
      ) : null}
      {entry.protection ? <p className={layout.quiet}>{text.protections[entry.protection]}</p> : null}
      {entry.html ? <Words html={entry.html} files={entry.files} title={text.words(entry.author.name)} /> : null}
      {entry.quotedHtml ? <History entry={entry} /> : null}
      <Files files={entry.files} />
      <Thanks entry={entry} ticket={ticket} />
      <SendingState entry={entry} />
      {entry.bounces.length > 0 ? (
        <Part>
          <Bounces bounces={entry.bounces} />
        </Part>
      ) : null}
      {entry.warnings.map((warning) => (
        <MessageBar key={warning} intent="warning" layout="multiline">
          <MessageBarBody>{warning}</MessageBarBody>
        </MessageBar>
      ))}
      {entry.visibility.to === "customer" ? <Retract entry={entry} ticket={ticket} /> : null}
      {waitsForRelease(entry) ? <WaitingRelease entry={entry} ticket={ticket} /> : null}
      {entry.visibility.to === "internal" && isReleasable(entry) ? <Release entry={entry} ticket={ticket} /> : null}
    </div>
  );
}

function When({ at }: { at: string }) {
  const times = useTimes();
  return (
    <time dateTime={at} title={times.full(at)}>
      {times.short(at)}
    </time>
  );
}

/** What says something of its own; a change of status or assignee is the ticket's, and the portal shows it from there. */
const isReleasable = ({ kind, html, files }: EntryView) => kind !== "system" && (html !== "" || files.length > 0);

function History({ entry }: { entry: EntryView }) {
  const styles = useStyles();
  const text = useText();
  const [open, setOpen] = useState(false);
  const history = useId();
  return (
    <div>
      <Button
        size="small"
        appearance="subtle"
        icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
        aria-expanded={open}
        aria-controls={history}
        onClick={() => setOpen(!open)}
      >
        {open ? text.hideHistory : text.showHistory}
      </Button>
      <div id={history} className={mergeClasses(open && styles.history)}>
        {open ? <Words html={entry.quotedHtml} files={entry.files} title={text.history} /> : null}
      </div>
    </div>
  );
}

function SendingState({ entry: { sending } }: { entry: EntryView }) {
  const layout = useLayout();
  const text = useText();
  if (!sending) return null;
  if (sending.state === "failed")
    return (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>
          {text.sendings.failed}. {sending.error}
        </MessageBarBody>
      </MessageBar>
    );
  return (
    <p className={layout.quiet}>
      {text.sendings[sending.state]} {sending.state === "taken_back" ? null : text.mailedTo(sending.to.join(", "))}
    </p>
  );
}
