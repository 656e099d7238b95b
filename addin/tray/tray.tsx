import { Button, makeStyles, Tab, TabList, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { Failure } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { Notices } from "../pane/notices.tsx";
import { Over } from "../pane/over.tsx";
import { Empty, Waiting } from "../pane/states.tsx";
import { useText } from "../text/text.tsx";
import { trayText } from "../text/tray.ts";
import { useHeldMails, useSpamMarks } from "./held.ts";
import { HeldMail } from "./held-mail.tsx";
import { Loop } from "./loop.tsx";
import { SpamMark } from "./spam-mark.tsx";

export const useTrayStyles = makeStyles({
  item: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowWrap: "anywhere",
    minWidth: 0,
  },
  more: { padding: tokens.spacingHorizontalM },
});

/** The tray of held mails: what waits for a decision, and what was called spam. */
export function Tray({ close }: { close: () => void }) {
  const text = useText(trayText);
  const [view, setView] = useState<"waiting" | "spam">("waiting");
  return (
    <Over title={text.heldMails} hint={text.heldMailsHint} close={close}>
      <TabList
        size="small"
        selectedValue={view}
        onTabSelect={(_, { value }) => setView(value === "spam" ? "spam" : "waiting")}
      >
        <Tab value="waiting">{text.heldWaiting}</Tab>
        <Tab value="spam">{text.spam}</Tab>
      </TabList>
      <Notices inside={text.heldMails} />
      {view === "waiting" ? <HeldMails /> : <Spam />}
    </Over>
  );
}

function HeldMails() {
  const layout = useLayout();
  const text = useText(trayText);
  const held = useHeldMails();
  if (!held.data && held.isError) return <Failure error={held.error} retry={() => held.refetch()} />;
  if (!held.data) return <Waiting label={text.heldLooking} />;

  const mails = held.data.pages.flatMap((page) => page.mails);
  const loops = held.data.pages[0]?.loops ?? [];
  if (mails.length + loops.length === 0) return <Empty title={text.nothingHeld} hint={text.nothingHeldHint} />;
  return (
    <>
      {loops.length > 0 ? (
        <ul className={layout.plain} aria-label={text.loops}>
          {loops.map((loop) => (
            <Loop key={loop.loopId} loop={loop} />
          ))}
        </ul>
      ) : null}
      <ul className={layout.plain} aria-label={text.heldMails}>
        {mails.map((mail) => (
          <HeldMail key={mail.heldId} mail={mail} />
        ))}
      </ul>
      <More list={held} />
    </>
  );
}

function Spam() {
  const layout = useLayout();
  const text = useText(trayText);
  const spam = useSpamMarks();
  if (!spam.data && spam.isError) return <Failure error={spam.error} retry={() => spam.refetch()} />;
  if (!spam.data) return <Waiting label={text.heldLooking} />;

  const marks = spam.data.pages.flatMap((page) => page.marks);
  if (marks.length === 0) return <Empty title={text.noSpam} hint={text.noSpamHint} />;
  return (
    <>
      <ul className={layout.plain} aria-label={text.spam}>
        {marks.map((mark) => (
          <SpamMark key={mark.messageId} mark={mark} />
        ))}
      </ul>
      <More list={spam} />
    </>
  );
}

function More({ list }: { list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown } }) {
  const styles = useTrayStyles();
  const text = useText(trayText);
  if (!list.hasNextPage) return null;
  return (
    <div className={styles.more}>
      <Button size="small" disabledFocusable={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {text.more}
      </Button>
    </div>
  );
}
