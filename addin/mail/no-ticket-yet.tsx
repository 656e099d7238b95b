import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useState } from "react";
import type { MailView } from "../../server/desk/contract/mails.ts";
import { useMyself } from "../desk/desk.tsx";
import { useLayout } from "../pane/layout.ts";
import { newTicketText } from "../text/new-ticket.ts";
import { useText } from "../text/text.tsx";
import { HeldActs } from "../tray/held-acts.tsx";
import { AddToTicket } from "./add-to-ticket.tsx";
import { CreateTicket } from "./create-ticket.tsx";
import { isFromColleague, proposedRequester, type Requester } from "./requester.ts";
import { WhoIsThis } from "./who-is-this.tsx";

/** A mail that is no ticket yet: who this is, and one click to make it one. */
export function NoTicketYet({ mail }: { mail: MailView }) {
  const layout = useLayout();
  const text = useText(newTicketText);
  const [chosen, choose] = useState<Requester | null>(null);
  const { mailboxes } = useMyself();
  const fromColleague = isFromColleague(mail, mailboxes);
  const requester = chosen ?? proposedRequester(mail, fromColleague);

  return (
    <div className={layout.screen}>
      {mail.heldBecause && !chosen ? (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{fromColleague ? text.heldFromColleague : text.held}</MessageBarTitle>{" "}
            {text.said(mail.heldBecause)}
          </MessageBarBody>
        </MessageBar>
      ) : null}
      {mail.held ? <HeldActs mail={mail} held={mail.held} /> : null}
      <WhoIsThis
        mail={mail}
        requester={requester}
        chosen={chosen !== null}
        fromColleague={fromColleague}
        choose={choose}
      />
      {mail.alsoIn.length ? <p className={layout.quiet}>{text.alsoIn(mail.alsoIn.join(", "))}</p> : null}
      <CreateTicket mail={mail} requester={requester} />
      <AddToTicket mail={mail} requester={requester} />
    </div>
  );
}
