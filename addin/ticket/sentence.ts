import { type EntryView, Status } from "../../server/desk/contract/tickets.ts";
import type { Text } from "../text/en.ts";

/** What a change of status or assignee says after its author's name; null for entries with words of their own. */
export function sentenceOfFact({ kind, facts }: EntryView, text: Text): string | null {
  if (kind === "status_change") return text.statusChanged(statusName(facts.from, text), statusName(facts.to, text));
  if (kind === "assignment") return facts.to ? text.assigned(String(facts.to)) : text.unassigned;
  if (facts.merged) return text.mergedIt(Number(facts.merged));
  if (facts.parted) return text.partedIt(Number(facts.parted));
  if (facts.splitOff) return text.splitItOff(Number(facts.splitOff));
  return null;
}

function statusName(fact: unknown, text: Text): string {
  const status = Status.safeParse(fact);
  if (status.success) return text.statuses[status.data];
  return typeof fact === "string" ? fact : "";
}
