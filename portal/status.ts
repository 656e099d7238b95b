import type { StatusView } from "./contract.ts";

type Status = NonNullable<StatusView>;

/** Whose turn it is in each status. */
const turns: Record<Status["key"], Status["turn"]> = {
  new: "ours",
  in_progress: "ours",
  waiting_on_customer: "customer",
  waiting_on_third_party: "third_party",
  resolved: "nobody",
  closed: "nobody",
  cancelled: "nobody",
};

/**
 * A status as an organization's customers see it. `labels`: its portal's own words by status; null hides the status.
 */
export function statusView(key: Status["key"], labels: Readonly<Record<string, string | null>>): StatusView {
  const label = labels[key];
  return label === null ? null : { key, label: label ?? null, turn: turns[key] };
}
