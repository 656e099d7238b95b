import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useEffect, useMemo, useRef, useState } from "react";
import { graphMailbox, type MailHead } from "../graph/client.ts";
import { darkTheme, lightTheme } from "../host/context.ts";
import type { Completion } from "../host/frame.ts";
import type { Command } from "../host/manifest.ts";
import { noItem } from "../host/no-item.ts";
import { type OpenMail, readItem } from "../host/read-item.ts";
import type { ComposeRequest, Notification, Surroundings } from "../host/surroundings.ts";
import type { LogEntry } from "../host/wire.ts";
import { AddInPane } from "./add-in-pane.tsx";
import { AppBar } from "./app-bar.tsx";
import { Compose, type Composing } from "./compose.tsx";
import { Folders, knownAs, useFolders } from "./folders.tsx";
import type { AddInSurroundings } from "./frame-settings.ts";
import { type FunctionCall, FunctionFrame } from "./function-frame.tsx";
import { HostLog } from "./host-log.tsx";
import { MessageList } from "./message-list.tsx";
import { NewCommands } from "./new-commands.tsx";
import type { Place } from "./place.ts";
import { browserKeep, usePreference } from "./preferences.ts";
import { ReadingPane } from "./reading-pane.tsx";
import { graphToken, type Start } from "./start.ts";
import { useFolderView } from "./use-folder-view.ts";
import { useNarrow } from "./use-narrow.ts";
import { useOpenMail } from "./use-open-mail.ts";

/** As many messages as are useful to read; the log is for the last minutes. */
const logLength = 500;

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", height: "100%", backgroundColor: tokens.colorNeutralBackground3 },
  columns: { display: "flex", flex: 1, minHeight: 0, position: "relative" },
  reading: {
    flex: 1,
    minWidth: 0,
    display: "flex",
    flexDirection: "column",
    backgroundColor: tokens.colorNeutralBackground1,
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  hidden: { display: "none" },
});

