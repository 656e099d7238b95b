import { Button, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useText } from "../text/text.tsx";
import { useLayout } from "./layout.ts";

const useStyles = makeStyles({
  state: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalXXL} ${tokens.spacingHorizontalL}`,
  },
  hint: { color: tokens.colorNeutralForeground2, margin: 0 },
});

/** Nothing to show, and why. */
export function Empty({
  title,
  hint,
  retry,
  children,
}: {
  title: string;
  hint: string;
  retry?: () => void;
  children?: ReactNode;
}) {
  const styles = useStyles();
  const layout = useLayout();
  const text = useText();
  return (
    <section className={styles.state} role="status">
      <h1 className={layout.title}>{title}</h1>
      <p className={styles.hint}>{hint}</p>
      {children}
      {retry ? <Button onClick={retry}>{text.retry}</Button> : null}
    </section>
  );
}

export function Waiting({ label, hint, children }: { label: string; hint?: string; children?: ReactNode }) {
  const styles = useStyles();
  return (
    <section className={styles.state} role="status">
      <Spinner size="tiny" label={label} />
      {hint ? <p className={styles.hint}>{hint}</p> : null}
      {children}
    </section>
  );
}
