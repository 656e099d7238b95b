/** Microsoft 365 mail as the desk sees it: the one place that talks to Microsoft Graph. */
import type { DeskSettings } from "../../platform/config.ts";
import type { Desk } from "../database.ts";
import { openAsk } from "./ask.ts";
import { attachToDraft, countFiles, type DraftFile, type Upload } from "./attach.ts";
import { type Changes, readChanges } from "./changes.ts";
import { createDraft, type DraftWords, discardDraft, type KnownMail, patchDraft, sendDraft } from "./drafts.ts";
import {
  type Categorized,
  categories,
  findByInternetMessageId,
  findByKey,
  findMail,
  type NewCategories,
  type OwnMarks,
  ownMarks,
  rawMessage,
  setCategories,
} from "./messages.ts";
import {
  listSubscriptions,
  removeSubscription,
  renewSubscription,
  type Subscription,
  subscribe,
} from "./subscriptions.ts";
import type { GraphTrouble, LockedOut } from "./trouble.ts";

export type Graph = {
  /** One page of what changed in the mailbox's Inbox since `link`; from the beginning when that is null. */
  changes: (mailbox: string, link: string | null) => Promise<Changes>;
  /** The same of its Sent Items; from the beginning: what was sent since then. */
  sentChanges: (mailbox: string, link: string | null, since: Date) => Promise<Changes>;
  ownMarks: (mailbox: string, immutableId: string) => Promise<OwnMarks>;
  /** The mail as it came, byte for byte, to where it is kept: it may be larger than our memory. */
  rawMessage: <Kept>(
    mailbox: string,
    immutableId: string,
    keep: (chunks: AsyncIterable<Uint8Array>) => Promise<Kept>,
  ) => Promise<Kept>;
  findMail: (mailbox: string, immutableId: string) => Promise<KnownMail>;
  findByInternetMessageId: (mailbox: string, internetMessageId: string) => Promise<KnownMail[]>;
  /** Drafts and sent mails that carry our key: how a send whose answer was lost is found again. */
  findByKey: (mailbox: string, key: string) => Promise<KnownMail[]>;
  /** Each mail's, in their order, or why not. */
  categories: (mailbox: string, immutableIds: string[]) => Promise<(Categorized | GraphTrouble)[]>;
  /** Null where it was done; "changed" where somebody else changed the mail since its `etag` was read. */
  setCategories: (mailbox: string, mails: NewCategories[]) => Promise<(GraphTrouble | null)[]>;
  /** A draft of its own, or (`answers`: an immutable id) one in the thread of that mail. */
  createDraft: (mailbox: string, words: DraftWords, answers: string | null) => Promise<KnownMail>;
  patchDraft: (mailbox: string, draftId: string, words: DraftWords) => Promise<void>;
  /** Files are attached one after the other, so their number says which are there. */
  countFiles: (mailbox: string, draftId: string) => Promise<number>;
  attach: (mailbox: string, draftId: string, file: DraftFile, upload: Upload) => Promise<void>;
  discardDraft: (mailbox: string, draftId: string) => Promise<void>;
  /** Asks once, never twice by itself: when no answer comes, look for the mail before you ask again. */
  send: (mailbox: string, draftId: string) => Promise<void>;
  /** All of our application, of whatever mailbox. */
  subscriptions: (mailbox: string) => Promise<Subscription[]>;
  subscribe: (
    mailbox: string,
    wish: { clientState: string; noticesUrl: string; lifecycleUrl: string },
  ) => Promise<Subscription>;
  renew: (mailbox: string, subscriptionId: string) => Promise<Subscription>;
  remove: (mailbox: string, subscriptionId: string) => Promise<void>;
  /** Why nobody asks for anything of this mailbox just now; null when it is open to us. */
  lockedOut: (mailbox: string) => Promise<LockedOut | null>;
  close: () => Promise<void>;
};

/** Opens Graph for this process. Nothing is asked of the network before the first verb. */
export function openGraph(settings: DeskSettings, desk: Desk): Graph {
  const ask = openAsk(settings, desk);
  return {
    changes: (mailbox, link) => readChanges(ask, mailbox, link, { folder: "inbox" }),
    sentChanges: (mailbox, link, since) => readChanges(ask, mailbox, link, { folder: "sentitems", since }),
    ownMarks: (mailbox, immutableId) => ownMarks(ask, mailbox, immutableId),
    rawMessage: (mailbox, immutableId, keep) => rawMessage(ask, mailbox, immutableId, keep),
    findMail: (mailbox, immutableId) => findMail(ask, mailbox, immutableId),
    findByInternetMessageId: (mailbox, id) => findByInternetMessageId(ask, mailbox, id),
    findByKey: (mailbox, key) => findByKey(ask, mailbox, key),
    categories: (mailbox, immutableIds) => categories(ask, mailbox, immutableIds),
    setCategories: (mailbox, mails) => setCategories(ask, mailbox, mails),
    createDraft: (mailbox, words, answers) => createDraft(ask, mailbox, words, answers),
    patchDraft: (mailbox, draftId, words) => patchDraft(ask, mailbox, draftId, words),
    countFiles: (mailbox, draftId) => countFiles(ask, mailbox, draftId),
    attach: (mailbox, draftId, file, upload) => attachToDraft(ask, mailbox, draftId, file, upload),
    discardDraft: (mailbox, draftId) => discardDraft(ask, mailbox, draftId),
    send: (mailbox, draftId) => sendDraft(ask, mailbox, draftId),
    subscriptions: (mailbox) => listSubscriptions(ask, mailbox),
    subscribe: (mailbox, wish) => subscribe(ask, mailbox, wish),
    renew: (mailbox, subscriptionId) => renewSubscription(ask, mailbox, subscriptionId),
    remove: (mailbox, subscriptionId) => removeSubscription(ask, mailbox, subscriptionId),
    lockedOut: ask.lockedOut,
    close: ask.close,
  };
}
