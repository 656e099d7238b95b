/**
 * Exchange answers 202 and moves the copy to Sent Items later (concepts/outlook-things-to-know-about-send-mail). Whoever
 * looks for it before sees the draft as it was, or nothing; its id may be another one afterwards. Users report all three.
 */
import type { Store } from "../store.ts";
import type { Person } from "../world.ts";
import { newImmutableId } from "./ids.ts";
import { mailboxOf, openMailboxes, wellKnown } from "./mailboxes.ts";
import { changeFolder, type Message, messageById, updateMessage } from "./messages.ts";

export type Lateness = { seconds: number; meanwhile: "draft" | "nowhere"; changesId?: boolean };

/** What was sent, whatever becomes of the draft. */
export type SentCopy = { contentId: number; size: number; sentAt: string };

export type SentCopies = ReturnType<typeof openSentCopies>;

type Late = SentCopy & { messageId: number; mailboxId: number; dueAt: number; changesId: number };

/** Where a mail is that nobody sees: no mailbox that anybody may open. */
const transport: Person = {
  objectId: "00000000-0000-4000-8000-000000000000",
  name: "Transport",
  address: "transport@sandbox.protection.test",
  kind: "shared",
};

export function openSentCopies(store: Store) {
  openMailboxes(store, [transport]);
  let timer: NodeJS.Timeout | undefined;

  const late = () =>
    store.all<Late>(
      `select message_id as messageId, mailbox_id as mailboxId, content_id as contentId, size, sent_at as sentAt,
         due_at as dueAt, changes_id as changesId from late_copy order by due_at`,
    );

  function bring(until = Number.POSITIVE_INFINITY) {
    for (const copy of late().filter(({ dueAt }) => dueAt <= until)) store.transact(() => come(store, copy));
    wait();
  }

  function wait() {
    clearTimeout(timer);
    const [next] = late();
    if (next) timer = setTimeout(() => bring(Date.now()), Math.max(0, next.dueAt - Date.now()));
  }
  wait();

  const copies = {
    /** How late the copy of the mail comes that is being sent; null: at once. Tests put their own choice here. */
    lateness: (): Lateness | null => null,
    /** Within the transaction that sends. */
    keep(draft: Message, copy: SentCopy) {
      const lateness = copies.lateness();
      if (lateness) {
        postpone(store, draft, copy, lateness);
        wait();
      } else becomeCopy(store, draft, draft.mailboxId, copy);
    },
    /** All that are late come now. */
    bring: () => bring(),
    close: () => clearTimeout(timer),
  };
  return copies;
}

/** A mail that was sent again meanwhile has gone out twice, and has one copy. */
function postpone(store: Store, draft: Message, copy: SentCopy, { seconds, meanwhile, changesId }: Lateness) {
  store.run(
    `insert into late_copy (message_id, mailbox_id, content_id, size, sent_at, due_at, changes_id) values (?, ?, ?, ?, ?, ?, ?)
     on conflict do nothing`,
    draft.id,
    draft.mailboxId,
    copy.contentId,
    copy.size,
    copy.sentAt,
    Date.now() + seconds * 1000,
    Number(changesId ?? false),
  );
  const hidden = mailboxOf(store, transport.address);
  if (meanwhile === "nowhere" && hidden) changeFolder(store, draft, wellKnown(store, hidden.id, "outbox"));
}

function come(store: Store, { messageId, mailboxId, changesId, ...copy }: Late) {
  becomeCopy(store, messageById(store, messageId), mailboxId, copy);
  if (changesId) store.run("update message set immutable_id = ? where id = ?", newImmutableId(), messageId);
  store.run("delete from late_copy where message_id = ?", messageId);
}

function becomeCopy(store: Store, draft: Message, mailboxId: number, { contentId, size, sentAt }: SentCopy) {
  const copy = updateMessage(store, draft, {
    isDraft: false,
    isRead: true,
    sentAt,
    receivedAt: sentAt,
    size,
    contentId,
  });
  changeFolder(store, copy, wellKnown(store, mailboxId, "sentitems"));
}
