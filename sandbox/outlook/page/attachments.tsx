import { Button, MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { Document20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import type { Attachment, GraphMailbox } from "../graph/client.ts";

const useStyles = makeStyles({
  list: { display: "flex", flexWrap: "wrap", gap: "8px", listStyle: "none", margin: 0, padding: 0 },
  size: { color: tokens.colorNeutralForeground3, fontWeight: tokens.fontWeightRegular, marginLeft: "6px" },
});

export function Attachments({
  mailId,
  files,
  mailbox,
}: {
  mailId: string;
  files: Attachment[];
  mailbox: GraphMailbox;
}) {
  const styles = useStyles();
  const [error, setError] = useState<string | null>(null);

  async function download(file: Attachment) {
    setError(null);
    try {
      saveAs(await mailbox.content(mailId, file.id), file.name || "attachment");
    } catch (cause) {
      setError(`${file.name} could not be loaded: ${cause instanceof Error ? cause.message : cause}`);
    }
  }

  return (
    <>
      <ul className={styles.list} aria-label="Attachments">
        {files.map((file) => (
          <li key={file.id}>
            <Button
              icon={<Document20Regular />}
              size="medium"
              onClick={() => download(file)}
              aria-label={`Download ${file.name}, ${sizeInWords(file.size)}`}
            >
              {file.name || "attachment"}
              <span className={styles.size}>{sizeInWords(file.size)}</span>
            </Button>
          </li>
        ))}
      </ul>
      {error ? (
        <MessageBar intent="error">
          <MessageBarBody>{error}</MessageBarBody>
        </MessageBar>
      ) : null}
    </>
  );
}

function saveAs(content: Blob, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export function sizeInWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
