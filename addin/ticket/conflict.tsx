import { lazy } from "react";
import type { TicketView } from "../../server/desk/contract/tickets.ts";
import { Part } from "../pane/part.tsx";
import type { Change } from "./change.ts";

const ChangedMeanwhile = lazy(async () => ({ default: (await import("./changed-meanwhile.tsx")).ChangedMeanwhile }));

/** What is said when somebody was faster with a change. */
export function Conflict({ change, ticket }: { change: Change; ticket: TicketView }) {
  return change.conflict ? (
    <Part>
      <ChangedMeanwhile conflict={change.conflict} change={change} ticket={ticket} />
    </Part>
  ) : null;
}
