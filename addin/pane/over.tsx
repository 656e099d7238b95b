import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons/svg/dismiss";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useText } from "../text/text.tsx";
import { useLayout } from "./layout.ts";

const useStyles = makeStyles({
  over: {
    boxSizing: "border-box",
    width: "100vw",
    height: "100vh",
    maxWidth: "100vw",
    maxHeight: "100vh",
    margin: 0,
    padding: 0,
    border: 0,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    overflow: "hidden",
    "&[open]": { display: "flex", flexDirection: "column" },
  },
  head: {
    display: "flex",
    alignItems: "flex-start",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  content: { flexGrow: 1, minHeight: 0, display: "flex", flexDirection: "column", overflow: "auto" },
});

/** Something that takes the whole pane for a while. The browser's own dialog keeps the focus inside and closes on Escape. */
export function Over({
  title,
  hint,
  close,
  children,
}: {
  title: string;
  hint: string;
  close: () => void;
  children: ReactNode;
}) {
  const styles = useStyles();
  const layout = useLayout();
  const text = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Office.js prevents what Escape does by itself, so it is heard before Office.js hears it.
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.isComposing) element?.close();
    };
    window.addEventListener("keydown", closeOnEscape, { capture: true });
    return () => {
      window.removeEventListener("keydown", closeOnEscape, { capture: true });
      element?.close();
    };
  }, []);

  return (
    <dialog ref={dialog} className={styles.over} aria-labelledby={heading} onClose={close}>
      <div className={styles.head}>
        <div className={layout.tight}>
          <h2 id={heading} className={layout.heading}>
            {title}
          </h2>
          <p className={layout.quiet}>{hint}</p>
        </div>
        <Button
          appearance="subtle"
          icon={<DismissRegular />}
          aria-label={text.close}
          onClick={() => dialog.current?.close()}
        />
      </div>
      <div className={styles.content}>{children}</div>
    </dialog>
  );
}
