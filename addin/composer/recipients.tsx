import { Button, makeStyles, shorthands, tokens } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons/svg/add";
import { DismissRegular } from "@fluentui/react-icons/svg/dismiss";
import { PersonRegular } from "@fluentui/react-icons/svg/person";
import { lazy, Suspense, useState } from "react";
import type { ContactView } from "../../server/desk/contract/people.ts";
import { type TicketView as Ticket, TicketView } from "../../server/desk/contract/tickets.ts";
import { useAct } from "../desk/act.ts";
import { useAsk, useKeepTicket } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { composerText } from "../text/composer.ts";
import { useText } from "../text/text.tsx";

// Most answers go to the people who are on the ticket already.
const FindContact = lazy(async () => ({ default: (await import("../mail/find-contact.tsx")).FindContact }));

const useStyles = makeStyles({
  chip: {
    display: "inline-flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    maxWidth: "100%",
    padding: `2px ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground3,
    color: tokens.colorNeutralForeground1,
    font: "inherit",
    fontSize: tokens.fontSizeBase200,
    overflowWrap: "anywhere",
    textAlign: "start",
  },
  offered: { ...shorthands.borderStyle("dashed"), backgroundColor: "transparent", cursor: "pointer" },
  taken: { cursor: "pointer" },
});

/**
 * Who gets the mail: the requester always, other people of the ticket only when the agent says so. Whom she adds is on the
 * ticket from then on, because who gets the words by mail sees them in the portal too.
 */
export function Recipients({ ticket, cc, choose }: { ticket: Ticket; cc: string[]; choose: (cc: string[]) => void }) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText(composerText);
  const { contact: requester, participants } = ticket;
  const others = participants.filter(({ id, addresses }) => id !== requester.id && addresses.length > 0);
  return (
    <div className={layout.section}>
      <div className={layout.row}>
        <span className={layout.quiet}>{text.to}</span>
        <Chip contact={requester} />
      </div>
      {others.length > 0 ? (
        <div className={layout.row}>
          <span className={layout.quiet}>{text.cc}</span>
          {others.map((contact) => {
            const address = contact.addresses[0] ?? "";
            const taken = cc.includes(address);
            return (
              <button
                key={contact.id}
                type="button"
                className={`${styles.chip} ${taken ? styles.taken : styles.offered}`}
                aria-pressed={taken}
                aria-label={taken ? text.removeCc(contact.name) : text.addCc(contact.name)}
                title={address}
                onClick={() => choose(taken ? cc.filter((each) => each !== address) : [...cc, address])}
              >
                {taken ? <DismissRegular aria-hidden /> : <AddRegular aria-hidden />}
                {contact.name}
              </button>
            );
          })}
        </div>
      ) : null}
      <People ticket={ticket} taken={({ addresses: [address] }) => address && choose([...cc, address])} />
    </div>
  );
}

/** Takes people onto the ticket and off it, one fold away. */
function People({ ticket, taken }: { ticket: Ticket; taken: (contact: ContactView) => void }) {
  const layout = useLayout();
  const text = useText(composerText);
  const ask = useAsk();
  const keep = useKeepTicket();
  const [open, setOpen] = useState(false);
  const path = (contact: ContactView) => `/tickets/${ticket.number}/participants/${contact.id}`;
  const takeOn = useAct<ContactView, Ticket>({
    run: (contact, key) => ask.change(path(contact), TicketView, { method: "PUT", key }),
    after: (changed, contact) => {
      keep(changed);
      setOpen(false);
      taken(contact);
    },
  });
  const takeOff = useAct<ContactView, Ticket>({
    run: (contact, key) => ask.change(path(contact), TicketView, { method: "DELETE", key }),
    after: keep,
  });
  if (!open)
    return (
      <div>
        <Button size="small" appearance="subtle" onClick={() => setOpen(true)}>
          {text.people}
        </Button>
      </div>
    );
  return (
    <Suspense fallback={null}>
      <p className={layout.quiet}>{text.peopleHint}</p>
      {ticket.participants.map((contact) => (
        <div key={contact.id} className={layout.pair}>
          <span className={layout.grow}>{contact.name}</span>
          <Button size="small" aria-label={text.takeOffName(contact.name)} onClick={() => takeOff.mutate(contact)}>
            {text.takeOff}
          </Button>
        </div>
      ))}
      <FindContact choose={(contact) => takeOn.mutate(contact)} cancel={() => setOpen(false)} />
      {takeOn.isError ? <Refusal error={takeOn.error} /> : null}
      {takeOff.isError ? <Refusal error={takeOff.error} /> : null}
    </Suspense>
  );
}

function Chip({ contact }: { contact: ContactView }) {
  const styles = useStyles();
  return (
    <span className={styles.chip}>
      <PersonRegular aria-hidden />
      {contact.name} &lt;{contact.addresses[0]}&gt;
    </span>
  );
}
