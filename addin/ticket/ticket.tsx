import { makeStyles, tokens } from "@fluentui/react-components";
import { Composer } from "../composer/composer.tsx";
import { useTicket } from "../desk/desk.tsx";
import { Failure, Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { Waiting } from "../pane/states.tsx";
import { Why } from "../pane/why.tsx";
import { useText } from "../text/text.tsx";
import { Facts } from "./facts.tsx";
import { InPortal } from "./in-portal.tsx";
import { Timeline } from "./timeline.tsx";
import { Title } from "./title.tsx";

const useStyles = makeStyles({
  top: {
    position: "sticky",
    top: 0,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
  },
});

/** The ticket of the mail on screen: what it is, the place to write, what happened. */
export function Ticket({ number, because }: { number: number; because: string[] }) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText();
  const ticket = useTicket(number);

  if (!ticket.data && ticket.isError) return <Failure error={ticket.error} retry={() => ticket.refetch()} />;
  if (!ticket.data) return <Waiting label={`#${number} …`} />;
  return (
    <>
      <div className={styles.top}>
        <Title ticket={ticket.data} />
      </div>
      <div className={layout.screen}>
        {ticket.isError ? <Refusal error={ticket.error} /> : null}
        <Facts ticket={ticket.data} />
        <InPortal ticket={ticket.data} />
        <Composer key={number} ticket={ticket.data} />
        <Timeline ticket={ticket.data} />
        <Why title={text.whyThisTicket} because={because} />
      </div>
    </>
  );
}
