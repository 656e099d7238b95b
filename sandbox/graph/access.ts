import type { Mailbox } from "../exchange/mailboxes.ts";
import { people } from "../world.ts";
import { accessDenied, GraphProblem } from "./problem.ts";

/** Who calls Graph, from a verified token. */
export type Caller =
  | { kind: "app"; appId: string; roles: readonly string[]; mailboxes: readonly string[] | null }
  | { kind: "delegated"; appId: string; objectId: string; address: string; scopes: readonly string[] };

export type Act = "read" | "write" | "send" | "none";

/** Any one of these permissions allows the act (Microsoft Graph permissions reference, Mail.*). */
const permissions: Record<Exclude<Act, "none">, readonly string[]> = {
  read: ["Mail.Read", "Mail.ReadWrite"],
  write: ["Mail.ReadWrite"],
  send: ["Mail.Send"],
};

export function mayCall(caller: Caller, mailbox: Mailbox, act: Act) {
  if (act === "none") return;
  const granted = caller.kind === "app" ? caller.roles : caller.scopes;
  const shared = caller.kind === "delegated" && caller.objectId !== mailbox.objectId;
  const wanted = permissions[act].map((permission) => (shared ? `${permission}.Shared` : permission));

  if (!wanted.some((permission) => granted.includes(permission))) throw accessDenied();
  if (shared && !isMember(caller.address, mailbox.address)) throw accessDenied();
  // RBAC for Applications limits an app to the mailboxes of its scope.
  if (caller.kind === "app" && caller.mailboxes && !caller.mailboxes.includes(mailbox.address.toLowerCase())) {
    throw new GraphProblem(403, "ErrorAccessDenied", "Access to OData is disabled.");
  }
}

export function isMember(address: string, mailboxAddress: string): boolean {
  const mailbox = people.find((person) => person.address.toLowerCase() === mailboxAddress.toLowerCase());
  return mailbox?.members?.some((member) => member.toLowerCase() === address.toLowerCase()) ?? false;
}
