import { mailboxById } from "./exchange/mailboxes.ts";
import type { Message } from "./exchange/messages.ts";
import type { Store } from "./store.ts";

/** Something that the pretend Microsoft 365 did. Each effect is written once, in the transaction that made it. */
export type LedgerEntry = {
  id: number;
  at: string;
  effect:
    | "draft_created"
    | "draft_changed"
    | "sent"
    | "delivered"
    | "left_the_tenant"
    | "undeliverable"
    | "moved"
    | "deleted"
    | "removed"
    | "subscribed"
    | "unsubscribed"
    | "crm_created"
    | "crm_changed"
    | "crm_deleted";
  mailbox: string | null;
  messageId: string | null;
  internetMessageId: string | null;
  subject: string | null;
  /** The values of the mail's extended properties: how a program finds its own effects. */
  key: string | null;
  detail: Record<string, unknown>;
};

type Facts = { message?: Message; mailbox?: string; detail?: Record<string, unknown> };

export function appendLedger(store: Store, effect: LedgerEntry["effect"], { message, mailbox, detail }: Facts) {
  store.run(
    `insert into ledger (at, effect, mailbox, message_id, internet_message_id, subject, key, detail)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    new Date().toISOString(),
    effect,
    mailbox ?? (message ? (mailboxById(store, message.mailboxId)?.address ?? null) : null),
    message?.immutableId ?? null,
    message?.internetMessageId ?? null,
    message?.subject ?? null,
    message ? keyOf(store, message.id) : null,
    JSON.stringify(detail ?? {}),
  );
}

function keyOf(store: Store, messageId: number): string | null {
  const values = store.all<{ value: string }>(
    "select value from extended_property where message_id = ? order by property",
    messageId,
  );
  return values.map(({ value }) => value).join(" ") || null;
}

/** The effects after one that is already known, oldest first. */
export function readLedger(
  store: Store,
  { after = 0, effect }: { after?: number; effect?: string } = {},
): LedgerEntry[] {
  const rows = store.all<Omit<LedgerEntry, "detail"> & { detail: string }>(
    `select id, at, effect, mailbox, message_id as messageId, internet_message_id as internetMessageId, subject, key, detail
     from ledger where id > ? and (? is null or effect = ?) order by id`,
    after,
    effect ?? null,
    effect ?? null,
  );
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) }));
}
