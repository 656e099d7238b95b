import { type Answer, failure, outlookError } from "./item.ts";
import type { AddIn } from "./manifest.ts";
import { permits } from "./permission.ts";

/** One call of the Outlook API: who may make it, and what it does. */
export type Call = { needs: AddIn["permission"]; run: (params: unknown) => Promise<Answer> | Answer };

export type Calls = Record<number, Call>;

/** Answers a call from the lists given. Unknown numbers say so, as Outlook does, with 9002: silence would hang the add-in. */
export async function executeCall(
  calls: Calls,
  held: AddIn["permission"],
  dispatchId: number,
  params: unknown,
): Promise<Answer> {
  const call = calls[dispatchId];
  if (!call) {
    console.warn(`The sandbox's Outlook does not know the call ${dispatchId} on this item.`);
    return failure(outlookError.internalFormat);
  }
  if (!permits(held, call.needs)) {
    console.warn(`The call ${dispatchId} needs ${call.needs}, but the manifest asks for ${held} only.`);
    return failure(accessRestricted);
  }
  return call.run(params);
}

/** AccessRestricted. */
const accessRestricted = 9017;
