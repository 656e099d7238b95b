import { Button, makeStyles } from "@fluentui/react-components";
import { EditRegular } from "@fluentui/react-icons/svg/edit";
import { lazy, useState } from "react";
import type { TicketView } from "../../server/desk/contract/tickets.ts";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { Part } from "../pane/part.tsx";
import { useText } from "../text/text.tsx";
import { useChange } from "./change.ts";
import { Conflict } from "./conflict.tsx";

// Subjects are changed now and then, not with every mail.
const SubjectForm = lazy(async () => ({ default: (await import("./subject-form.tsx")).SubjectForm }));

const useStyles = makeStyles({
  row: { display: "flex", alignItems: "flex-start", gap: "4px" },
  subject: { display: "-webkit-box", WebkitLineClamp: 2, WebkitBoxOrient: "vertical", overflow: "hidden", flexGrow: 1 },
});

/** Number and subject; stays in sight while the timeline is read. */
export function Title({ ticket }: { ticket: TicketView }) {
  const layout = useLayout();
  const styles = useStyles();
  const text = useText();
  const [subject, setSubject] = useState<string | null>(null);
  const change = useChange(ticket);

  if (subject !== null)
    return (
      <Part>
        <SubjectForm
          subject={subject}
          save={(wanted) => {
            if (wanted && wanted !== ticket.subject) change.wish({ subject: wanted });
            setSubject(null);
          }}
          cancel={() => setSubject(null)}
        />
      </Part>
    );
  return (
    <>
      <div className={styles.row}>
        <h1 className={`${layout.title} ${styles.subject}`} title={ticket.subject}>
          #{ticket.number} {change.pending?.subject ?? ticket.subject}
        </h1>
        <Button
          size="small"
          appearance="subtle"
          icon={<EditRegular />}
          aria-label={text.editSubject}
          title={text.editSubject}
          onClick={() => setSubject(ticket.subject)}
        />
      </div>
      <Conflict change={change} ticket={ticket} />
      {change.error ? <Refusal error={change.error} /> : null}
    </>
  );
}
