import {
  Avatar,
  Button,
  Image,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  makeStyles,
  Skeleton,
  SkeletonItem,
  ToggleButton,
  Toolbar,
  ToolbarButton,
  Tooltip,
  tokens,
} from "@fluentui/react-components";
import { ArrowReply20Regular, ArrowReplyAll20Regular, Mail48Regular } from "@fluentui/react-icons";
import type { UseQueryResult } from "@tanstack/react-query";
import { type GraphMailbox, type MailHead, type Recipient, recipientOf } from "../graph/client.ts";
import type { Command } from "../host/manifest.ts";
import type { OpenMail } from "../host/read-item.ts";
import type { Notification } from "../host/surroundings.ts";
import { Attachments } from "./attachments.tsx";
import { CategoryLabel } from "./category-label.tsx";
import { MailFrame } from "./mail-frame.tsx";
import { usePictures } from "./use-pictures.ts";

const phone = "@media (max-width: 800px)";

const useStyles = makeStyles({
  empty: {
    flex: 1,
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    justifyContent: "center",
    gap: "8px",
    color: tokens.colorNeutralForeground3,
    textAlign: "center",
    padding: "24px",
  },
  head: {
    [phone]: { padding: "12px 16px 0" },
    padding: "12px 24px 0",
    display: "flex",
    alignItems: "flex-start",
    gap: "12px",
    flexWrap: "wrap",
  },
  subject: {
    margin: 0,
    flex: "1 1 240px",
    fontSize: tokens.fontSizeBase500,
    fontWeight: tokens.fontWeightSemibold,
    lineHeight: tokens.lineHeightBase500,
    overflowWrap: "anywhere",
  },
  toolbar: { padding: 0 },
  card: {
    [phone]: { margin: "12px 16px 16px" },
    margin: "12px 24px 24px",
    display: "flex",
    flexDirection: "column",
    gap: "12px",
  },
  scroll: { flex: 1, overflowY: "auto", minHeight: 0 },
  from: { display: "flex", gap: "4px 12px", alignItems: "flex-start", [phone]: { flexWrap: "wrap" } },
  who: { flex: 1, minWidth: 0, overflowWrap: "anywhere", [phone]: { flexBasis: "calc(100% - 60px)" } },
  name: { fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  categories: { display: "flex", gap: "4px", padding: "4px 24px 0", flexWrap: "wrap" },
  bars: { padding: "8px 24px 0", display: "flex", flexDirection: "column", gap: "4px" },
});

const intents = {
  informationalMessage: "info",
  progressIndicator: "info",
  errorMessage: "error",
  insightMessage: "warning",
} as const;

export function ReadingPane(props: {
  selected: string | null;
  head: MailHead | null;
  open: UseQueryResult<OpenMail>;
  mailbox: GraphMailbox;
  dark: boolean;
  commands: Command[];
  activeCommand: Command | null;
  notifications: Notification[];
  onCommand: (command: Command) => void;
  onReply: (kind: "reply" | "replyAll") => void;
}) {
  const { open, head } = props;
  const styles = useStyles();

  if (props.selected === null) {
    return (
      <div className={styles.empty}>
        <Mail48Regular />
        <span>Select a mail to read it.</span>
        <span className={styles.quiet}>Arrows move in the list, r answers, Delete deletes.</span>
      </div>
    );
  }
  if (open.error) {
    return (
      <div style={{ padding: 24 }}>
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>This mail could not be opened: {open.error.message}</MessageBarBody>
          <MessageBarActions>
            <Button onClick={() => open.refetch()}>Try again</Button>
          </MessageBarActions>
        </MessageBar>
      </div>
    );
  }

  const subject = open.data?.mail.subject ?? head?.subject;
  const categories = head?.categories ?? open.data?.mail.categories ?? [];
  return (
    <article className={styles.scroll} aria-label="Mail" aria-busy={!open.data}>
      <div className={styles.head}>
        <h1 className={styles.subject}>{subject || "(no subject)"}</h1>
        <Toolbar aria-label="Answer and add-ins" className={styles.toolbar}>
          <Tooltip relationship="label" content="Reply">
            <ToolbarButton icon={<ArrowReply20Regular />} onClick={() => props.onReply("reply")} />
          </Tooltip>
          <Tooltip relationship="label" content="Reply all">
            <ToolbarButton icon={<ArrowReplyAll20Regular />} onClick={() => props.onReply("replyAll")} />
          </Tooltip>
          {props.commands.map((command) => (
            <CommandButton
              key={command.id}
              command={command}
              active={props.activeCommand?.id === command.id}
              ready={open.data !== undefined}
              onRun={() => props.onCommand(command)}
            />
          ))}
        </Toolbar>
      </div>
      {categories.length > 0 ? (
        <div className={styles.categories}>
          {categories.map((category) => (
            <CategoryLabel key={category} name={category} />
          ))}
        </div>
      ) : null}
      {props.notifications.length > 0 ? (
        <div className={styles.bars}>
          {props.notifications.map(({ key, type, message }) => (
            <MessageBar key={key} intent={intents[type]}>
              <MessageBarBody>{message}</MessageBarBody>
            </MessageBar>
          ))}
        </div>
      ) : null}
      {open.data ? <MailCard {...open.data} mailbox={props.mailbox} dark={props.dark} /> : <LoadingMail />}
    </article>
  );
}

/** Waits for the mail: an add-in that starts before it would be told of a change that nobody made. */
function CommandButton(props: { command: Command; active: boolean; ready: boolean; onRun: () => void }) {
  const { command, active, onRun } = props;
  return (
    <Tooltip relationship="description" content={command.tip}>
      <ToggleButton
        appearance="subtle"
        checked={active}
        disabledFocusable={!props.ready}
        icon={<Image src={command.icon} alt="" width={20} height={20} />}
        onClick={onRun}
        data-command={command.id}
      >
        {command.label}
      </ToggleButton>
    </Tooltip>
  );
}

function MailCard({ mail, attachments, mailbox, dark }: OpenMail & { mailbox: GraphMailbox; dark: boolean }) {
  const styles = useStyles();
  const from = recipientOf(mail.from);
  const sender = recipientOf(mail.sender);
  const pictures = usePictures(mailbox, mail);
  const files = attachments.filter(({ isInline }) => !isInline);
  const onBehalf = sender.address && sender.address.toLowerCase() !== from.address.toLowerCase();

  return (
    <div className={styles.card}>
      <div className={styles.from}>
        <Avatar name={from.name} color="colorful" size={40} aria-hidden />
        <div className={styles.who}>
          <div>
            <span className={styles.name}>
              {onBehalf ? `${sender.name} on behalf of ${from.name}` : from.name || "(no sender)"}
            </span>{" "}
            <span className={styles.quiet}>{from.name === from.address ? "" : `<${from.address}>`}</span>
          </div>
          <Line label="To" who={mail.toRecipients.map(recipientOf)} />
          {mail.ccRecipients.length > 0 ? <Line label="Cc" who={mail.ccRecipients.map(recipientOf)} /> : null}
        </div>
        <time className={styles.quiet} dateTime={mail.receivedDateTime ?? undefined}>
          {mail.receivedDateTime
            ? new Date(mail.receivedDateTime).toLocaleString("en-GB", {
                weekday: "short",
                dateStyle: undefined,
                day: "2-digit",
                month: "2-digit",
                year: "numeric",
                hour: "2-digit",
                minute: "2-digit",
              })
            : ""}
        </time>
      </div>
      {files.length > 0 ? <Attachments mailId={mail.id} files={files} mailbox={mailbox} /> : null}
      <MailFrame contentType={mail.body.contentType} content={mail.body.content} pictures={pictures} dark={dark} />
    </div>
  );
}

function Line({ label, who }: { label: string; who: Recipient[] }) {
  const styles = useStyles();
  return (
    <div className={styles.quiet}>
      {label}: {who.map(({ name, address }) => name || address).join("; ") || "(nobody)"}
    </div>
  );
}

function LoadingMail() {
  return (
    <Skeleton aria-label="Loading the mail" style={{ padding: "12px 24px" }}>
      <SkeletonItem size={40} shape="circle" />
      <SkeletonItem size={16} style={{ marginTop: 16, width: "70%" }} />
      <SkeletonItem size={16} style={{ marginTop: 8 }} />
      <SkeletonItem size={16} style={{ marginTop: 8, width: "85%" }} />
    </Skeleton>
  );
}
