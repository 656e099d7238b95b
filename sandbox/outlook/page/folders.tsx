import { CounterBadge, makeStyles, mergeClasses, Skeleton, SkeletonItem, tokens } from "@fluentui/react-components";
import {
  Archive20Regular,
  Delete20Regular,
  Drafts20Regular,
  Folder20Regular,
  MailInbox20Regular,
  MailProhibited20Regular,
  Send20Regular,
} from "@fluentui/react-icons";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import type { Folder, GraphMailbox } from "../graph/client.ts";

const useStyles = makeStyles({
  nav: { width: "208px", flexShrink: 0, padding: "8px", overflowY: "auto" },
  overlay: {
    position: "absolute",
    inset: "0 auto 0 0",
    zIndex: 3,
    width: "260px",
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow28,
  },
  mailbox: { display: "block", padding: "8px", fontWeight: tokens.fontWeightSemibold },
  list: { listStyle: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "2px" },
  folder: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    width: "100%",
    height: "32px",
    padding: "0 8px",
    border: "none",
    borderRadius: tokens.borderRadiusMedium,
    font: "inherit",
    color: "inherit",
    background: "none",
    cursor: "pointer",
    textAlign: "left",
    ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  current: {
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorBrandForeground2,
    fontWeight: tokens.fontWeightSemibold,
    ":hover": { backgroundColor: tokens.colorBrandBackground2Hover },
  },
  name: { flex: 1, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
});

/** Graph's well-known names, in Outlook's order. A folder that is not well known comes after them. */
const wellKnown: { name: string; icon: JSX.Element }[] = [
  { name: "inbox", icon: <MailInbox20Regular /> },
  { name: "drafts", icon: <Drafts20Regular /> },
  { name: "sentitems", icon: <Send20Regular /> },
  { name: "deleteditems", icon: <Delete20Regular /> },
  { name: "junkemail", icon: <MailProhibited20Regular /> },
  { name: "archive", icon: <Archive20Regular /> },
];

export function useFolders(mailbox: GraphMailbox) {
  return useQuery({ queryKey: ["folders", mailbox.address], queryFn: () => mailbox.folders(), refetchInterval: 2000 });
}

/** Graph tells a well-known name only where asked; the display name is the same in English. */
export const knownAs = ({ wellKnownName, displayName }: Folder) =>
  wellKnownName ?? displayName.toLowerCase().replaceAll(" ", "");

export function Folders(props: {
  folders: UseQueryResult<Folder[]>;
  mailboxName: string;
  selected: string;
  overlay: boolean;
  onSelect: (id: string) => void;
}) {
  const { folders, selected } = props;
  const styles = useStyles();
  const order = (folder: Folder) => {
    const at = wellKnown.findIndex(({ name }) => name === knownAs(folder));
    return at < 0 ? wellKnown.length : at;
  };
  const shown = (folders.data ?? []).filter(({ displayName }) => !/^(outbox|conversation history)$/i.test(displayName));

  return (
    <nav className={mergeClasses(styles.nav, props.overlay && styles.overlay)} aria-label="Folders">
      <span className={styles.mailbox}>{props.mailboxName}</span>
      {folders.data ? (
        <ul className={styles.list}>
          {shown
            .toSorted((a, b) => order(a) - order(b))
            .map((folder) => {
              const current = folder.id === selected || knownAs(folder) === selected;
              return (
                <li key={folder.id}>
                  <button
                    type="button"
                    className={mergeClasses(styles.folder, current && styles.current)}
                    aria-current={current ? "page" : undefined}
                    onClick={() =>
                      props.onSelect(
                        wellKnown.some(({ name }) => name === knownAs(folder)) ? knownAs(folder) : folder.id,
                      )
                    }
                  >
                    {wellKnown[order(folder)]?.icon ?? <Folder20Regular />}
                    <span className={styles.name}>{folder.displayName}</span>
                    {folder.unreadItemCount > 0 && knownAs(folder) !== "sentitems" ? (
                      <CounterBadge
                        count={folder.unreadItemCount}
                        overflowCount={9999}
                        appearance="ghost"
                        size="small"
                        aria-label={`${folder.unreadItemCount} unread`}
                      />
                    ) : null}
                  </button>
                </li>
              );
            })}
        </ul>
      ) : (
        <Skeleton aria-label="Loading folders">
          {wellKnown.map(({ name }) => (
            <SkeletonItem key={name} size={24} style={{ margin: "8px" }} />
          ))}
        </Skeleton>
      )}
    </nav>
  );
}
