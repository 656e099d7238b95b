import { executeCall } from "./call.ts";
import type { ItemModel } from "./item.ts";
import { mailboxCalls } from "./mailbox-calls.ts";
import { nothingSelected, type Surroundings } from "./surroundings.ts";

/** Nothing is selected: the mailbox can be asked, an item cannot. */
export function noItem(around: Surroundings): ItemModel {
  const calls = mailboxCalls(around, null);
  return {
    initialData: () => nothingSelected(around),
    execute: (dispatchId, params) => executeCall(calls, around.addIn.permission, dispatchId, params),
  };
}
