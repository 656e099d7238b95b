import { Button, Checkbox, Input, makeStyles } from "@fluentui/react-components";
import { lazy, useState } from "react";
import type { TicketView } from "../../server/desk/contract/tickets.ts";
import { Labelled } from "../pane/labelled.tsx";
import { useLayout } from "../pane/layout.ts";
import { Part } from "../pane/part.tsx";
import { composerText } from "../text/composer.ts";
import { useText } from "../text/text.tsx";
import type { Draft } from "./draft.ts";

// Somebody beside the ticket's people is written to now and then, not with every mail.
const FindContact = lazy(async () => ({ default: (await import("../mail/find-contact.tsx")).FindContact }));

const useStyles = makeStyles({
  addressees: { border: 0, margin: 0, padding: 0, minWidth: 0, display: "grid", justifyItems: "start" },
});

type NewMail = NonNullable<Draft["newMail"]>;

/** The switch between a note or reply and a mail of its own; for the mail, its subject and to whom it goes. */
export function NewMailForm({
  ticket,
  draft,
  change,
}: {
  ticket: TicketView;
  draft: Draft;
  change: (changes: Partial<Draft>) => void;
}) {
  const layout = useLayout();
  const text = useText(composerText);
  const { newMail } = draft;
  return (
    <>
      <Checkbox
        label={draft.audience === "customer" ? text.newMail : text.newInternalMail}
        checked={newMail !== null}
        onChange={(_, { checked }) => change({ newMail: checked ? begun(ticket, draft) : null })}
      />
      {newMail ? (
        <div className={layout.section}>
          <Labelled label={text.subject}>
            <Input
              size="small"
              value={newMail.subject}
              maxLength={500}
              onChange={(_, { value }) => change({ newMail: { ...newMail, subject: value } })}
            />
          </Labelled>
          <Addressees
            ticket={ticket}
            newMail={newMail}
            othersToo={draft.audience === "internal"}
            choose={(to) => change({ newMail: { ...newMail, to } })}
          />
        </div>
      ) : null}
    </>
  );
}

/** To the requester when it is for the customer; an internal one goes to nobody until somebody is chosen. */
const begun = (ticket: TicketView, { audience }: Draft): NewMail => ({
  subject: ticket.subject,
  to: audience === "customer" ? [ticket.contact] : [],
});

function Addressees({
  ticket,
  newMail: { to },
  othersToo,
  choose,
}: {
  ticket: TicketView;
  newMail: NewMail;
  othersToo: boolean;
  choose: (to: NewMail["to"]) => void;
}) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText(composerText);
  const [finding, setFinding] = useState(false);
  const onTicket = [ticket.contact, ...ticket.participants].filter(({ addresses }) => addresses.length > 0);
  const offered = [...onTicket, ...to.filter(({ id }) => !onTicket.some((one) => one.id === id))];
  return (
    <fieldset className={styles.addressees}>
      <legend className={layout.quiet}>{text.to}</legend>
      {offered.map((contact) => (
        <Checkbox
          key={contact.id}
          label={`${contact.name} (${contact.addresses[0] ?? ""})`}
          checked={to.some(({ id }) => id === contact.id)}
          onChange={(_, { checked }) => choose(checked ? [...to, contact] : to.filter(({ id }) => id !== contact.id))}
        />
      ))}
      {finding ? (
        <Part>
          <FindContact
            choose={(contact) => {
              setFinding(false);
              if (!to.some(({ id }) => id === contact.id)) choose([...to, contact]);
            }}
            cancel={() => setFinding(false)}
          />
        </Part>
      ) : null}
      {othersToo && !finding ? (
        <Button size="small" appearance="subtle" onClick={() => setFinding(true)}>
          {text.somebodyElse}
        </Button>
      ) : null}
    </fieldset>
  );
}
