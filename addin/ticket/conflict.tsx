import { lazy, Suspense } from "react";
import type { TicketView } from "../../server/desk/contract/tickets.ts";
import type { Change } from "./change.ts";

const ChangedMeanwhile = lazy(async () => ({ default: (await import("./changed-meanwhile.tsx")).ChangedMeanwhile }));

/** What is said when somebody was faster with a change. */
export function Conflict({ change, ticket }: { change: Change; ticket: TicketView }) {
  return change.conflict ? (
    <Suspense fallback={null}>
      <ChangedMeanwhile conflict={change.conflict} change={change} ticket={ticket} />
    </Suspense>
  ) : null;
}
