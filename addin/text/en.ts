import type { Said } from "../../server/desk/contract/sentences.ts";
import type { Priority, Status } from "../../server/desk/contract/tickets.ts";

/**
 * What the pane says before the first ticket, and what several of its parts say, in English; the other languages have the same
 * sentences: `Text` is the type of this. The words of parts that are fetched later stand beside this file, one file a part.
 */
export const en = {
  language: "en" as "en" | "de",
  /** A sentence of the desk. */
  said: (said: Said) => said.map(({ detail }) => detail).join(" "),

  retry: "Try again",
  close: "Close",
  cancel: "Cancel",
  undo: "Undo",
  notices: "Messages",

  noMail: "No mail is selected",
  noMailHint: "Select a mail in Outlook. Deskhatch shows its ticket, or lets you make one of it.",
  notAMail: "This is not a received mail",
  notAMailHint: "Deskhatch works with mails that you read. Select one in the list.",
  notInOutlook: "Open Deskhatch in Outlook",
  notInOutlookHint: "This page works inside Outlook: select a mail there and choose “Ticket”.",
  officeMissing: "Outlook's own script could not be loaded",
  officeMissingHint: "Deskhatch needs it to see which mail is open. Check the connection, then try again.",

  signIn: "Sign in",
  signingIn: "Signing you in …",
  signInTitle: "Sign in to Deskhatch",
  signInAs: (address: string) => `As ${address}. A window of your organization's sign-in page opens.`,
  signInFailed: {
    needs_click: "Your organization wants to see you: sign in once.",
    consent_missing:
      "Your organization has not allowed Deskhatch yet. Ask an administrator of Microsoft 365 to consent to it.",
    conditional_access:
      "Your organization's access rules refuse this sign-in, perhaps this device or place. Ask your administrator.",
    not_assigned: "You are not among the people who may use Deskhatch. Ask an administrator to assign you.",
    popup_blocked: "The browser blocked the sign-in window. Allow pop-ups for this page, then sign in.",
    cookies_blocked:
      "The browser keeps Deskhatch from storing the sign-in. Allow cookies and site data for this page, then sign in.",
    cancelled: "The sign-in window was closed before it was finished.",
    somebody_else:
      "Another account is signed in than the one whose Outlook this is. Sign in as the person whose Outlook this is.",
    network: "The sign-in service cannot be reached. Check the connection, then try again.",
    not_accepted:
      "The desk did not accept this sign-in. Sign in again; if that does not help, tell your administrator.",
    unknown: "The sign-in failed. Try again; if it happens again, tell your administrator",
  },
  signedInAs: (who: string, outlook: string) => `Signed in: ${who}. This Outlook belongs to ${outlook}.`,

  offline: "You are offline. What you see may be old; what you write is kept here.",
  unreachable: "The desk cannot be reached",
  unreachableHint: "Check the connection. Nothing was lost; what you wrote is kept here.",
  notTheDesk: "The desk's answer could not be read",
  notTheDeskHint:
    "The pane and the desk may be of different versions. Reload the pane; if that does not help, tell your administrator.",
  partMissing:
    "This part of the pane could not be loaded. Check the connection, then load the pane again; what you wrote is kept here.",
  loadAgain: "Load again",
  refusedTitle: "That was not possible",

  looking: "Looking for this mail …",
  arriving: "This mail is on its way to the desk",
  arrivingHint: "It usually takes a second or two.",
  arrivingLong: "It takes longer than usual. You can wait, or come back to this mail later.",
  elsewhere: "Not a mailbox of the desk",
  actingIn: (mailbox: string, name: string) => `In ${mailbox} as ${name}`,

  moved: (subject: string) =>
    `Outlook shows another mail now, so nothing was done for “${subject}”. Select that mail again and repeat it.`,
  doneElsewhere: (what: string, subject: string) => `For “${subject}”, which you no longer see: ${what}`,
  failedElsewhere: (what: string, subject: string) => `For “${subject}”, which you no longer see, this failed: ${what}`,

  // A mail and where it belongs
  why: "Why we think so",
  domainVerified: (domain: string) => `Mail really from ${domain}`,
  unverified: "Sender not verified",
  forged: "Sender check failed",
  searchContact: "Name, address or organization",
  nobodyFound: "No contact found.",
  choose: "Choose",
  suggestions: "Perhaps",

  subject: "Subject",
  team: "Team",
  noTeam: "No team",
  priority: "Priority",
  files: "Files",
  ticketCreated: (number: number) => `Ticket #${number} was created.`,
  addToTicket: "Add to a ticket",
  addHere: "Add this mail",
  addTo: (number: number) => `Add this mail to #${number}`,

  heldMailsWaiting: (count: number) =>
    count === 0 ? "Held mails" : `Held mails: ${count >= 1000 ? "1000 or more" : count}`,

  aboutContact: (name: string) => `About ${name}`,

  // A ticket
  status: "Status",
  statuses: {
    new: "New",
    in_progress: "In progress",
    waiting_on_customer: "Waiting on customer",
    waiting_on_third_party: "Waiting on third party",
    resolved: "Resolved",
    closed: "Closed",
    cancelled: "Cancelled",
  } satisfies Record<Status, string>,
  turns: { ours: "Our turn", customer: "Customer's turn", third_party: "Third party's turn", nobody: "Nobody's turn" },
  priorities: { low: "Low", normal: "Normal", high: "High", urgent: "Urgent" } satisfies Record<Priority, string>,
  assignee: "Assignee",
  nobody: "Nobody",
  editSubject: "Change the subject",
  save: "Save",
  changed: "Saved.",
  ticketFacts: "Ticket",
  whyThisTicket: "Why this ticket",
  leaveIt: "Leave it",
  inPortal: (since: string, by: string) => `The customer sees this ticket · since ${since} · ${by}`,
  notInPortal: "The customer does not see this ticket",
  showInPortal: "Show in portal",
  shownInPortal: "The customer sees the ticket now; of its timeline only what is released.",
  asCustomer: "As the customer sees it",
  invite: (name: string) => `Invite ${name} to the portal`,
  invited: (name: string) => `${name} is invited to the portal.`,
  isFormer: (name: string) => `The CRM has deleted ${name}: the portal is closed to them.`,

  timeline: "Timeline",
  older: "Show older entries",
  beginning: "This is where the ticket begins.",
  internal: "Internal",
  customerSees: "Customer sees this",
  customerWillSee: "Customer will see this",
  since: (when: string) => `since ${when}`,
  releasedBy: (who: string) => `released by ${who}`,
  releasedByRule: (rule: string) => `released by the rule “${rule}”`,
  onItsWay: "on its way to the portal",
  retractedBy: (when: string, who: string) => `was shown, retracted ${when} by ${who}`,
  fileReleased: "Customer sees this file",
  fileInternal: "Internal file",
  showHistory: "Show history",
  hideHistory: "Hide history",
  words: (author: string) => `Words of ${author}`,
  history: "Quoted history",
  download: (name: string) => `Download ${name}`,
  downloadFailed: (name: string) => `${name} could not be fetched.`,
  kinds: {
    mail_received: "Mail",
    reply: "Reply",
    note: "Note",
    status_change: "Status",
    assignment: "Assignee",
    file: "File",
    time: "Time",
    appointment: "Appointment",
    portal_message: "Message in the portal",
    resolution: "Resolution",
    system: "Deskhatch",
  },
  statusChanged: (from: string, to: string) =>
    from ? `changed the status from ${from} to ${to}` : `set the status to ${to}`,
  assigned: (to: string) => `assigned it to ${to}`,
  unassigned: "took the assignee off",
  protections: {
    smime_signed: "Signed (S/MIME)",
    pgp_signed: "Signed (OpenPGP)",
    smime_encrypted: "Encrypted (S/MIME): open it in Outlook.",
    pgp_encrypted: "Encrypted (OpenPGP): open it in Outlook.",
  },
  sendings: {
    waiting: "Waits to be mailed",
    drafted: "Is being mailed",
    sending: "Is being mailed",
    sent: "Mailed",
    taken_back: "Taken back",
    failed: "Could not be mailed",
  },
  mailedTo: (to: string) => `to ${to}`,

  sentFromOutlook: (to: string) => `Sent from Outlook to ${to}. The portal does not show it until you release it.`,
  release: "Release to customer",
  releaseMore: "Choose what to release",
  releaseNow: (name: string) => `Release to ${name}`,
  released: "Released. The customer sees it now.",
  preview: "Preview",
  previewTitle: "As the customer sees it",
  previewOfTicket: "The customer's page, as the portal shows it now",
  previewWith: "The customer's page, as it would be afterwards",
  retract: "Retract",

  // Tickets that belong together
  mergeInto: "Merge into …",
  splitOffEntries: "Split off …",
  mergedIt: (number: number) => `merged #${number} into this ticket`,
  partedIt: (number: number) => `undid the merger of #${number}`,
  splitItOff: (number: number) => `split off #${number}`,
  shownOn: (number: number) => `on the page of #${number}`,
  alsoIn: (mailboxes: string) => `Also addressed to ${mailboxes}`,
  onlyThanks: "Only thanks: the status stayed as it was.",
  reopen: "Reopen",
};

export type Text = typeof en;
