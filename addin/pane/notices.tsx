import { Button, MessageBar, MessageBarActions, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons/svg/dismiss";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useText } from "../text/text.tsx";

export type Notice = { id: number; intent: "success" | "info" | "warning" | "error"; words: string };

/** What the pane has to say outlives the screen it concerned: the agent may have selected another mail since. */
let notices: readonly Notice[] = [];
let listeners: readonly (() => void)[] = [];
let count = 0;

const replace = (next: readonly Notice[]) => {
  notices = next;
  for (const listener of listeners) listener();
};

/** At most three, the newest last; a message that is already there is not said twice. */
export function tell(intent: Notice["intent"], words: string) {
  count += 1;
  replace([...notices.filter((each) => each.words !== words), { id: count, intent, words }].slice(-3));
}

export const dismiss = (id: number) => replace(notices.filter((each) => each.id !== id));

/** What went well goes when another mail is selected; everything else stays until somebody has read it. */
export const dismissSuccesses = () => replace(notices.filter(({ intent }) => intent !== "success"));

function listen(listener: () => void) {
  listeners = [...listeners, listener];
  return () => {
    listeners = listeners.filter((each) => each !== listener);
  };
}

const useStyles = makeStyles({
  notices: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXS,
    padding: tokens.spacingHorizontalS,
  },
});

/** Long enough to read a sentence twice. */
const successStays = 8000;

/** `inside`: what lies over the pane says them too, because what lies below it is out of reach. */
export function Notices({ inside }: { inside?: string }) {
  const styles = useStyles();
  const text = useText();
  const shown = useSyncExternalStore(listen, () => notices);
  return (
    <section
      aria-label={[inside, text.notices].filter(Boolean).join(": ")}
      aria-live="polite"
      className={shown.length ? styles.notices : undefined}
    >
      {shown.map((notice) => (
        <Shown key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

/** What went well leaves by itself, though not while somebody points at it or is inside it. */
function Shown({ notice: { id, intent, words } }: { notice: Notice }) {
  const text = useText();
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const leaves = intent === "success" && !pointed && !focused;
  useEffect(() => {
    if (!leaves) return;
    const timer = setTimeout(() => dismiss(id), successStays);
    return () => clearTimeout(timer);
  }, [leaves, id]);

  return (
    <MessageBar
      intent={intent}
      layout="multiline"
      politeness="polite"
      onMouseEnter={() => setPointed(true)}
      onMouseLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <MessageBarBody>{words}</MessageBarBody>
      <MessageBarActions
        containerAction={
          <Button
            appearance="transparent"
            icon={<DismissRegular />}
            aria-label={text.close}
            onClick={() => dismiss(id)}
          />
        }
      />
    </MessageBar>
  );
}
