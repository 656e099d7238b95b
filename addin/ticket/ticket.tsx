import { useTicket } from "../desk/desk.tsx";
import { Failure } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { Waiting } from "../pane/states.tsx";
import { useText } from "../text/text.tsx";

export function Ticket({ number }: { number: number; because: string[] }) {
  const layout = useLayout();
  const text = useText();
  const ticket = useTicket(number);
  if (!ticket.data && ticket.isError) return <Failure error={ticket.error} retry={() => ticket.refetch()} />;
  if (!ticket.data) return <Waiting label={`#${number} …`} />;
  return (
    <div className={layout.screen}>
      <h1 className={layout.title}>
        #{ticket.data.number} {ticket.data.subject}
      </h1>
      <p className={layout.quiet}>{text.statuses[ticket.data.status]}</p>
    </div>
  );
}
