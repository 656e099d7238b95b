import { mergeClasses } from "@fluentui/react-components";
import { EyeFilled } from "@fluentui/react-icons/svg/eye";
import { LockClosedFilled } from "@fluentui/react-icons/svg/lock-closed";
import type { EntryView, TicketView } from "../../server/desk/contract/tickets.ts";
import { useMyself } from "../desk/desk.tsx";
import { useText, useTimes } from "../text/text.tsx";
import { type Side, useVisibility } from "./visibility.ts";

export const sideOf = ({ visibility }: EntryView): Side => visibility.to;

/** The line of an entry that says whether the customer sees it, since when, and who decided so. */
export function Mark({ entry, ticket }: { entry: EntryView; ticket: TicketView }) {
  const styles = useVisibility();
  const side = sideOf(entry);
  return (
    <div className={mergeClasses(styles.band, side === "internal" ? styles.internalBand : styles.customerBand)}>
      {side === "internal" ? <LockClosedFilled aria-hidden /> : <EyeFilled aria-hidden />}
      <MarkWords entry={entry} ticket={ticket} />
    </div>
  );
}

function MarkWords({ entry, ticket }: { entry: EntryView; ticket: TicketView }) {
  const styles = useVisibility();
  const text = useText();
  const times = useTimes();
  const { agents } = useMyself();
  const { visibility } = entry;
  if (visibility.to === "internal") {
    const { retracted } = visibility;
    return (
      <span>
        <span className={styles.strong}>{text.internal}</span>
        {retracted ? ` · ${text.retractedBy(times.short(retracted.at), retracted.by)}` : null}
      </span>
    );
  }
  const byAgent = agents.some(({ name }) => name === visibility.releasedBy);
  const published = visibility.publishedAt !== null;
  const elsewhere =
    entry.shownOn !== null && entry.shownOn !== ticket.number ? ` · ${text.shownOn(entry.shownOn)}` : "";
  const since = published ? text.since(times.short(visibility.releasedAt)) : text.onItsWay;
  return (
    <span>
      <span className={styles.strong}>{published ? text.customerSees : text.customerWillSee}</span>
      {` · ${since} · ${byAgent ? text.releasedBy(visibility.releasedBy) : text.releasedByRule(visibility.releasedBy)}${elsewhere}`}
    </span>
  );
}
