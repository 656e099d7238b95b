import { Button, Input } from "@fluentui/react-components";
import { useState } from "react";
import { useLayout } from "../pane/layout.ts";
import { composerText } from "../text/composer.ts";
import { useText } from "../text/text.tsx";
import { isSafeLink } from "./clean-words.ts";

/** Asks for a link's address in the pane itself: Office.js takes `window.prompt` away. */
export function LinkForm({ insert, cancel }: { insert: (address: string) => void; cancel: () => void }) {
  const layout = useLayout();
  const text = useText(composerText);
  const [address, setAddress] = useState("https://");
  return (
    <form
      className={layout.row}
      onSubmit={(event) => {
        event.preventDefault();
        if (isSafeLink(address)) insert(address.trim());
      }}
    >
      <Input
        size="small"
        type="url"
        autoFocus
        aria-label={text.linkAddress}
        value={address}
        onChange={(_, { value }) => setAddress(value)}
        onKeyDown={({ key }) => key === "Escape" && cancel()}
      />
      <Button size="small" type="submit">
        {text.insertLink}
      </Button>
    </form>
  );
}
