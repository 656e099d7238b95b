import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useState } from "react";
import type { MailView } from "../../server/desk/contract/mails.ts";
import { useLayout } from "../pane/layout.ts";
import { useText } from "../text/text.tsx";
import { AddToTicket } from "./add-to-ticket.tsx";
import { CreateTicket } from "./create-ticket.tsx";
import { proposedRequester, type Requester } from "./requester.ts";
import { WhoIsThis } from "./who-is-this.tsx";

/** A mail that is no ticket yet: who this is, and one click to make it one. */
export function NoTicketYet({ mail }: { mail: MailView }) {
  const layout = useLayout();
  const text = useText();
  const [chosen, choose] = useState<Requester | null>(null);
  const requester = chosen ?? proposedRequester(mail);

  return (
    <div className={layout.screen}>
      {mail.heldBecause ? (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{text.held}</MessageBarTitle> {mail.heldBecause}
          </MessageBarBody>
        </MessageBar>
      ) : null}
      <WhoIsThis mail={mail} requester={requester} chosen={chosen !== null} choose={choose} />
      <CreateTicket mail={mail} requester={requester} />
      <AddToTicket mail={mail} requester={requester} />
      {mail.warnings.length > 0 ? (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{text.warnings}</MessageBarTitle> {mail.warnings.join(" ")}
          </MessageBarBody>
        </MessageBar>
      ) : null}
    </div>
  );
}
