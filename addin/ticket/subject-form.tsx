import { Button, Input } from "@fluentui/react-components";
import { useState } from "react";
import { useLayout } from "../pane/layout.ts";
import { useText } from "../text/text.tsx";

export function SubjectForm({
  subject,
  save,
  cancel,
}: {
  subject: string;
  save: (subject: string) => void;
  cancel: () => void;
}) {
  const layout = useLayout();
  const text = useText();
  const [wanted, setWanted] = useState(subject);
  return (
    <form
      className={layout.row}
      onSubmit={(event) => {
        event.preventDefault();
        save(wanted.trim());
      }}
    >
      <Input
        className={layout.grow}
        aria-label={text.subject}
        autoFocus
        maxLength={500}
        value={wanted}
        onChange={(_, { value }) => setWanted(value)}
        onKeyDown={({ key }) => key === "Escape" && cancel()}
      />
      <Button type="submit" size="small" appearance="primary">
        {text.save}
      </Button>
      <Button size="small" appearance="subtle" onClick={cancel}>
        {text.cancel}
      </Button>
    </form>
  );
}
