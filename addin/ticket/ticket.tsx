import { makeStyles, tokens } from "@fluentui/react-components";
import { lazy, useEffect } from "react";
import type { TicketView } from "../../server/desk/contract/tickets.ts";
import { useTicket } from "../desk/desk.tsx";
import { Failure, Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { Part } from "../pane/part.tsx";
import { Waiting } from "../pane/states.tsx";
import { Why } from "../pane/why.tsx";
import { useText } from "../text/text.tsx";
import { Facts } from "./facts.tsx";
import { InPortal } from "./in-portal.tsx";
import { Reshape } from "./reshape.tsx";
import { Timeline } from "./timeline.tsx";
import { Title } from "./title.tsx";

// The ticket is read before anybody writes.
const fetchComposer = () => import("../composer/composer.tsx");
const Composer = lazy(async () => ({ default: (await fetchComposer()).Composer }));
// Most tickets stand alone.
const Links = lazy(async () => ({ default: (await import("./links.tsx")).Links }));
const hasLinks = ({ merged, origin, offspring }: TicketView) =>
  merged.length > 0 || origin !== null || offspring.length > 0;

const useStyles = makeStyles({
  top: {
    position: "sticky",
    top: 0,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
  },
  // As high as the composer before somebody writes, so that nothing below it moves.
  composer: { minHeight: "118px" },
});

/** The ticket of the mail on screen: what it is, the place to write, what happened. */
export function Ticket({ number, because }: { number: number; because: string[] }) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText();
  const ticket = useTicket(number);
  // On its way together with the ticket. That it did not arrive is said where it is drawn.
  useEffect(() => void fetchComposer().catch(() => {}), []);

  if (!ticket.data && ticket.isError) return <Failure error={ticket.error} retry={() => ticket.refetch()} />;
  if (!ticket.data) return <Waiting label={`#${number} …`} />;
  // Merged while it was on screen.
  if (ticket.data.mergedInto) return <Ticket number={ticket.data.mergedInto.number} because={because} />;
  return (
    <>
      <div className={styles.top}>
        <Title ticket={ticket.data} />
      </div>
      <div className={layout.screen}>
        {ticket.isError ? <Refusal error={ticket.error} /> : null}
        <Facts ticket={ticket.data} />
        {hasLinks(ticket.data) ? (
          <Part>
            <Links ticket={ticket.data} />
          </Part>
        ) : null}
        <InPortal ticket={ticket.data} />
        <Part waiting={<div className={styles.composer} />}>
          <Composer key={number} ticket={ticket.data} />
        </Part>
        <Timeline ticket={ticket.data} />
        <Reshape key={`reshape ${number}`} ticket={ticket.data} />
        <Why title={text.whyThisTicket} because={because} />
      </div>
    </>
  );
}
