import { Button } from "@fluentui/react-components";
import { EyeOffRegular } from "@fluentui/react-icons/svg/eye-off";
import { lazy, useState } from "react";
import type { EntryView, TicketView } from "../../server/desk/contract/tickets.ts";
import { Part } from "../pane/part.tsx";
import { useText } from "../text/text.tsx";

const RetractForm = lazy(async () => ({ default: (await import("./retract-form.tsx")).RetractForm }));

/** The way to take an entry back from the customer; the question whether to is the form's. */
export function Retract({ entry, ticket }: { entry: EntryView; ticket: TicketView }) {
  const text = useText();
  const [asking, setAsking] = useState(false);
  return asking ? (
    <Part>
      <RetractForm entry={entry} ticket={ticket} close={() => setAsking(false)} />
    </Part>
  ) : (
    <div>
      <Button size="small" appearance="subtle" icon={<EyeOffRegular />} onClick={() => setAsking(true)}>
        {text.retract}
      </Button>
    </div>
  );
}
