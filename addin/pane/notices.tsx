import { Button, MessageBar, MessageBarActions, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons/svg/dismiss";
import { useSyncExternalStore } from "react";
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

export function Notices() {
  const styles = useStyles();
  const text = useText();
  const shown = useSyncExternalStore(listen, () => notices);
  return (
    <section aria-label={text.notices} aria-live="polite" className={shown.length ? styles.notices : undefined}>
      {shown.map(({ id, intent, words }) => (
        <MessageBar key={id} intent={intent} layout="multiline" politeness="polite">
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
      ))}
    </section>
  );
}
