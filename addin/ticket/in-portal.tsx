import { Button, mergeClasses } from "@fluentui/react-components";
import { EyeRegular } from "@fluentui/react-icons/svg/eye";
import { LockClosedRegular } from "@fluentui/react-icons/svg/lock-closed";
import { useState } from "react";
import { ContactView } from "../../server/desk/contract/people.ts";
import { TicketView } from "../../server/desk/contract/tickets.ts";
import { CustomerPage } from "../customer-view/customer-page.tsx";
import { useAct } from "../desk/act.ts";
import { useAsk, useKeepTicket, useRefreshTicket } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { useText, useTimes } from "../text/text.tsx";
import { useVisibility } from "./visibility.ts";

/** Whether the customer sees that the ticket exists, and the ways to change that and to look at it as the customer does. */
export function InPortal({ ticket }: { ticket: TicketView }) {
  const layout = useLayout();
  const styles = useVisibility();
  const text = useText();
  const times = useTimes();
  const [looking, setLooking] = useState(false);
  const show = useShowInPortal(ticket);
  const invite = useInvite(ticket);
  const { inPortal, contact } = ticket;
  const error = show.error ?? invite.error;

  return (
    <section className={layout.section}>
      <div className={mergeClasses(styles.band, inPortal ? styles.customerBand : styles.internalBand)}>
        {inPortal ? <EyeRegular aria-hidden /> : <LockClosedRegular aria-hidden />}
        <span>{inPortal ? text.inPortal(times.short(inPortal.since), inPortal.by) : text.notInPortal}</span>
      </div>
      <div className={layout.row}>
        <Button size="small" onClick={() => setLooking(true)}>
          {text.asCustomer}
        </Button>
        {inPortal ? null : (
          <Button size="small" disabledFocusable={show.isPending} onClick={() => show.mutate()}>
            {text.showInPortal}
          </Button>
        )}
        {contact.invited || contact.former ? null : (
          <Button size="small" appearance="subtle" disabledFocusable={invite.isPending} onClick={() => invite.mutate()}>
            {text.invite(contact.name)}
          </Button>
        )}
      </div>
      {contact.former ? <p className={layout.quiet}>{text.isFormer(contact.name)}</p> : null}
      {error ? <Refusal error={error} /> : null}
      {looking ? <CustomerPage ticket={ticket} close={() => setLooking(false)} /> : null}
    </section>
  );
}

function useShowInPortal(ticket: TicketView) {
  const text = useText();
  const ask = useAsk();
  const keep = useKeepTicket();
  return useAct<void, TicketView>({
    run: (_, key) => ask.change(`/tickets/${ticket.number}/portal`, TicketView, { method: "PUT", key, body: {} }),
    done: () => text.shownInPortal,
    after: keep,
  });
}

function useInvite(ticket: TicketView) {
  const text = useText();
  const ask = useAsk();
  const refresh = useRefreshTicket();
  return useAct<void, ContactView>({
    run: (_, key) =>
      ask.change(`/contacts/${ticket.contact.id}/invitation`, ContactView, { method: "POST", key, body: {} }),
    done: ({ name }) => text.invited(name),
    after: () => refresh(ticket.number),
  });
}
