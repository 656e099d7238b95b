import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { LinkRegular } from "@fluentui/react-icons/svg/link";
import { TextBoldRegular } from "@fluentui/react-icons/svg/text-bold";
import { TextBulletListRegular } from "@fluentui/react-icons/svg/text-bullet-list";
import { TextItalicRegular } from "@fluentui/react-icons/svg/text-italic";
import { type ClipboardEvent, lazy, type ReactNode, useEffect, useRef, useState } from "react";
import { Part } from "../pane/part.tsx";
import { composerText } from "../text/composer.ts";
import { useText } from "../text/text.tsx";
import { cleanWords, isBlank } from "./clean-words.ts";

const LinkForm = lazy(async () => ({ default: (await import("./link-form.tsx")).LinkForm }));

const useStyles = makeStyles({
  words: {
    minHeight: "44px",
    maxHeight: "40vh",
    overflowY: "auto",
    padding: tokens.spacingHorizontalS,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    overflowWrap: "anywhere",
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "1px" },
    ":empty::before": { content: "attr(data-placeholder)", color: tokens.colorNeutralForeground3 },
    "& p": { margin: 0 },
    "& ul, & ol": { margin: 0, paddingInlineStart: "24px" },
  },
  tools: { display: "flex", alignItems: "center", flexWrap: "wrap" },
});

/**
 * A light rich text field: bold, italic, a list, a link, and plain text from the clipboard. `replaced` counts how often the words
 * came from elsewhere than the keyboard, so that the field takes them over without disturbing whoever types.
 */
export function Editor({
  html,
  replaced,
  label,
  placeholder,
  onChange,
  onFocus,
  onSubmit,
  tools,
}: {
  html: string;
  replaced: number;
  label: string;
  placeholder: string;
  onChange: (html: string) => void;
  onFocus: () => void;
  onSubmit: () => void;
  /** More tools beside ours; null shows the field alone. */
  tools: ReactNode;
}) {
  const styles = useStyles();
  const text = useText(composerText);
  const field = useRef<HTMLDivElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the words were replaced from outside
  useEffect(() => {
    if (field.current) field.current.innerHTML = cleanWords(html);
  }, [replaced]);

  const changed = () => {
    const words = cleanWords(field.current?.innerHTML ?? "");
    onChange(isBlank(words) ? "" : words);
    // A field that was emptied keeps a <br>, which would hide the placeholder.
    if (isBlank(words) && field.current) field.current.replaceChildren();
  };
  const format = (command: string, value?: string) => {
    field.current?.focus();
    // Deprecated and without successor: browsers agree on these four, and an editor library would weigh more than the pane.
    document.execCommand(command, false, value);
    changed();
  };
  const paste = (event: ClipboardEvent) => {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  };

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a textarea cannot hold a list or a link */}
      <div
        ref={field}
        role="textbox"
        tabIndex={0}
        aria-multiline
        aria-label={label}
        contentEditable
        suppressContentEditableWarning
        data-placeholder={placeholder}
        className={styles.words}
        onFocus={onFocus}
        onInput={changed}
        onPaste={paste}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSubmit();
        }}
      />
      {tools ? (
        <div className={styles.tools} role="toolbar" aria-label={text.formatting}>
          <Tool icon={<TextBoldRegular />} label={text.bold} act={() => format("bold")} />
          <Tool icon={<TextItalicRegular />} label={text.italic} act={() => format("italic")} />
          <Tool icon={<TextBulletListRegular />} label={text.list} act={() => format("insertUnorderedList")} />
          <LinkTool insert={(address) => format("createLink", address)} field={field} />
          {tools}
        </div>
      ) : null}
    </>
  );
}

/** Keeps the selection in the words: the mouse must not take the focus away from them. */
export function Tool({ icon, label, act }: { icon: React.JSX.Element; label: string; act: () => void }) {
  return (
    <Button
      size="small"
      appearance="subtle"
      icon={icon}
      aria-label={label}
      title={label}
      onMouseDown={(event) => event.preventDefault()}
      onClick={act}
    />
  );
}

function LinkTool({
  insert,
  field,
}: {
  insert: (address: string) => void;
  field: React.RefObject<HTMLDivElement | null>;
}) {
  const text = useText(composerText);
  const [asking, ask] = useState(false);
  const range = useRef<Range | null>(null);

  const open = () => {
    const selection = document.getSelection();
    const inside = selection?.rangeCount && field.current?.contains(selection.anchorNode);
    range.current = inside ? selection.getRangeAt(0).cloneRange() : null;
    ask(true);
  };
  const submit = (link: string) => {
    const selection = document.getSelection();
    if (range.current && selection) {
      selection.removeAllRanges();
      selection.addRange(range.current);
    }
    field.current?.focus();
    // Without a selection the address itself becomes the link's words.
    if (!range.current || range.current.collapsed) document.execCommand("insertText", false, link);
    if (!range.current || range.current.collapsed) extendBack(link.length);
    insert(link);
    ask(false);
  };

  return asking ? (
    <Part>
      <LinkForm insert={submit} cancel={() => ask(false)} />
    </Part>
  ) : (
    <Tool icon={<LinkRegular />} label={text.link} act={open} />
  );
}

function extendBack(length: number) {
  const selection = document.getSelection();
  for (let step = 0; step < length; step += 1) selection?.modify("extend", "backward", "character");
}
