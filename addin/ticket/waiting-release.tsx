import { Button, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { EyeFilled } from "@fluentui/react-icons/svg/eye";
import type { EntryView, TicketView } from "../../server/desk/contract/tickets.ts";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { useText } from "../text/text.tsx";
import { nothingMore, useRelease } from "./use-release.ts";
import { useVisibility } from "./visibility.ts";

/** An agent answered in Outlook itself: the mail has gone, and the portal waits for one click. */
export function WaitingRelease({ entry, ticket }: { entry: EntryView; ticket: TicketView }) {
  const layout = useLayout();
  const visibility = useVisibility();
  const text = useText();
  const release = useRelease(entry, ticket);
  return (
    <>
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>{text.sentFromOutlook(addressees(entry))}</MessageBarBody>
      </MessageBar>
      <div className={layout.row}>
        <Button
          size="small"
          icon={<EyeFilled />}
          className={visibility.customerButton}
          disabledFocusable={release.isPending}
          onClick={() => release.mutate(nothingMore)}
        >
          {text.releaseNow(ticket.contact.name)}
        </Button>
      </div>
      {release.isError ? <Refusal error={release.error} /> : null}
    </>
  );
}

/** Until somebody released it, or took it back again. */
export const waitsForRelease = ({ facts, visibility }: EntryView) =>
  facts.sentFrom === "outlook" && visibility.to === "internal" && visibility.retracted === null;

const addressees = ({ facts: { to } }: EntryView) => (Array.isArray(to) ? to.join(", ") : "");
