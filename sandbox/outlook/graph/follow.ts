import { GraphError, type GraphMailbox, type MailHead } from "./client.ts";

export type FolderView = {
  /** Newest first. */
  mails: MailHead[];
  /** The first page has not come yet. */
  loading: boolean;
  /** Why the list may be old. It is being tried again. */
  error: string | null;
};

export type FollowedFolder = {
  view(): FolderView;
  subscribe(listener: () => void): () => void;
  /** Shows a change before Graph has confirmed it. */
  patch(id: string, change: Partial<MailHead>): void;
  remove(id: string): void;
  /** Asks at once what changed, instead of at the next round. */
  refresh(): void;
  start(): void;
  stop(): void;
};

/** How long a mail may be here before the page sees it. */
const roundEvery = 2000;

/** Keeps a folder's list like the folder itself, by delta: everything once, then what changes. */
export function followFolder(mailbox: GraphMailbox, folderId: string): FollowedFolder {
  const heads = new Map<string, MailHead>();
  const listeners = new Set<() => void>();
  let view: FolderView = { mails: [], loading: true, error: null };
  let link: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = true;
  let underway = false;

  async function round() {
    if (underway || stopped) return;
    underway = true;
    clearTimeout(timer);
    try {
      await catchUp();
    } catch (error) {
      if (startsAnew(error)) {
        link = undefined;
        heads.clear();
      }
      show({ loading: false, error: error instanceof Error ? error.message : String(error) });
    }
    underway = false;
    if (!stopped) timer = setTimeout(round, roundEvery);
  }

  async function catchUp() {
    for (;;) {
      const page = await mailbox.changes(folderId, link);
      if (stopped) return;
      for (const id of page.removed) heads.delete(id);
      for (const head of page.changed) heads.set(head.id, { ...heads.get(head.id), ...head });
      link = page.next ?? page.delta;
      if (page.changed.length > 0 || page.removed.length > 0 || view.loading || view.error) {
        show({ mails: sorted(), loading: false, error: null });
      }
      if (!page.next) return;
    }
  }

  // Graph tells whole seconds: of two mails in one, that which came later is the newer.
  const sorted = () =>
    [...heads.values()].reverse().sort((a, b) => ((a.receivedDateTime ?? "") < (b.receivedDateTime ?? "") ? 1 : -1));

  function show(change: Partial<FolderView>) {
    view = { ...view, ...change };
    for (const listener of listeners) listener();
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    patch(id, change) {
      const head = heads.get(id);
      if (!head) return;
      heads.set(id, { ...head, ...change });
      show({ mails: sorted() });
    },
    remove(id) {
      heads.delete(id);
      show({ mails: sorted() });
    },
    refresh: () => void round(),
    start() {
      stopped = false;
      void round();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Graph forgot the place in the list: 410 Gone, or the older `syncStateNotFound`. */
const startsAnew = (error: unknown) =>
  error instanceof GraphError && (error.status === 410 || /syncStateNotFound|resyncRequired/i.test(error.code));
