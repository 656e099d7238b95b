import {
  Button,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
  Textarea,
  Toolbar,
  ToolbarButton,
  ToolbarDivider,
  ToolbarToggleButton,
  Tooltip,
  tokens,
} from "@fluentui/react-components";
import {
  Attach20Regular,
  Delete20Regular,
  Dismiss16Regular,
  Send20Regular,
  TextBold20Regular,
  TextBulletList20Regular,
  TextItalic20Regular,
  TextUnderline20Regular,
} from "@fluentui/react-icons";
import { useEffect, useRef, useState } from "react";
import { type GraphMailbox, graphRecipient, type Mail, type Recipient, recipientOf } from "../graph/client.ts";
import { escapeHtml } from "../host/read-item.ts";
import type { ComposeRequest } from "../host/surroundings.ts";
import { sizeInWords } from "./attachments.tsx";
import { MailFrame } from "./mail-frame.tsx";
import { badRecipients, readRecipients, writeRecipients } from "./recipients.ts";
import { usePictures } from "./use-pictures.ts";

export type Composing = Exclude<ComposeRequest, { kind: "show" }>;

const useStyles = makeStyles({
  form: {
    display: "flex",
    flexDirection: "column",
    gap: "8px",
    padding: "12px 24px",
    flex: 1,
    minHeight: 0,
    overflowY: "auto",
  },
  editor: {
    minHeight: "180px",
    padding: "8px 12px",
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    fontSize: tokens.fontSizeBase300,
    lineHeight: 1.5,
    overflowWrap: "anywhere",
    ":focus": {
      outline: `1px solid ${tokens.colorCompoundBrandStroke}`,
      borderTopColor: tokens.colorCompoundBrandStroke,
    },
    "& p": { margin: 0 },
  },
  field: { display: "grid", gridTemplateColumns: "72px minmax(0, 1fr)" },
  files: { display: "flex", gap: "8px", flexWrap: "wrap", listStyle: "none", margin: 0, padding: 0 },
  actions: { display: "flex", gap: "8px", alignItems: "center" },
  title: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightRegular },
  quoted: { borderTop: `1px solid ${tokens.colorNeutralStroke2}`, paddingTop: "8px" },
});

type Form = { to: string; cc: string; subject: string };

