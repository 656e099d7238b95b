/**
 * Each mail is kept once, however often it comes. Who sends a mail on, or sends it first in another's name, must not keep
 * the genuine one away: of several copies the best proven one counts, in whatever order they come.
 */
import { audit } from "../audit.ts";
import type { DeskTransaction } from "../database.ts";
import { newId } from "../new-id.ts";
import { columnsOf, type Kept, type StoredMail, writeMessage } from "./keep.ts";
import type { MailAuthentication } from "./reading/read-mail.ts";

const worstFirst: MailAuthentication["verdict"][] = ["fail", "none", "pass"];

/** `fresh`: kept by this call, so that what follows from a mail follows now. */
export type KeptMessage = { messageId: string; fresh: boolean };

/** A second time in the same place is the same mail; in another place it is a copy of it. */
export async function keepMessage(tx: DeskTransaction, mail: StoredMail, place: Kept): Promise<KeptMessage> {
  const id = newId();
  return (await writeMessage(tx, id, mail, place)) ? { messageId: id, fresh: true } : keepAgain(tx, mail, place);
}

/** An equal copy or a worse one is noted. A better one is kept in the place of one about which nobody has decided. */
async function keepAgain(tx: DeskTransaction, mail: StoredMail, place: Kept): Promise<KeptMessage> {
  const known = await lockKnown(tx, place);
  if (!isBetter(mail, place, known)) return noted(tx, known, place);
  if (known.ticketId || known.outgoing) {
    await prove(tx, known, mail);
    return noted(tx, known, place);
  }
  const isSpam = await tx.spamMark.findUnique({ where: { messageId: known.id }, select: { id: true } });
  return isSpam ? keepBeside(tx, known, mail, place) : keepInstead(tx, known, mail, place);
}

type Known = {
  id: string;
  mailboxId: string | null;
  immutableId: string | null;
  fingerprint: string;
  ticketId: string | null;
  outgoing: boolean;
  verdict: MailAuthentication["verdict"];
  rawSha256: string;
};

/** What lies in this very place, otherwise what says the same. Locked: an agent may be deciding about it. */
async function lockKnown(tx: DeskTransaction, { mailboxId, immutableId, fingerprint }: Kept): Promise<Known> {
  const [known] = await tx.$queryRaw<Known[]>`
    select id, mailbox_id as "mailboxId", immutable_id as "immutableId", fingerprint, ticket_id as "ticketId", outgoing,
      coalesce(authentication ->> 'verdict', 'none') as verdict, raw_sha256 as "rawSha256"
    from messages where fingerprint = ${fingerprint} or (mailbox_id = ${mailboxId}::uuid and immutable_id = ${immutableId})
    order by (mailbox_id = ${mailboxId}::uuid and immutable_id = ${immutableId}) desc nulls last limit 1 for update`;
  if (!known) throw new Error("The mail that was kept before is gone.");
  return known;
}

const isIn = ({ mailboxId, immutableId }: Kept, known: Known) =>
  known.mailboxId === mailboxId && known.immutableId === immutableId;

const isBetter = ({ mail }: StoredMail, place: Kept, known: Known) =>
  !isIn(place, known) && worstFirst.indexOf(mail.authentication.verdict) > worstFirst.indexOf(known.verdict);

async function noted(tx: DeskTransaction, known: Known, place: Kept): Promise<KeptMessage> {
  const { mailboxId, immutableId } = place;
  if (!isIn(place, known))
    await tx.messageCopy.createMany({ data: [{ messageId: known.id, mailboxId, immutableId }], skipDuplicates: true });
  return { messageId: known.id, fresh: false };
}

/** It is filed, and there it stays. What the better copy proves, and whom it names, is so from now on. */
async function prove(tx: DeskTransaction, known: Known, { mail, raw }: StoredMail) {
  const { authentication, recipients } = columnsOf(mail);
  await tx.message.update({
    where: { id: known.id },
    data: { authentication, recipients, rawSha256: raw.sha256, rawSize: raw.size },
    select: { id: true },
  });
  await tellOf(tx, known, mail.authentication);
}

/** What an agent calls spam is the forgery: it stays spam, and the genuine mail is one of its own. */
async function keepBeside(tx: DeskTransaction, known: Known, mail: StoredMail, place: Kept): Promise<KeptMessage> {
  await tx.message.update({
    where: { id: known.id },
    data: { fingerprint: `set aside ${known.id}` },
    select: { id: true },
  });
  return { messageId: await write(tx, newId(), mail, place), fresh: true };
}

/** Under the same id, as if it had come first; the worse one's hold ends with it, and its bytes stay in the file store. */
async function keepInstead(tx: DeskTransaction, known: Known, mail: StoredMail, place: Kept): Promise<KeptMessage> {
  const copies = await tx.messageCopy.findMany({
    where: { messageId: known.id },
    select: { mailboxId: true, immutableId: true },
  });
  await tx.message.delete({ where: { id: known.id }, select: { id: true } });
  const messageId = await write(tx, known.id, mail, place);
  const { mailboxId, immutableId } = known;
  const places = mailboxId && immutableId ? [...copies, { mailboxId, immutableId }] : copies;
  await tx.messageCopy.createMany({ data: places.map((one) => ({ ...one, messageId })), skipDuplicates: true });
  await tellOf(tx, known, mail.mail.authentication);
  return { messageId, fresh: true };
}

async function write(tx: DeskTransaction, id: string, mail: StoredMail, place: Kept): Promise<string> {
  if (!(await writeMessage(tx, id, mail, place))) throw new Error("The same mail came a third time meanwhile.");
  return id;
}

const tellOf = (tx: DeskTransaction, { id, verdict, rawSha256 }: Known, better: MailAuthentication) =>
  audit(
    tx,
    { rule: "intake" },
    {
      act: "better_copy_kept",
      subject: id,
      details: { was: verdict, is: better.verdict, rawSha256 },
    },
  );
