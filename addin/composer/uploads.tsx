import { Button, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { AttachRegular } from "@fluentui/react-icons/svg/attach";
import { DismissRegular } from "@fluentui/react-icons/svg/dismiss";
import { useRef, useState } from "react";
import { FileView } from "../../server/desk/contract/mails.ts";
import { useAsk } from "../desk/desk.tsx";
import { sentenceOf } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { tell } from "../pane/notices.tsx";
import { composerText } from "../text/composer.ts";
import { useText } from "../text/text.tsx";
import { fileSize } from "../ticket/file-size.ts";
import { Tool } from "./editor.tsx";

const useStyles = makeStyles({
  hidden: { display: "none" },
  file: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    minWidth: 0,
    overflowWrap: "anywhere",
  },
});

/** Uploads files one by one as they are chosen; each joins the draft when the desk has it. */
export function useUploads(add: (file: FileView) => void) {
  const ask = useAsk();
  const text = useText(composerText);
  const [names, setNames] = useState<string[]>([]);

  const upload = async (file: File) => {
    setNames((all) => [...all, file.name]);
    try {
      const query = new URLSearchParams({ name: file.name });
      add(await ask.change(`/uploads?${query}`, FileView, { method: "POST", key: crypto.randomUUID(), file }));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      tell("error", `${text.uploadFailed(file.name)} ${sentenceOf(error, text)}`);
    } finally {
      setNames((all) => all.filter((name) => name !== file.name));
    }
  };
  return { names, upload };
}

export function AttachTool({ upload }: { upload: (file: File) => void }) {
  const styles = useStyles();
  const text = useText(composerText);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Tool icon={<AttachRegular />} label={text.attach} act={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple
        className={styles.hidden}
        aria-label={text.attach}
        tabIndex={-1}
        onChange={({ target }) => {
          for (const file of target.files ?? []) upload(file);
          target.value = "";
        }}
      />
    </>
  );
}

export function AttachedFiles({
  files,
  uploading,
  remove,
}: {
  files: FileView[];
  uploading: string[];
  remove: (id: string) => void;
}) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText(composerText);
  if (files.length + uploading.length === 0) return null;
  return (
    <ul className={layout.list} aria-label={text.files} aria-live="polite">
      {files.map(({ id, name, size }) => (
        <li key={id} className={styles.file}>
          <span className={layout.grow}>
            {name} ({fileSize(size)})
          </span>
          <Button
            size="small"
            appearance="subtle"
            icon={<DismissRegular />}
            aria-label={text.removeFile(name)}
            onClick={() => remove(id)}
          />
        </li>
      ))}
      {uploading.map((name) => (
        <li key={name}>
          <Spinner size="extra-tiny" label={text.uploading(name)} />
        </li>
      ))}
    </ul>
  );
}
