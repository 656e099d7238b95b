import { Button, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { Waiting } from "../pane/states.tsx";
import { useText } from "../text/text.tsx";

/** What a merger would move, in one sentence, and the two answers to it. */
export function ConfirmMerger({
  sentence,
  error,
  yes,
  busy,
  merge,
  cancel,
}: {
  /** Null while it is being found out. */
  sentence: string | null;
  error: Error | null;
  yes: string;
  busy: boolean;
  merge: () => void;
  cancel: () => void;
}) {
  const layout = useLayout();
  const text = useText();
  return (
    <div className={layout.section}>
      {error ? <Refusal error={error} /> : null}
      {sentence ? (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{sentence}</MessageBarBody>
        </MessageBar>
      ) : error ? null : (
        <Waiting label={text.looking} />
      )}
      <div className={layout.row}>
        <Button size="small" appearance="primary" disabledFocusable={busy || !sentence} onClick={merge}>
          {yes}
        </Button>
        <Button size="small" appearance="subtle" onClick={cancel}>
          {text.cancel}
        </Button>
      </div>
    </div>
  );
}
