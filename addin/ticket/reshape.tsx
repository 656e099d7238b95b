import { Button } from "@fluentui/react-components";
import { BranchForkRegular } from "@fluentui/react-icons/svg/branch-fork";
import { MergeRegular } from "@fluentui/react-icons/svg/merge";
import { lazy, useState } from "react";
import type { TicketView } from "../../server/desk/contract/tickets.ts";
import { useLayout } from "../pane/layout.ts";
import { Part } from "../pane/part.tsx";
import { useText } from "../text/text.tsx";

// Now and then, not with every mail.
const MergeForm = lazy(async () => ({ default: (await import("./merge-form.tsx")).MergeForm }));
const SplitForm = lazy(async () => ({ default: (await import("./split-form.tsx")).SplitForm }));

/** Two tickets are one matter, or one ticket is two. */
export function Reshape({ ticket }: { ticket: TicketView }) {
  const layout = useLayout();
  const text = useText();
  const [open, setOpen] = useState<"merge" | "split" | null>(null);
  const close = () => setOpen(null);

  if (open)
    return (
      <Part>
        {open === "merge" ? <MergeForm ticket={ticket} close={close} /> : <SplitForm ticket={ticket} close={close} />}
      </Part>
    );
  return (
    <div className={layout.row}>
      <Button size="small" appearance="subtle" icon={<MergeRegular />} onClick={() => setOpen("merge")}>
        {text.mergeInto}
      </Button>
      <Button size="small" appearance="subtle" icon={<BranchForkRegular />} onClick={() => setOpen("split")}>
        {text.splitOffEntries}
      </Button>
    </div>
  );
}
