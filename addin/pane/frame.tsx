import { MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { lazy, type ReactNode, useSyncExternalStore } from "react";
import { useMyself } from "../desk/desk.tsx";
import { useText } from "../text/text.tsx";
import { TrayButton } from "../tray/tray-button.tsx";
import { Notices } from "./notices.tsx";
import { Part } from "./part.tsx";

// Almost always all is well.
const Troubles = lazy(async () => ({ default: (await import("./troubles.tsx")).Troubles }));

const useStyles = makeStyles({
  offline: { padding: tokens.spacingHorizontalS },
});

/** What stands around every screen: what is wrong with the desk, the tray of held mails, the pane's messages, whether we are cut off. */
export function Frame({ children }: { children: ReactNode }) {
  const styles = useStyles();
  const text = useText();
  const me = useMyself();
  const online = useSyncExternalStore(onOnlineChanged, () => navigator.onLine);
  return (
    <main>
      {online ? null : (
        <div className={styles.offline}>
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{text.offline}</MessageBarBody>
          </MessageBar>
        </div>
      )}
      {me.smtpTrouble || me.fullDisks.length > 0 || [...me.mailboxes, ...me.crms].some(({ trouble }) => trouble) ? (
        <Part>
          <Troubles me={me} />
        </Part>
      ) : null}
      <TrayButton />
      <Notices />
      {children}
    </main>
  );
}

function onOnlineChanged(listener: () => void) {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
