/**
 * The one place that talks to Office.js: who sits here, which mail is on screen, in which mailbox, in which colours.
 * Everything else of the pane knows these words and no other of Outlook's.
 */

/** A mail on screen. Its ids are hints: Outlook changes them when the mail moves. */
export type ShownMail = {
  /** Names this selection; equal as long as the same mail is on screen. */
  key: string;
  subject: string;
  itemId: string | null;
  internetMessageId: string | null;
  from: string | null;
  /** Addresses it was sent to, for finding the mailbox where Outlook does not say it. */
  recipients: string[];
  /** The shared mailbox it is in, when Outlook says so. */
  sharedMailbox: string | null;
};

export type Shown =
  | { kind: "mail"; mail: ShownMail }
  | { kind: "nothing" }
  /** An appointment, or a mail that is still being written. */
  | { kind: "something_else" };

export type Start = "ready" | "elsewhere" | "not_loaded";

/**
 * Must be called at once: Office.js gives a page 10 s to do so.
 * Office.js takes `history.pushState` and `replaceState` away (they become null), so the pane navigates by state alone.
 */
export async function startOutlook(): Promise<Start> {
  if (typeof Office === "undefined") return "not_loaded";
  const { host } = await Office.onReady();
  return host === Office.HostType.Outlook ? "ready" : "elsewhere";
}

/** The person whose Outlook this is; in a mailbox opened on its own it may name that mailbox. */
export function person(): { name: string; address: string } {
  const profile = Office.context.mailbox.userProfile;
  return { name: profile?.displayName ?? "", address: (profile?.emailAddress ?? "").toLowerCase() };
}

/** Outlook's language, such as "de-DE". */
export const language = () => Office.context.displayLanguage ?? navigator.language;

/** Names what is on screen right now, without asking Outlook anything; for comparing. */
export function shownKey(): string {
  const item = readItem();
  return item ? keyOf(item) : "";
}

/** What is on screen. `null` when it changed while Outlook was being asked. */
export async function shown(): Promise<Shown | null> {
  const item = readItem();
  if (!item) return Office.context.mailbox.item ? { kind: "something_else" } : { kind: "nothing" };

  const key = keyOf(item);
  const sharedMailbox = await sharedMailboxOf(item);
  if (shownKey() !== key) return null;
  return {
    kind: "mail",
    mail: {
      key,
      subject: item.subject ?? "",
      itemId: graphId(item.itemId),
      internetMessageId: item.internetMessageId || null,
      from: item.from?.emailAddress || null,
      recipients: [...(item.to ?? []), ...(item.cc ?? [])].map(({ emailAddress }) => emailAddress.toLowerCase()),
      sharedMailbox,
    },
  };
}

/**
 * Calls back whenever another item is on screen. Outlook's own event is missed now and then (OfficeDev/office-js#6833,
 * #5965), so the pane also looks when it gets the focus and every two seconds; looking costs nothing.
 */
export function onShownChanged(listener: () => void): () => void {
  let last = shownKey();
  const look = () => {
    const key = shownKey();
    if (key === last) return;
    last = key;
    listener();
  };
  // mailbox.item is replaced before handlers run; the same mail may come again with fresh data.
  Office.context.mailbox.addHandlerAsync(Office.EventType.ItemChanged, look);
  window.addEventListener("focus", look);
  const timer = setInterval(look, 2000);
  return () => {
    Office.context.mailbox.removeHandlerAsync(Office.EventType.ItemChanged);
    window.removeEventListener("focus", look);
    clearInterval(timer);
  };
}

/** Whether Outlook is dark. `isDarkTheme` is not kept up everywhere, the background colour is. */
export function isDark(): boolean {
  const theme = Office.context.officeTheme;
  if (!theme?.bodyBackgroundColor) return matchMedia("(prefers-color-scheme: dark)").matches;
  return luminance(theme.bodyBackgroundColor) < 0.35;
}

export function onThemeChanged(listener: () => void): () => void {
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", listener);
  // The event exists from Mailbox 1.14 on; older Outlooks answer with an error, and the theme stays as it was at the start.
  Office.context.mailbox.addHandlerAsync(Office.EventType.OfficeThemeChanged, () => setTimeout(listener));
  return () => scheme.removeEventListener("change", listener);
}

/** Opens an address in the browser, outside Outlook. */
export function openInBrowser(url: string) {
  window.open(url, "_blank", "noopener");
}

function readItem(): Office.MessageRead | null {
  const item = Office.context.mailbox?.item;
  if (!item || item.itemType !== Office.MailboxEnums.ItemType.Message) return null;
  // A mail being written has a subject that is asked for, not a text.
  return typeof item.subject === "string" ? (item as Office.MessageRead) : null;
}

const keyOf = (item: Office.MessageRead) => `${item.itemId ?? ""}|${item.internetMessageId ?? ""}`;

/** Graph's form of the id; Outlook gives the one of Exchange Web Services, whose / and + Graph does not know. */
function graphId(itemId: string | undefined): string | null {
  if (!itemId) return null;
  return Office.context.mailbox.convertToRestId(itemId, Office.MailboxEnums.RestVersion.v2_0);
}

/** Outlook offers the question only on items of shared folders, and on some platforms never (office-js#6877). */
function sharedMailboxOf(item: Office.MessageRead): Promise<string | null> {
  if (typeof item.getSharedPropertiesAsync !== "function") return Promise.resolve(null);
  return new Promise((answer) => {
    setTimeout(() => answer(null), patience);
    item.getSharedPropertiesAsync(({ status, value }) => {
      const known = status === Office.AsyncResultStatus.Succeeded && value;
      answer(known ? (value.targetMailbox || value.owner).toLowerCase() : null);
    });
  });
}

/** Outlooks that offer the question without ever answering it exist; the pane must not wait for them. */
const patience = 3000;

/** Relative luminance of #rrggbb (WCAG 2.2). */
function luminance(colour: string): number {
  const channel = (at: number) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
