import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { EyeRegular } from "@fluentui/react-icons/svg/eye";
import { LockClosedRegular } from "@fluentui/react-icons/svg/lock-closed";
import type { EntryView } from "../../server/desk/contract/tickets.ts";
import { useDownload } from "../desk/download.ts";
import { useLayout } from "../pane/layout.ts";
import { useText } from "../text/text.tsx";
import { fileSize } from "./file-size.ts";

const useStyles = makeStyles({
  file: {
    justifyContent: "flex-start",
    textAlign: "start",
    minWidth: 0,
    fontWeight: tokens.fontWeightRegular,
    paddingInline: tokens.spacingHorizontalXS,
  },
});

/** The files of an entry, each saying for itself whether the customer sees it. */
export function Files({ files }: { files: EntryView["files"] }) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText();
  const download = useDownload();
  const listed = files.filter(({ inline }) => !inline);
  if (listed.length === 0) return null;
  return (
    <ul className={layout.list} aria-label={text.files}>
      {listed.map((file) => {
        const seenBy = file.released ? text.fileReleased : text.fileInternal;
        return (
          <li key={file.id}>
            <Button
              size="small"
              appearance="subtle"
              className={styles.file}
              icon={file.released ? <EyeRegular /> : <LockClosedRegular />}
              aria-label={`${text.download(file.name)}, ${fileSize(file.size)}. ${seenBy}.`}
              title={seenBy}
              onClick={() => void download(`/attachments/${file.id}`, file.name)}
            >
              {file.name} ({fileSize(file.size)})
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