/** One mailbox, open in Outlook. */
export function Outlook(props: {
  start: Start;
  place: Place;
  goTo: (place: Place) => void;
  dark: boolean;
  onDark: (dark: boolean) => void;
}) {
  const { start, place, dark } = props;
  const { addIn } = start;
  const styles = useStyles();
  const narrow = useNarrow();
  const [bridge, setBridge] = usePreference("bridge", true);
  const [pinned, setPinned] = usePreference("pinned", true);
  const [folderId, setFolderId] = useState("inbox");
  const [foldersShown, setFoldersShown] = useState(false);
  const [selected, setSelected] = useState<string | null>(null);
  const [search, setSearch] = useState("");
  const [pane, setPane] = useState<Command | null>(null);
  const [call, setCall] = useState<FunctionCall | null>(null);
  const [composing, setComposing] = useState<Composing | null>(null);
  const [log, setLog] = useState<LogEntry[]>([]);
  const [logShown, setLogShown] = useState(false);
  const [notifications, setNotifications] = useState<Notification[]>([]);

  const { mailbox, signedIn } = place;
  const graph = useMemo(
    () => graphMailbox(mailbox.address, graphToken(signedIn.address, mailbox.address)),
    [mailbox.address, signedIn.address],
  );
  const folders = useFolders(graph);
  const { folder, view } = useFolderView(graph, folderId);
  const open = useOpenMail(graph, selected);
  const head = view.mails.find((each) => each.id === selected) ?? null;

  // The add-in belongs to the tenant: customers and outsiders have never heard of it.
  const hasAddIn = signedIn.kind === "agent";
  const commands = hasAddIn ? addIn.commands.filter(({ surface }) => surface === "MessageReadCommandSurface") : [];

  // While the next mail loads, the add-in keeps the last one: it is told of one change, not of two.
  const lastMail = useRef<OpenMail | null>(null);
  const itemMail = open.data ?? (selected === null ? null : lastMail.current);
  useEffect(() => {
    lastMail.current = itemMail;
  }, [itemMail]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: see at its end
  const item = useMemo(() => {
    const around: Surroundings = {
      addIn,
      person: { name: signedIn.name, address: signedIn.address },
      shared: mailbox !== signedIn,
      mailbox: graph,
      owaView: narrow ? "OneColumn" : "ThreeColumns",
      keep: browserKeep,
      open: (request) => openForAddIn(request),
    };
    return itemMail ? readItem(itemMail, around, setNotifications) : noItem(around);
    // `openForAddIn` only sets state; the item must not change with every render, or the add-in would be told so.
  }, [addIn, signedIn, mailbox, graph, narrow, itemMail]);

  function openForAddIn(request: ComposeRequest) {
    if (request.kind === "show") select(request.mailId);
    else setComposing(request);
  }

  function select(id: string | null) {
    if (id === selected) return;
    setSelected(id);
    setNotifications([]);
    // A pane that is not pinned belongs to the mail it was opened for.
    if (!pinned) setPane(null);
  }

  const openedId = open.data?.mail.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: see at its end
  useEffect(() => {
    if (!openedId) return;
    const opened = folder.view().mails.find((each) => each.id === openedId);
    if (opened?.isRead === false) markRead(openedId, true);
    // Only opening marks as read: marking unread must not be undone by the list that changes with it.
  }, [openedId]);

  function markRead(id: string, isRead: boolean) {
    folder.patch(id, { isRead });
    void graph.update(id, { isRead }).then(() => folders.refetch());
  }

  function remove(mail: MailHead) {
    const at = view.mails.indexOf(mail);
    select((view.mails[at + 1] ?? view.mails[at - 1])?.id ?? null);
    folder.remove(mail.id);
    void graph.move(mail.id, "deleteditems").then(() => folders.refetch());
  }

  const surroundings: AddInSurroundings = {
    addIn,
    item,
    theme: dark ? darkTheme : lightTheme,
    bridge,
    person: { address: signedIn.address, objectId: signedIn.objectId, tenantId: start.tenantId },
    onMessage: (entry) => setLog((entries) => [...entries.slice(1 - logLength), entry]),
  };

  function runCommand(command: Command) {
    const { action, id } = command;
    if (action.kind === "pane") setPane(pane?.id === id ? null : command);
    else setCall({ id, name: action.name, url: action.url, event: { type: "olkCommand", source: { id } } });
  }

  function ended({ id, name }: FunctionCall, end: Completion) {
    if (end.ok || end.because !== "closed") setCall(null);
    if (end.ok || end.because === "closed") return;
    const because = {
      no_such_function: "has no such function",
      bad_event: "could not read the event",
      timeout: "did not end",
    };
    const message = `The add-in ${because[end.because]}: ${name}.`;
    setNotifications((shown) => [...shown.filter(({ key }) => key !== id), { key: id, type: "errorMessage", message }]);
  }

  const onKeyDown = (event: React.KeyboardEvent) => {
    const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, [contenteditable]");
    if (typing || composing || !head || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Delete") remove(head);
    else if (event.key === "r")
      setComposing({ kind: event.shiftKey ? "replyAll" : "reply", mailId: head.id, html: "" });
    else if (event.key === "u") markRead(head.id, false);
    else return;
    event.preventDefault();
  };

  const folderName =
    folders.data?.find((each) => each.id === folderId || knownAs(each) === folderId)?.displayName ?? "Inbox";
  const outgoing = folderId === "sentitems" || folderId === "drafts";
  const reading = narrow ? selected !== null || composing !== null : true;
  useEffect(() => {
    document.title = `${open.data?.mail.subject || folderName} – ${mailbox.name} – Outlook (sandbox)`;
  }, [open.data, folderName, mailbox.name]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the shortcuts of the whole page are heard here
    <div className={styles.page} onKeyDown={onKeyDown}>
      <AppBar
        {...props}
        narrow={narrow}
        search={search}
        onSearch={setSearch}
        bridge={bridge}
        onBridge={setBridge}
        logShown={logShown}
        onLog={setLogShown}
        onFolders={() => setFoldersShown(!foldersShown)}
      />
      <NewCommands
        back={narrow && (pane !== null || composing !== null || selected !== null)}
        selected={head}
        narrow={narrow}
        onNew={() => setComposing({ kind: "new", to: [], cc: [], subject: "", html: "" })}
        onDelete={remove}
        onRead={(mail, isRead) => markRead(mail.id, isRead)}
        onBack={() => {
          if (pane) setPane(null);
          else if (composing) setComposing(null);
          else select(null);
        }}
      />
      <div className={styles.columns}>
        {!narrow || foldersShown ? (
          <Folders
            folders={folders}
            mailboxName={mailbox.name}
            selected={folderId}
            overlay={narrow}
            onSelect={(id) => {
              setFolderId(id);
              select(null);
              setFoldersShown(false);
            }}
          />
        ) : null}
        {narrow && reading ? null : (
          <MessageList
            title={folderName}
            view={view}
            search={search}
            selected={selected}
            narrow={narrow}
            outgoing={outgoing}
            onSelect={(id) => {
              setComposing(null);
              select(id);
            }}
          />
        )}
        <main className={mergeClasses(styles.reading, !reading && styles.hidden)} aria-label="Reading pane">
          {composing ? (
            <Compose
              key={JSON.stringify(composing)}
              request={composing}
              mailbox={graph}
              from={mailbox}
              dark={dark}
              onDone={() => {
                setComposing(null);
                folder.refresh();
                void folders.refetch();
              }}
            />
          ) : (
            <ReadingPane
              selected={selected}
              head={head}
              open={open}
              mailbox={graph}
              dark={dark}
              commands={commands}
              activeCommand={pane}
              notifications={notifications}
              onCommand={runCommand}
              onReply={(kind) => selected && setComposing({ kind, mailId: selected, html: "" })}
            />
          )}
        </main>
        {pane ? (
          <AddInPane
            key={`${pane.id} ${bridge}`}
            {...surroundings}
            command={pane}
            narrow={narrow}
            pinned={pinned}
            onPinned={setPinned}
            onClose={() => setPane(null)}
          />
        ) : null}
      </div>
      {call ? <FunctionFrame key={String(bridge)} {...surroundings} call={call} onEnd={ended} /> : null}
      {logShown ? <HostLog entries={log} onClear={() => setLog([])} onClose={() => setLogShown(false)} /> : null}
    </div>
  );
}
