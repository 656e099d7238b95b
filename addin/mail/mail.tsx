import { lazy } from "react";
import { mailboxOf, useMyself, useOpenMail } from "../desk/desk.tsx";
import type { ShownMail } from "../outlook/outlook.ts";
import { Failure } from "../pane/failure.tsx";
import { useLate } from "../pane/later.ts";
import { useLayout } from "../pane/layout.ts";
import { Part } from "../pane/part.tsx";
import { Empty, Waiting } from "../pane/states.tsx";
import { useText } from "../text/text.tsx";
import { Ticket } from "../ticket/ticket.tsx";

// A mail that has its ticket does not need it.
const NoTicketYet = lazy(async () => ({ default: (await import("./no-ticket-yet.tsx")).NoTicketYet }));

/** The mail on screen, and in whose name the pane acts on it. */
export function Mail({ mail }: { mail: ShownMail }) {
  const layout = useLayout();
  const text = useText();
  const { agent, mailboxes } = useMyself();
  return (
    <>
      <WhatItIs mail={mail} />
      <p className={`${layout.quiet} ${layout.foot}`}>{text.actingIn(mailboxOf(mail, mailboxes), agent.name)}</p>
    </>
  );
}

/** Its ticket, or everything needed to make one. */
function WhatItIs({ mail }: { mail: ShownMail }) {
  const text = useText();
  const open = useOpenMail(mail);

  if (!open.data && open.isError) return <Failure error={open.error} retry={() => open.refetch()} />;
  if (!open.data) return <Waiting label={text.looking} />;
  switch (open.data.state) {
    case "elsewhere":
      return <Empty title={text.elsewhere} hint={open.data.detail} />;
    case "arriving":
      return <Arriving detail={open.data.trouble ? text.said(open.data.trouble) : open.data.detail} />;
    case "known":
      return open.data.mail.ticket ? (
        <Ticket number={open.data.mail.ticket.number} because={open.data.mail.ticket.because} />
      ) : (
        <Part waiting={<Waiting label={text.looking} />}>
          <NoTicketYet mail={open.data.mail} />
        </Part>
      );
  }
}

/** The desk has asked for it; after a while the pane says that it takes longer than it should. */
function Arriving({ detail }: { detail: string }) {
  const text = useText();
  const late = useLate(8000);
  return (
    <Waiting label={text.arriving} hint={detail || text.arrivingHint}>
      {late ? <p>{text.arrivingLong}</p> : null}
    </Waiting>
  );
}
