import type { GraphMailbox, Recipient } from "../graph/client.ts";
import { type InitialData, itemType } from "./item.ts";
import type { AddIn } from "./manifest.ts";
import { permissionLevel } from "./permission.ts";

/** What the add-in put into an item's yellow bar. */
export type Notification = {
  key: string;
  type: "informationalMessage" | "progressIndicator" | "errorMessage" | "insightMessage";
  message: string;
  icon?: string;
  persistent?: boolean;
};

/** What an add-in may ask Outlook to open. */
export type ComposeRequest =
  | { kind: "reply" | "replyAll"; mailId: string; html: string }
  | { kind: "new"; to: Recipient[]; cc: Recipient[]; subject: string; html: string }
  | { kind: "show"; mailId: string };

/** A place where small things survive a reload: custom properties of a mail, roaming settings of a mailbox. */
export type Keep = {
  read(key: string): Record<string, unknown>;
  write(key: string, what: Record<string, unknown>): void;
};

/** Everything around an item: whose Outlook this is, and what it can do. */
export type Surroundings = {
  addIn: AddIn;
  /** Who is signed in; the owner of a shared mailbox is not. */
  person: Recipient;
  /** The mailbox is not the person's own. */
  shared: boolean;
  mailbox: GraphMailbox;
  owaView: InitialData["owaView"];
  keep: Keep;
  open(request: ComposeRequest): void;
};

/** The data about the person that comes with every item, and alone when nothing is selected. */
export function nothingSelected({ addIn, person, owaView }: Surroundings): InitialData {
  return {
    itemType: itemType.none,
    permissionLevel: permissionLevel[addIn.permission],
    userEmailAddress: person.address,
    userDisplayName: person.name,
    userTimeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    userProfileType: "enterprise",
    hostVersion: "20261113003.10",
    owaView,
    ewsUrl: `${window.location.origin}/ews/exchange.asmx`,
    restUrl: `${window.location.origin}/api`,
  };
}
