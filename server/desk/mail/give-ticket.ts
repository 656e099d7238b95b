/** The ticket of a mail that was kept just now: the one it belongs to, one that follows it, or one of its own. */
import { createContact } from "../contacts/create.ts";
import type { DeskContext } from "../context.ts";
import type { DeskTransaction } from "../database.ts";
import { lockMessage, openTicket } from "../tickets/open.ts";
import { fileMessage } from "./file.ts";
import { openFollowing, placeToday } from "./follow.ts";
import { fromAddressOf, type StoredMail } from "./keep.ts";
import type { Match } from "./matching/match.ts";

type ReadMailbox = { id: string; team: string | null };

const rule = { rule: "intake" } as const;

/** Another mailbox had it first and made no ticket of it; this one may have another mode. Whoever comes second sees what the first did. */
export async function isFreeCopy(tx: DeskTransaction, mailbox: ReadMailbox, messageId: string) {
  const { mailboxId, ticketId, heldBecause } = await lockMessage(tx, messageId);
  return mailboxId !== mailbox.id && ticketId === null && heldBecause === null;
}

export type Given = {
  mailbox: ReadMailbox;
  arrived: StoredMail;
  match: Match;
  messageId: string;
  receivedAt: Date;
  /** Kept by this transaction. */
  fresh: boolean;
};

export const giveTicket = (context: DeskContext, tx: DeskTransaction, given: Given) =>
  given.match.ticketId ? fileOnTicket(context, tx, given, given.match.ticketId) : openItsTicket(context, tx, given);

/** On its ticket, or on a new one that follows it when that has been over for long. */
async function fileOnTicket(
  { queue, settings }: DeskContext,
  tx: DeskTransaction,
  { mailbox, arrived, match, messageId }: Given,
  ticketId: string,
) {
  const human = isHuman(arrived);
  // A colleague of the ticket's organization who was not known before.
  const contactId = match.contactId ?? (human && match.organizationId ? await newContact(tx, arrived, match) : null);
  const today = await placeToday(tx, { ticketId, contactId: human ? contactId : null, days: settings.REOPEN_DAYS });
  const because = [...match.because, ...today.because];
  const mail = { id: messageId, subject: arrived.mail.subject };
  const following = { mail, mailboxId: mailbox.id, actor: rule, because };
  if (today.over && contactId && (await openFollowing(tx, queue, { ...following, over: today.over, contactId })))
    return;
  await fileMessage(tx, queue, { messageId, ticketId: today.ticketId, attachmentIds: "all", actor: rule, because });
}

async function openItsTicket(
  { queue }: DeskContext,
  tx: DeskTransaction,
  { mailbox, arrived, match, messageId, receivedAt, fresh }: Given,
) {
  const justKept = { id: messageId, ticketId: null, receivedAt, kind: arrived.mail.kind, match };
  await openTicket(tx, queue, {
    messageId,
    ...(fresh && { justKept }),
    requesterId: match.contactId ?? (await newContact(tx, arrived, match)),
    subject: arrived.mail.subject.trim().slice(0, 500) || "(no subject)",
    team: mailbox.team,
    priority: "normal",
    attachmentIds: "all",
    mailboxId: mailbox.id,
    channel: "email",
    actor: rule,
    because: [...match.because, "every mail to this mailbox opens a ticket"],
  });
}

export const isHuman = ({ mail }: StoredMail) => mail.kind === "message" || mail.kind === "calendar";

/** A sender nobody knew: in the organization of the domain when a server vouches for it, otherwise on their own. */
async function newContact(tx: DeskTransaction, { mail }: StoredMail, { organizationId }: Match): Promise<string> {
  const address = fromAddressOf(mail);
  const vouched = organizationId !== null && mail.authentication.verdict === "pass";
  const contact = await createContact(tx, {
    name: mail.from?.name.trim().slice(0, 200) || address,
    address,
    ...(vouched && { organizationId }),
  });
  return contact.id;
}
