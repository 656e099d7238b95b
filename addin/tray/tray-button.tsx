import { Button, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { MailInboxRegular } from "@fluentui/react-icons/svg/mail-inbox";
import { useQuery } from "@tanstack/react-query";
import { lazy, useState } from "react";
import { HeldCount } from "../../server/desk/contract/held-count.ts";
import { useAsk } from "../desk/desk.tsx";
import { Part } from "../pane/part.tsx";
import { ShownContext } from "../pane/shown.tsx";
import { useText } from "../text/text.tsx";

// Opened now and then, not with every mail.
const Tray = lazy(async () => ({ default: (await import("./tray.tsx")).Tray }));

const useStyles = makeStyles({
  bar: {
    display: "flex",
    padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalS}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  button: { flexGrow: 1, justifyContent: "flex-start", fontWeight: tokens.fontWeightRegular },
  waiting: { fontWeight: tokens.fontWeightSemibold },
});

/** How many held mails wait, from anywhere in the pane, also when no mail is selected. */
export function TrayButton() {
  const styles = useStyles();
  const text = useText();
  const count = useHeldCount();
  const [open, setOpen] = useState(false);
  const waiting = (count.data?.waiting ?? 0) + (count.data?.loops ?? 0);

  return (
    <div className={styles.bar}>
      <Button
        size="small"
        appearance="subtle"
        className={mergeClasses(styles.button, waiting > 0 && styles.waiting)}
        icon={<MailInboxRegular />}
        onClick={() => setOpen(true)}
      >
        {text.heldMailsWaiting(waiting)}
      </Button>
      {open ? (
        <Part>
          <ShownContext value="everywhere">
            <Tray close={() => setOpen(false)} />
          </ShownContext>
        </Part>
      ) : null}
    </div>
  );
}

function useHeldCount() {
  const ask = useAsk();
  return useQuery({
    queryKey: ["held", "count"],
    queryFn: ({ signal }) => ask.read("/held-mails/count", HeldCount, signal),
    refetchInterval: 60_000,
    refetchOnWindowFocus: true,
  });
}
