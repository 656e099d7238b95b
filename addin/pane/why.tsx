import { makeStyles, tokens } from "@fluentui/react-components";
import { useText } from "../text/text.tsx";
import { useLayout } from "./layout.ts";

const useStyles = makeStyles({
  summary: { cursor: "pointer", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  list: { margin: 0, paddingInlineStart: "20px" },
});

/** The evidence of a match, one fold away. */
export function Why({ because, title }: { because: string[]; title?: string }) {
  const styles = useStyles();
  const layout = useLayout();
  const text = useText();
  if (because.length === 0) return null;
  return (
    <details>
      <summary className={styles.summary}>{title ?? text.why}</summary>
      <ul className={`${layout.quiet} ${styles.list}`}>
        {because.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </details>
  );
}
