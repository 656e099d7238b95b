import { CalendarLtrRegular } from "@fluentui/react-icons/svg/calendar-ltr";
import type { AppointmentView } from "../../server/desk/contract/tickets.ts";
import { useLayout } from "../pane/layout.ts";
import { appointmentText } from "../text/appointment.ts";
import { useText, useTimes } from "../text/text.tsx";

/** An invitation, its change or an answer: what, when, where, by whom, and who comes. */
export function Appointment({ appointment }: { appointment: AppointmentView }) {
  const layout = useLayout();
  const text = useText(appointmentText);
  const times = useTimes();
  const { method, summary, location, start, organizer, answers } = appointment;
  // A whole day is the same date wherever one reads it.
  const when = start && (start.includes("T") ? times.full(start) : times.day(start));
  return (
    <section className={layout.tight} aria-label={text.appointment}>
      <strong>
        <CalendarLtrRegular aria-hidden /> {text.appointments[method] ?? text.appointment}
        {summary ? `: ${summary}` : null}
      </strong>
      {when ? <span>{when}</span> : null}
      {location ? <span>{location}</span> : null}
      {organizer ? <span className={layout.quiet}>{text.organizedBy(organizer)}</span> : null}
      {answers.map(({ name, answer }) => (
        <span key={name} className={layout.quiet}>
          {name}: {text.appointmentAnswers[answer ?? ""] ?? text.appointmentAnswers["NEEDS-ACTION"]}
        </span>
      ))}
    </section>
  );
}
