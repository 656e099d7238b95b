import { Button } from "@fluentui/react-components";
import { EyeRegular } from "@fluentui/react-icons/svg/eye";
import { lazy, useState } from "react";
import type { EntryView, TicketView } from "../../server/desk/contract/tickets.ts";
import { Part } from "../pane/part.tsx";
import { useText } from "../text/text.tsx";
import { waitsForRelease } from "./waiting-release.tsx";

const ReleaseForm = lazy(async () => ({ default: (await import("./release-form.tsx")).ReleaseForm }));

/** The way to release one entry; the decision itself is the form's. */
export function Release({ entry, ticket }: { entry: EntryView; ticket: TicketView }) {
  const text = useText();
  const [open, setOpen] = useState(false);
  return open ? (
    <Part>
      <ReleaseForm entry={entry} ticket={ticket} close={() => setOpen(false)} />
    </Part>
  ) : (
    <div>
      <Button size="small" icon={<EyeRegular />} onClick={() => setOpen(true)}>
        {waitsForRelease(entry) ? text.releaseMore : text.release}
      </Button>
    </div>
  );
}
