import { useOpenMail } from "../desk/desk.tsx";
import type { ShownMail } from "../outlook/outlook.ts";
import { Failure } from "../pane/failure.tsx";
import { Empty, Waiting } from "../pane/states.tsx";
import { useText } from "../text/text.tsx";
import { Ticket } from "../ticket/ticket.tsx";
import { NoTicketYet } from "./no-ticket-yet.tsx";

/** The mail on screen: its ticket, or everything needed to make one. */
export function Mail({ mail }: { mail: ShownMail }) {
  const text = useText();
  const open = useOpenMail(mail);

  if (!open.data && open.isError) return <Failure error={open.error} retry={() => open.refetch()} />;
  if (!open.data) return <Waiting label={text.looking} />;
  switch (open.data.state) {
    case "elsewhere":
      return <Empty title={text.elsewhere} hint={open.data.detail} />;
    case "arriving":
      return <Arriving tries={open.failureCount + open.dataUpdatedAt} detail={open.data.detail} />;
    case "known":
      return open.data.mail.ticket ? (
        <Ticket number={open.data.mail.ticket.number} because={open.data.mail.ticket.because} />
      ) : (
        <NoTicketYet mail={open.data.mail} />
      );
  }
}

function Arriving({ detail }: { tries: number; detail: string }) {
  const text = useText();
  return <Waiting label={text.arriving} hint={detail || text.arrivingHint} />;
}
