import {
  Button,
  Image,
  makeStyles,
  mergeClasses,
  Spinner,
  ToggleButton,
  Tooltip,
  tokens,
} from "@fluentui/react-components";
import { Dismiss20Regular, Pin20Filled, Pin20Regular } from "@fluentui/react-icons";
import { useEffect, useRef, useState } from "react";
import { type HostFrame, openHostFrame } from "../host/frame.ts";
import type { Command } from "../host/manifest.ts";
import { type AddInSurroundings, frameSettings } from "./frame-settings.ts";

/** The widths that Outlook gives a task pane. */
const narrowest = 320;
const widest = 450;

const useStyles = makeStyles({
  pane: {
    flexShrink: 0,
    minHeight: 0,
    position: "relative",
    display: "flex",
    flexDirection: "column",
    backgroundColor: tokens.colorNeutralBackground1,
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  overlay: { position: "absolute", inset: 0, zIndex: 2, borderLeft: "none" },
  header: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    padding: "4px 4px 4px 12px",
    minHeight: "40px",
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  title: { flex: 1, fontWeight: tokens.fontWeightSemibold },
  frame: {
    flex: 1,
    minHeight: 0,
    display: "flex",
    position: "relative",
    "& iframe": { flex: 1, border: "none", width: "100%", height: "100%" },
  },
  waiting: { position: "absolute", inset: 0, pointerEvents: "none" },
  handle: {
    position: "absolute",
    left: "-4px",
    top: 0,
    bottom: 0,
    width: "8px",
    border: "none",
    padding: 0,
    background: "none",
    cursor: "col-resize",
    zIndex: 1,
    ":hover": { backgroundColor: tokens.colorBrandBackground2 },
    ":focus-visible": { backgroundColor: tokens.colorBrandStroke1 },
  },
});

/** The task pane of an add-in, beside the mail. */
export function AddInPane(
  props: AddInSurroundings & {
    command: Command;
    narrow: boolean;
    pinned: boolean;
    onPinned: (pinned: boolean) => void;
    onClose: () => void;
  },
) {
  const { command, addIn, narrow, pinned } = props;
  const styles = useStyles();
  const container = useRef<HTMLDivElement>(null);
  const frame = useRef<HostFrame | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [ready, setReady] = useState(false);
  const [width, setWidth] = useState(380);

  useEffect(() => {
    const at = container.current;
    if (!at || latest.current.command.action.kind !== "pane") return;
    const { addIn, command } = latest.current;
    let closed = false;
    const opened = openHostFrame(at, {
      ...frameSettings(latest, latest.current.command.action.url, `${addIn.name}: ${command.label}`),
      onClosed: () => closed || latest.current.onClose(),
    });
    frame.current = opened;
    void opened.ready.then(() => setReady(true));
    return () => {
      closed = true;
      frame.current = null;
      opened.close();
    };
  }, []);

  const known = useRef(props.item);
  useEffect(() => {
    if (known.current === props.item) return;
    known.current = props.item;
    frame.current?.changeItem();
  }, [props.item]);

  useEffect(() => frame.current?.changeTheme(props.theme), [props.theme]);

  const resize = (to: number) => setWidth(Math.min(widest, Math.max(narrowest, to)));

  return (
    <aside
      className={mergeClasses(styles.pane, narrow && styles.overlay)}
      style={narrow ? undefined : { width }}
      aria-label={`Add-in ${addIn.name}`}
    >
      {narrow ? null : <Handle width={width} onResize={resize} />}
      <div className={styles.header}>
        <Image src={command.icon} alt="" width={20} height={20} />
        <span className={styles.title}>{addIn.name}</span>
        {command.action.kind === "pane" && command.action.pinnable ? (
          <Tooltip
            relationship="label"
            content={pinned ? "Unpin: the pane closes with its mail" : "Pin: the pane follows the selection"}
          >
            <ToggleButton
              appearance="subtle"
              size="small"
              checked={pinned}
              icon={pinned ? <Pin20Filled /> : <Pin20Regular />}
              onClick={() => props.onPinned(!pinned)}
            />
          </Tooltip>
        ) : null}
        <Tooltip relationship="label" content="Close the add-in">
          <Button appearance="subtle" size="small" icon={<Dismiss20Regular />} onClick={props.onClose} />
        </Tooltip>
      </div>
      <div className={styles.frame} ref={container}>
        {ready ? null : <Spinner className={styles.waiting} size="small" label={`Starting ${addIn.name}`} />}
      </div>
    </aside>
  );
}

function Handle({ width, onResize }: { width: number; onResize: (to: number) => void }) {
  const styles = useStyles();
  return (
    // biome-ignore lint/a11y/useSemanticElements: <hr> cannot be moved
    <div
      role="separator"
      aria-label="Width of the add-in"
      aria-orientation="vertical"
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      aria-valuenow={width}
      tabIndex={0}
      className={styles.handle}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) onResize(window.innerWidth - event.clientX);
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") onResize(width + 10);
        if (event.key === "ArrowRight") onResize(width - 10);
      }}
    />
  );
}
