import { Button } from "@fluentui/react-components";
import { useId } from "react";
import type { SpamMarkView } from "../../server/desk/contract/held.ts";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { useText, useTimes } from "../text/text.tsx";
import { trayText } from "../text/tray.ts";
import { useDecision, useDecisions } from "./held.ts";
import { useTrayStyles } from "./tray.tsx";

/** A sender who was called spam: how much is folded away for it, and the way back. */
export function SpamMark({ mark }: { mark: SpamMarkView }) {
  const styles = useTrayStyles();
  const layout = useLayout();
  const text = useText(trayText);
  const times = useTimes();
  const heading = useId();
  const decision = useDecision();
  const can = useDecisions();
  return (
    <li className={styles.item} aria-labelledby={heading}>
      <h3 id={heading} className={layout.heading}>
        {mark.sender.address || text.noSubject}
      </h3>
      <p className={layout.quiet}>{mark.subject || text.noSubject}</p>
      <p className={layout.quiet}>
        {[text.markedBy(mark.by), times.short(mark.at), text.foldedMails(mark.mails)].join(" · ")}
      </p>
      <div>
        <Button
          size="small"
          disabledFocusable={decision.isPending}
          onClick={() => decision.mutate(can.notSpam(mark.messageId))}
        >
          {text.notSpam}
        </Button>
      </div>
      {decision.isError ? <Refusal error={decision.error} /> : null}
    </li>
  );
}
