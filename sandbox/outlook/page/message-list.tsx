import {
  Avatar,
  MessageBar,
  MessageBarBody,
  makeStyles,
  mergeClasses,
  Skeleton,
  SkeletonItem,
  tokens,
} from "@fluentui/react-components";
import { Attach16Regular } from "@fluentui/react-icons";
import { useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type MailHead, recipientOf } from "../graph/client.ts";
import type { FolderView } from "../graph/follow.ts";
import { CategoryLabel } from "./category-label.tsx";

/** Every row is as high as the next, so that 10,000 of them need no measuring. */
const rowHeight = 84;
/** Rows kept ready above and below what is seen. */
const margin = 6;

const useStyles = makeStyles({
  column: {
    width: "340px",
    flexShrink: 0,
    minHeight: 0,
    display: "flex",
    flexDirection: "column",
    backgroundColor: tokens.colorNeutralBackground1,
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  wide: { width: "100%", flexShrink: 1, borderLeft: "none" },
  header: { display: "flex", alignItems: "baseline", gap: "8px", padding: "12px 16px 8px" },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  count: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  scroll: { flex: 1, overflowY: "auto", position: "relative", ":focus-visible": { outline: "none" } },
  row: {
    position: "absolute",
    left: 0,
    right: 0,
    height: `${rowHeight}px`,
    boxSizing: "border-box",
    display: "flex",
    gap: "12px",
    padding: "10px 16px 8px 13px",
    cursor: "pointer",
    borderLeft: "3px solid transparent",
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  unread: { borderLeftColor: tokens.colorBrandStroke1 },
  selected: {
    backgroundColor: tokens.colorBrandBackground2,
    ":hover": { backgroundColor: tokens.colorBrandBackground2Hover },
  },
  text: { flex: 1, minWidth: 0, display: "flex", flexDirection: "column", gap: "1px" },
  line: { display: "flex", alignItems: "center", gap: "6px", minWidth: 0, lineHeight: tokens.lineHeightBase300 },
  clip: { flex: 1, minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  bold: { fontWeight: tokens.fontWeightSemibold },
  subjectUnread: { fontWeight: tokens.fontWeightSemibold, color: tokens.colorBrandForeground1 },
  when: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, whiteSpace: "nowrap" },
  preview: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  empty: { padding: "48px 24px", textAlign: "center", color: tokens.colorNeutralForeground3 },
});

export function MessageList(props: {
  title: string;
  view: FolderView;
  search: string;
  selected: string | null;
  narrow: boolean;
  /** The folder holds what was written here: show whom it is for. */
  outgoing: boolean;
  onSelect: (id: string) => void;
}) {
  const { view, selected, onSelect } = props;
  const styles = useStyles();
  const scroll = useRef<HTMLDivElement>(null);
  const [window, setWindow] = useState({ top: 0, height: 800 });
  const search = useDeferredValue(props.search.trim().toLowerCase());
  const mails = useMemo(
    () => (search ? view.mails.filter((mail) => found(mail, search)) : view.mails),
    [view.mails, search],
  );

  useLayoutEffect(() => {
    const element = scroll.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWindow({ top: element.scrollTop, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // The selected row stays in sight when the arrows move it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see at its end
  useEffect(() => {
    const element = scroll.current;
    const at = mails.findIndex(({ id }) => id === selected);
    if (!element || at < 0) return;
    const top = at * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight;
    // Only when the selection moves: a mail that arrives must not make the list jump.
  }, [selected]);

  const first = Math.max(0, Math.floor(window.top / rowHeight) - margin);
  const last = Math.min(mails.length, Math.ceil((window.top + window.height) / rowHeight) + margin);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const at = mails.findIndex(({ id }) => id === selected);
    const page = Math.max(1, Math.floor(window.height / rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: mails.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const mail = mails[Math.max(0, Math.min(mails.length - 1, to))];
    if (mail) onSelect(mail.id);
  };

  return (
    <section className={mergeClasses(styles.column, props.narrow && styles.wide)} aria-label="Message list">
      <div className={styles.header}>
        <h2 className={styles.title}>{search ? "Results" : props.title}</h2>
        <span className={styles.count}>{view.loading ? "" : mails.length.toLocaleString("en")}</span>
      </div>
      {view.error ? (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>The list may be old: {view.error} Trying again.</MessageBarBody>
        </MessageBar>
      ) : null}
      <div
        ref={scroll}
        className={styles.scroll}
        role="listbox"
        aria-label={`${props.title}, mails`}
        tabIndex={0}
        aria-activedescendant={selected ? rowId(selected) : undefined}
        onKeyDown={onKeyDown}
        onScroll={(event) =>
          setWindow({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })
        }
      >
        {view.loading ? (
          <Loading />
        ) : mails.length === 0 ? (
          <p className={styles.empty}>
            {search
              ? `No subject and no sender has “${props.search.trim()}” in it.`
              : "Nothing here. New mail appears by itself."}
          </p>
        ) : (
          <div style={{ height: mails.length * rowHeight }}>
            {mails.slice(first, last).map((mail, index) => (
              <Row
                key={mail.id}
                mail={mail}
                position={first + index}
                of={mails.length}
                selected={mail.id === selected}
                outgoing={props.outgoing}
                onSelect={() => {
                  onSelect(mail.id);
                  scroll.current?.focus({ preventScroll: true });
                }}
              />
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

const rowId = (id: string) => `mail-${id}`;

function Row(props: {
  mail: MailHead;
  position: number;
  of: number;
  selected: boolean;
  outgoing: boolean;
  onSelect: () => void;
}) {
  const { mail, position } = props;
  const styles = useStyles();
  const unread = mail.isRead === false;
  const who = props.outgoing
    ? (mail.toRecipients ?? []).map((each) => recipientOf(each).name).join("; ") || "(no recipient)"
    : recipientOf(mail.from).name || "(no sender)";

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself has the focus and the keys
    <div
      id={rowId(mail.id)}
      role="option"
      aria-selected={props.selected}
      aria-posinset={position + 1}
      aria-setsize={props.of}
      tabIndex={-1}
      className={mergeClasses(styles.row, unread && styles.unread, props.selected && styles.selected)}
      style={{ top: position * rowHeight }}
      onClick={props.onSelect}
    >
      <Avatar name={who} color="colorful" size={32} aria-hidden />
      <div className={styles.text}>
        <div className={styles.line}>
          <span className={mergeClasses(styles.clip, unread && styles.bold)}>{who}</span>
          {mail.hasAttachments ? <Attach16Regular aria-label="Has attachments" /> : null}
        </div>
        <div className={styles.line}>
          <span className={mergeClasses(styles.clip, unread && styles.subjectUnread)}>
            {mail.isDraft ? "[Draft] " : ""}
            {mail.subject || "(no subject)"}
          </span>
          <time className={styles.when} dateTime={mail.receivedDateTime ?? undefined}>
            {whenShort(mail.receivedDateTime)}
          </time>
        </div>
        <div className={styles.line}>
          <span className={mergeClasses(styles.clip, styles.preview)}>{mail.bodyPreview || "No preview"}</span>
          {(mail.categories ?? []).slice(0, 2).map((category) => (
            <CategoryLabel key={category} name={category} />
          ))}
        </div>
      </div>
    </div>
  );
}

function Loading() {
  return (
    <Skeleton aria-label="Loading mails">
      {["a", "b", "c", "d", "e", "f"].map((row) => (
        <div key={row} style={{ padding: "12px 16px", height: rowHeight, boxSizing: "border-box" }}>
          <SkeletonItem size={16} style={{ width: "60%" }} />
          <SkeletonItem size={12} style={{ marginTop: 8 }} />
          <SkeletonItem size={12} style={{ marginTop: 8, width: "85%" }} />
        </div>
      ))}
    </Skeleton>
  );
}

const found = (mail: MailHead, search: string) => {
  const { name, address } = recipientOf(mail.from);
  return [mail.subject ?? "", name, address].some((text) => text.toLowerCase().includes(search));
};

/** Today the time, this week the day, else the date, as Outlook does. */
function whenShort(iso: string | null | undefined): string {
  if (!iso) return "";
  const then = new Date(iso);
  const midnight = new Date().setHours(0, 0, 0, 0);
  if (then.getTime() >= midnight) return then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (then.getTime() >= midnight - 6 * 86_400_000) {
    return then.toLocaleDateString("en-GB", { weekday: "short", day: "2-digit", month: "2-digit" });
  }
  return then.toLocaleDateString("en-GB");
}
