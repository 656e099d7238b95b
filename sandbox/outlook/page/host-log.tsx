import { Button, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useState } from "react";
import type { LogEntry } from "../host/wire.ts";

const useStyles = makeStyles({
  panel: {
    height: "240px",
    flexShrink: 0,
    display: "flex",
    flexDirection: "column",
    borderTop: `1px solid ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  header: { display: "flex", alignItems: "center", gap: "8px", padding: "4px 12px" },
  title: { flex: 1, margin: 0, fontSize: tokens.fontSizeBase300 },
  columns: { flex: 1, minHeight: 0, display: "flex" },
  list: {
    flex: 1,
    overflowY: "auto",
    listStyle: "none",
    margin: 0,
    padding: 0,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
  },
  entry: {
    display: "block",
    width: "100%",
    textAlign: "left",
    padding: "2px 12px",
    border: "none",
    background: "none",
    font: "inherit",
    color: "inherit",
    cursor: "pointer",
    whiteSpace: "nowrap",
    overflow: "hidden",
    textOverflow: "ellipsis",
    ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover },
  },
  chosen: { backgroundColor: tokens.colorSubtleBackgroundSelected },
  out: { color: tokens.colorBrandForeground1 },
  detail: {
    flex: 1,
    overflow: "auto",
    margin: 0,
    padding: "4px 12px",
    fontSize: tokens.fontSizeBase200,
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

/** What the add-in and Outlook said to each other, newest first. */
export function HostLog({
  entries,
  onClear,
  onClose,
}: {
  entries: LogEntry[];
  onClear: () => void;
  onClose: () => void;
}) {
  const styles = useStyles();
  const [chosen, setChosen] = useState<LogEntry | null>(null);
  return (
    <section className={styles.panel} aria-label="Host log">
      <div className={styles.header}>
        <h2 className={styles.title}>Host log: {entries.length} messages between Outlook and the add-in</h2>
        <Button size="small" onClick={onClear}>
          Clear
        </Button>
        <Button size="small" onClick={onClose}>
          Close
        </Button>
      </div>
      <div className={styles.columns}>
        <ol className={styles.list} data-testid="host-log">
          {entries.toReversed().map((entry) => (
            <li key={entry.id}>
              <button
                type="button"
                className={mergeClasses(
                  styles.entry,
                  entry.dir === "out" && styles.out,
                  entry === chosen && styles.chosen,
                )}
                onClick={() => setChosen(entry)}
              >
                {new Date(entry.at).toISOString().slice(11, 23)} {entry.dir === "in" ? "add-in →" : "← Outlook"}{" "}
                {titleOf(entry.message)}
              </button>
            </li>
          ))}
        </ol>
        {chosen ? <pre className={styles.detail}>{JSON.stringify(chosen.message, null, 2)}</pre> : null}
      </div>
    </section>
  );
}

function titleOf(message: unknown): string {
  if (typeof message !== "object" || message === null) return String(message);
  if ("_actionName" in message)
    return `${message._actionName} ${"_data" in message ? JSON.stringify(message._data) : ""}`;
  if ("messageType" in message) return `${message.messageType} ${"method" in message ? message.method : ""}`;
  return JSON.stringify(message);
}
