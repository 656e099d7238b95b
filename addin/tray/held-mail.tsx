import { Button, Checkbox, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowDownloadRegular } from "@fluentui/react-icons/svg/arrow-download";
import { useId, useState } from "react";
import type { HeldMailView } from "../../server/desk/contract/held.ts";
import { domainOf } from "../mail/requester.ts";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { useText, useTimes } from "../text/text.tsx";
import { trayText } from "../text/tray.ts";
import { FindTicket } from "../ticket/find-ticket.tsx";
import { useDecision, useDecisions } from "./held.ts";
import { useSaveOriginal } from "./save-original.ts";
import { useSplit } from "./split.ts";
import { useTrayStyles } from "./tray.tsx";

const useStyles = makeStyles({
  subject: { display: "-webkit-box", WebkitLineClamp: 2, WebkitBoxOrient: "vertical", overflow: "hidden" },
  address: { margin: 0, fontWeight: tokens.fontWeightSemibold },
  reason: { margin: 0, color: tokens.colorStatusWarningForeground1 },
  error: { margin: 0, color: tokens.colorStatusDangerForeground1 },
});

/** One held mail: who sent it, why nobody believes it, and one click for each thing that can be decided. */
export function HeldMail({ mail }: { mail: HeldMailView }) {
  const tray = useTrayStyles();
  const styles = useStyles();
  const layout = useLayout();
  const text = useText(trayText);
  const times = useTimes();
  const heading = useId();
  const { sender, subject, because, error } = mail;

  return (
    <li className={tray.item} aria-labelledby={heading}>
      <h3 id={heading} className={`${layout.heading} ${styles.subject}`} title={subject}>
        {subject || text.noSubject}
      </h3>
      {/* A name is whatever somebody calls himself; the address stands first. */}
      {sender.address ? <p className={styles.address}>{sender.address}</p> : null}
      <p className={layout.quiet}>
        {[
          sender.name === sender.address ? "" : sender.name,
          verdictOf(mail, text),
          times.short(mail.receivedAt),
          mail.mailbox,
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <p className={styles.reason}>{text.said(because)}</p>
      {error === null ? null : <p className={styles.error}>{text.whatFailed(error)}</p>}
      <Suggested mail={mail} />
      <Decide mail={mail} />
    </li>
  );
}

function verdictOf({ authenticated, sender, messageId }: HeldMailView, text: ReturnType<typeof useText>) {
  if (!messageId) return "";
  if (authenticated === "pass") return text.domainVerified(domainOf(sender.address));
  return authenticated === "fail" ? text.forged : text.unverified;
}

function Suggested({ mail: { ticket, contact } }: { mail: HeldMailView }) {
  const layout = useLayout();
  const text = useText(trayText);
  return (
    <>
      {ticket ? (
        <p className={layout.quiet}>
          {text.suggestions}: #{ticket.ticket.number} {ticket.ticket.subject} · {ticket.because}
        </p>
      ) : null}
      {contact ? (
        <p className={layout.quiet}>
          {text.suggestions}:{" "}
          {[contact.contact.name, contact.contact.organization.name, contact.because].filter(Boolean).join(" · ")}
        </p>
      ) : null}
    </>
  );
}

function Decide({ mail }: { mail: HeldMailView }) {
  const layout = useLayout();
  const text = useText(trayText);
  const [choosing, setChoosing] = useState(false);
  const [participant, setParticipant] = useState(false);
  const decision = useDecision();
  const can = useDecisions();
  const split = useSplit(mail);
  const save = useSaveOriginal();
  const { messageId, ticket } = mail;
  const busy = decision.isPending || split.isPending;
  const mayTakePart = mail.authenticated === "pass" && mail.sender.address !== "";

  if (!messageId)
    return (
      <>
        <TryAgain mail={mail} decision={decision} />
        {decision.isError ? <Refusal error={decision.error} /> : null}
      </>
    );
  const accept = (number: number) => decision.mutate(can.accept(messageId, number, participant));
  return (
    <>
      <div className={layout.row}>
        <TryAgain mail={mail} decision={decision} />
        {ticket ? (
          <Button
            size="small"
            appearance="primary"
            disabledFocusable={busy}
            onClick={() => accept(ticket.ticket.number)}
          >
            {text.acceptOn(ticket.ticket.number)}
          </Button>
        ) : null}
        <Button size="small" disabledFocusable={busy} aria-expanded={choosing} onClick={() => setChoosing(!choosing)}>
          {ticket ? text.anotherTicket : text.chooseTicket}
        </Button>
        <Button size="small" disabledFocusable={busy} onClick={() => split.mutate()}>
          {text.ownTicket}
        </Button>
        <Button size="small" disabledFocusable={busy} onClick={() => decision.mutate(can.spam(messageId))}>
          {text.spam}
        </Button>
        <Button
          size="small"
          appearance="subtle"
          icon={<ArrowDownloadRegular />}
          aria-label={text.saveOriginal}
          title={text.saveOriginal}
          onClick={() => void save(messageId, mail.subject)}
        />
      </div>
      {mayTakePart && (ticket || choosing) ? (
        <Checkbox
          label={text.takesPart(mail.sender.address)}
          checked={participant}
          onChange={(_, { checked }) => setParticipant(checked === true)}
        />
      ) : null}
      {choosing ? (
        <FindTicket
          label={text.addToTicket}
          words={{ short: text.addHere, full: text.addTo }}
          choose={accept}
          busy={busy}
          cancel={() => setChoosing(false)}
        />
      ) : null}
      {decision.isError ? <Refusal error={decision.error} /> : null}
      {split.isError ? <Refusal error={split.error} /> : null}
    </>
  );
}

function TryAgain({ mail, decision }: { mail: HeldMailView; decision: ReturnType<typeof useDecision> }) {
  const text = useText(trayText);
  const can = useDecisions();
  if (mail.error === null) return null;
  return (
    <Button
      size="small"
      appearance="primary"
      disabledFocusable={decision.isPending}
      onClick={() => decision.mutate(can.tryAgain(mail.heldId))}
    >
      {text.retry}
    </Button>
  );
}