/** A mail being written: new, or an answer, which Graph prepares with recipients, subject and the quoted mail. */
export function Compose(props: {
  request: Composing;
  mailbox: GraphMailbox;
  from: Recipient;
  dark: boolean;
  onDone: () => void;
}) {
  const { request, mailbox, onDone } = props;
  const styles = useStyles();
  const [draft, setDraft] = useState<Mail | null>(null);
  const [form, setForm] = useState<Form>(() => firstForm(request));
  const [files, setFiles] = useState<File[]>([]);
  const [plain, setPlain] = useState(false);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(request.kind !== "new");
  const [error, setError] = useState<string | null>(null);
  const editor = useRef<HTMLDivElement>(null);
  const asked = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `explain` only sets state
  useEffect(() => {
    if (request.kind === "new" || asked.current) return;
    asked.current = true;
    mailbox
      .reply(request.mailId, request.kind === "replyAll")
      .then((made) => {
        setDraft(made);
        setForm({
          to: writeRecipients(made.toRecipients.map(recipientOf)),
          cc: writeRecipients(made.ccRecipients.map(recipientOf)),
          subject: made.subject ?? "",
        });
      })
      .catch(explain)
      .finally(() => setBusy(false));
  }, [request, mailbox]);

  // The add-in's words come as HTML of a stranger: only their text goes into this page.
  useEffect(() => {
    const given = new DOMParser().parseFromString(request.html, "text/html").body.textContent?.trim() ?? "";
    if (editor.current) editor.current.textContent = given;
    setText(given);
    editor.current?.focus();
  }, [request.html]);

  function explain(cause: unknown) {
    setError(cause instanceof Error ? cause.message : String(cause));
  }

  const bad = badRecipients(`${form.to};${form.cc}`);
  const nobody = readRecipients(`${form.to};${form.cc}`).length === 0;

  async function send() {
    if (bad.length > 0)
      return setError(`“${bad[0]}” is not an address. Write name@example.com, several with a semicolon between.`);
    if (nobody) return setError("Write at least one address into To.");
    setBusy(true);
    setError(null);
    try {
      const message = {
        subject: form.subject,
        toRecipients: readRecipients(form.to).map(graphRecipient),
        ccRecipients: readRecipients(form.cc).map(graphRecipient),
        body: bodyOf(plain, plain ? text : (editor.current?.innerHTML ?? ""), draft),
      };
      const id = draft?.id ?? (await mailbox.draft(message)).id;
      if (draft) await mailbox.update(id, message);
      for (const file of files) {
        const bytes = new Uint8Array(await file.arrayBuffer());
        await mailbox.attach(id, {
          name: file.name,
          type: file.type || "application/octet-stream",
          bytes,
          inline: false,
        });
      }
      await mailbox.send(id);
      onDone();
    } catch (cause) {
      explain(cause);
      setBusy(false);
    }
  }

  async function discard() {
    if (draft) await mailbox.discard(draft.id).catch(explain);
    onDone();
  }

  const format = (command: "bold" | "italic" | "underline" | "insertUnorderedList") => {
    editor.current?.focus();
    // Deprecated and without a successor: every browser still has it, and an editor library would outweigh the page.
    document.execCommand(command);
  };

  return (
    <form
      className={styles.form}
      aria-label={request.kind === "new" ? "New mail" : "Answer"}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className={styles.actions}>
        <Button appearance="primary" type="submit" icon={<Send20Regular />} disabledFocusable={busy}>
          Send
        </Button>
        <Button icon={<Delete20Regular />} onClick={() => void discard()} disabledFocusable={busy}>
          Discard
        </Button>
        <h1 className={styles.title}>
          {request.kind === "new" ? "New mail" : "Answer"} from {props.from.address}
        </h1>
        {busy ? (
          <Spinner size="tiny" label={draft || request.kind === "new" ? "Sending" : "Preparing the answer"} />
        ) : null}
      </div>
      {error ? (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{error}</MessageBarBody>
        </MessageBar>
      ) : null}
      <Field label="To" orientation="horizontal" className={styles.field}>
        <Input
          value={form.to}
          onChange={(_, { value }) => setForm({ ...form, to: value })}
          autoFocus={request.kind === "new"}
        />
      </Field>
      <Field label="Cc" orientation="horizontal" className={styles.field}>
        <Input value={form.cc} onChange={(_, { value }) => setForm({ ...form, cc: value })} />
      </Field>
      <Field label="Subject" orientation="horizontal" className={styles.field}>
        <Input value={form.subject} onChange={(_, { value }) => setForm({ ...form, subject: value })} />
      </Field>
      <Toolbar
        aria-label="Formatting"
        size="small"
        checkedValues={{ mode: plain ? ["plain"] : [] }}
        onCheckedValueChange={(_, { checkedItems }) => {
          const toPlain = checkedItems.includes("plain");
          // Not textContent: what looks like a line must stay one.
          // biome-ignore lint/performance/useDomNodeTextContent: see above
          if (toPlain) setText(editor.current?.innerText ?? "");
          setPlain(toPlain);
        }}
      >
        <Format label="Bold" icon={<TextBold20Regular />} off={plain} onClick={() => format("bold")} />
        <Format label="Italic" icon={<TextItalic20Regular />} off={plain} onClick={() => format("italic")} />
        <Format label="Underline" icon={<TextUnderline20Regular />} off={plain} onClick={() => format("underline")} />
        <Format
          label="List"
          icon={<TextBulletList20Regular />}
          off={plain}
          onClick={() => format("insertUnorderedList")}
        />
        <ToolbarDivider />
        <ToolbarToggleButton name="mode" value="plain">
          Plain text
        </ToolbarToggleButton>
        <AttachButton onFiles={(more) => setFiles([...files, ...more])} />
      </Toolbar>
      {files.length > 0 ? (
        <ul className={styles.files} aria-label="Files to send">
          {files.map((file) => (
            <li key={`${file.name} ${file.size} ${file.lastModified}`}>
              <Button
                size="small"
                icon={<Dismiss16Regular />}
                iconPosition="after"
                aria-label={`Remove ${file.name}`}
                onClick={() => setFiles(files.filter((each) => each !== file))}
              >
                {file.name} ({sizeInWords(file.size)})
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {plain ? (
        <Textarea aria-label="Message" rows={9} value={text} onChange={(_, { value }) => setText(value)} />
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a textarea cannot hold bold words
        <div
          ref={editor}
          className={styles.editor}
          contentEditable
          role="textbox"
          aria-multiline
          aria-label="Message"
          tabIndex={0}
          suppressContentEditableWarning
        />
      )}
      {draft ? (
        <div className={styles.quoted}>
          <Quoted draft={draft} mailbox={mailbox} dark={props.dark} />
        </div>
      ) : null}
    </form>
  );
}

/** The mail that is answered, as Graph quoted it; its pictures are the draft's. */
function Quoted({ draft, mailbox, dark }: { draft: Mail; mailbox: GraphMailbox; dark: boolean }) {
  const pictures = usePictures(mailbox, draft);
  return (
    <MailFrame contentType={draft.body.contentType} content={draft.body.content} pictures={pictures} dark={dark} />
  );
}

function Format(props: { label: string; icon: React.JSX.Element; off: boolean; onClick: () => void }) {
  return (
    <Tooltip relationship="label" content={props.label}>
      <ToolbarButton
        icon={props.icon}
        disabledFocusable={props.off}
        onMouseDown={(event) => event.preventDefault()}
        onClick={props.onClick}
      />
    </Tooltip>
  );
}

function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <ToolbarButton icon={<Attach20Regular />} onClick={() => input.current?.click()}>
        Attach
      </ToolbarButton>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Attach files"
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

function firstForm(request: Composing): Form {
  if (request.kind !== "new") return { to: "", cc: "", subject: "" };
  return { to: writeRecipients(request.to), cc: writeRecipients(request.cc), subject: request.subject };
}

/** The new words above what Graph quoted. A plain answer to an HTML mail keeps the quoted mail's HTML, as Outlook does. */
function bodyOf(plain: boolean, words: string, draft: Mail | null) {
  const quotedHtml = draft?.body.contentType.toLowerCase() === "html";
  if (plain && !quotedHtml)
    return { contentType: "text", content: draft ? `${words}\n\n${draft.body.content}` : words };
  const html = plain ? `<div>${escapeHtml(words).replaceAll("\n", "<br>")}</div>` : `<div>${words}</div>`;
  if (!draft) return { contentType: "html", content: `<html><body>${html}</body></html>` };
  const quoted = quotedHtml ? draft.body.content : `<pre>${escapeHtml(draft.body.content)}</pre>`;
  const opening = /<body[^>]*>/i;
  return {
    contentType: "html",
    content: opening.test(quoted) ? quoted.replace(opening, (tag) => `${tag}${html}`) : `${html}${quoted}`,
  };
}
