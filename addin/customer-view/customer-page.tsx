import { lazy } from "react";
import type { TicketView } from "../../server/desk/contract/tickets.ts";
import { Over } from "../pane/over.tsx";
import { Part } from "../pane/part.tsx";
import { Waiting } from "../pane/states.tsx";
import { useText } from "../text/text.tsx";

/** What is about to be released, to be shown among what is there. */
export type Preview = {
  html?: string;
  entryId?: string;
  attachmentIds: string[];
  withQuoted?: boolean;
  withInlineImages?: boolean;
};

// The portal's pages and styles are fetched when somebody looks, not with every mail.
const Page = lazy(async () => ({ default: (await import("./page.tsx")).Page }));

/** The customer's own page over the pane: as it is now, or as it would be with `preview`. */
export function CustomerPage({ ticket, preview, close }: { ticket: TicketView; preview?: Preview; close: () => void }) {
  const text = useText();
  return (
    <Over title={text.previewTitle} hint={preview ? text.previewWith : text.previewOfTicket} close={close}>
      <Part waiting={<Waiting label={text.previewTitle} />}>
        <Page number={ticket.number} preview={preview} />
      </Part>
    </Over>
  );
}
