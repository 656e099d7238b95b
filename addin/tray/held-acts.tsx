import { Button } from "@fluentui/react-components";
import type { MailView } from "../../server/desk/contract/mails.ts";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { useText } from "../text/text.tsx";
import { trayText } from "../text/tray.ts";
import { useDecision, useDecisions } from "./held.ts";
import { useSaveOriginal } from "./save-original.ts";

/** What can be decided about the selected mail while it is held; a ticket is made or chosen below. */
export function HeldActs({ mail, held }: { mail: MailView; held: NonNullable<MailView["held"]> }) {
  const layout = useLayout();
  const text = useText(trayText);
  const decision = useDecision();
  const can = useDecisions();
  const save = useSaveOriginal();
  const suggested = mail.suggestedTickets[0]?.ticket;
  const act = (label: string, wish: Parameters<typeof decision.mutate>[0]) => (
    <Button size="small" disabledFocusable={decision.isPending} onClick={() => decision.mutate(wish)}>
      {label}
    </Button>
  );
  return (
    <section className={layout.section} aria-label={text.heldMails}>
      {held.error === null ? null : <p className={layout.quiet}>{text.whatFailed(held.error)}</p>}
      {held.spam ? <p className={layout.quiet}>{text.markedBy(held.spam.by)}</p> : null}
      <div className={layout.row}>
        {held.error === null ? null : act(text.retry, can.tryAgain(held.heldId))}
        {suggested ? act(text.acceptOn(suggested.number), can.accept(mail.messageId, suggested.number, false)) : null}
        {held.spam ? act(text.notSpam, can.notSpam(mail.messageId)) : act(text.spam, can.spam(mail.messageId))}
        <Button size="small" appearance="subtle" onClick={() => void save(mail.messageId, mail.subject)}>
          {text.saveOriginal}
        </Button>
      </div>
      {decision.isError ? <Refusal error={decision.error} /> : null}
    </section>
  );
}
