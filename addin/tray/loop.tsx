import { Button } from "@fluentui/react-components";
import { useId } from "react";
import type { LoopView } from "../../server/desk/contract/held.ts";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { useText, useTimes } from "../text/text.tsx";
import { trayText } from "../text/tray.ts";
import { useDecision, useDecisions } from "./held.ts";
import { useTrayStyles } from "./tray.tsx";

/** Mails that go round or pour in, as one line. */
export function Loop({ loop }: { loop: LoopView }) {
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
        {text.loopOf(loop.mails, loop.address)}
      </h3>
      <p className={layout.quiet}>
        {[loop.ticket === null ? "" : `#${loop.ticket}`, times.short(loop.foundAt)].filter(Boolean).join(" · ")}
      </p>
      <p className={layout.quiet}>
        {loop.because} {text.loopHint}
      </p>
      <div>
        <Button
          size="small"
          disabledFocusable={decision.isPending}
          onClick={() => decision.mutate(can.liftLoop(loop.loopId))}
        >
          {text.liftLoop}
        </Button>
      </div>
      {decision.isError ? <Refusal error={decision.error} /> : null}
    </li>
  );
}
