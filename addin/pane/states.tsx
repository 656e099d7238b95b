import { Button, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useText } from "../text/text.tsx";

const useStyles = makeStyles({
  state: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalXXL} ${tokens.spacingHorizontalL}`,
  },
  title: { margin: 0 },
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
  const text = useText();
  return (
    <section className={styles.state} role="status">
      <Text as="h1" size={400} weight="semibold" className={styles.title}>
        {title}
      </Text>
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
