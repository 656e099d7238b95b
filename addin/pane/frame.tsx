import { MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useSyncExternalStore } from "react";
import { useText } from "../text/text.tsx";
import { TrayButton } from "../tray/tray-button.tsx";
import { Notices } from "./notices.tsx";

const useStyles = makeStyles({
  offline: { padding: tokens.spacingHorizontalS },
});

/** What stands around every screen: the tray of held mails, the pane's messages, and whether we are cut off. */
export function Frame({ children }: { children: ReactNode }) {
  const styles = useStyles();
  const text = useText();
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
