import { Button, makeStyles, Toolbar, ToolbarButton, ToolbarDivider, tokens } from "@fluentui/react-components";
import {
  ArrowLeft20Regular,
  Delete20Regular,
  MailAdd20Regular,
  MailRead20Regular,
  MailUnread20Regular,
} from "@fluentui/react-icons";
import type { MailHead } from "../graph/client.ts";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    alignItems: "center",
    gap: "4px",
    padding: "4px 8px",
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    boxShadow: tokens.shadow2,
    zIndex: 1,
  },
});

/** What can be done with the mail that is selected, whatever it says. */
export function NewCommands(props: {
  selected: MailHead | null;
  narrow: boolean;
  /** Something lies over the list. */
  back: boolean;
  onNew: () => void;
  onDelete: (mail: MailHead) => void;
  onRead: (mail: MailHead, isRead: boolean) => void;
  onBack: () => void;
}) {
  const { selected, narrow } = props;
  const styles = useStyles();
  return (
    <section className={styles.bar} aria-label="Commands">
      {props.back ? (
        <Button appearance="subtle" icon={<ArrowLeft20Regular />} aria-label="Back" onClick={props.onBack} />
      ) : null}
      <Button appearance="primary" icon={<MailAdd20Regular />} onClick={props.onNew}>
        New mail
      </Button>
      <Toolbar aria-label="Mail" size="small">
        <ToolbarDivider />
        <ToolbarButton
          icon={<Delete20Regular />}
          aria-label="Delete"
          disabledFocusable={!selected}
          onClick={() => selected && props.onDelete(selected)}
        >
          {narrow ? null : "Delete"}
        </ToolbarButton>
        <ToolbarButton
          icon={selected?.isRead ? <MailUnread20Regular /> : <MailRead20Regular />}
          aria-label={selected?.isRead === false ? "Mark as read" : "Mark as unread"}
          disabledFocusable={!selected}
          onClick={() => selected && props.onRead(selected, !selected.isRead)}
        >
          {narrow ? null : selected?.isRead === false ? "Mark as read" : "Mark as unread"}
        </ToolbarButton>
      </Toolbar>
    </section>
  );
}
