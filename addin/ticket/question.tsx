import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useLayout } from "../pane/layout.ts";

const useStyles = makeStyles({
  frame: {
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    margin: 0,
    padding: tokens.spacingHorizontalS,
    // By itself it would be as wide as its longest word.
    minWidth: 0,
  },
});

/** What is asked before something is done, framed where it is about. */
export function Question({ title, children }: { title: string; children: ReactNode }) {
  const styles = useStyles();
  const layout = useLayout();
  return (
    <fieldset className={styles.frame}>
      <legend className={layout.heading}>{title}</legend>
      {children}
    </fieldset>
  );
}
