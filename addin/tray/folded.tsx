import { Button } from "@fluentui/react-components";
import { useId } from "react";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { useDecision } from "./held.ts";
import { useTrayStyles } from "./tray.tsx";

type Decision = Parameters<ReturnType<typeof useDecision>["mutate"]>[0];

type Words = {
  title: string;
  lines: string[];
  /** The way back, and what it says. */
  undo: Decision;
  label: string;
};

/** Many mails that were folded away under one line. */
export function Folded({ title, lines, undo, label }: Words) {
  const styles = useTrayStyles();
  const layout = useLayout();
  const heading = useId();
  const decision = useDecision();
  return (
    <li className={styles.item} aria-labelledby={heading}>
      <h3 id={heading} className={layout.heading}>
        {title}
      </h3>
      {lines.map((line) => (
        <p key={line} className={layout.quiet}>
          {line}
        </p>
      ))}
      <div>
        <Button size="small" disabledFocusable={decision.isPending} onClick={() => decision.mutate(undo)}>
          {label}
        </Button>
      </div>
      {decision.isError ? <Refusal error={decision.error} /> : null}
    </li>
  );
}
