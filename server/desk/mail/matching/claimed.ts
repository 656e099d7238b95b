/**
 * Who a mail says wrote it, when its sender only passed it on. Anybody can write all of this: it is offered to an agent
 * and never believed, not even of an authenticated list or form, which repeat what they were told.
 */
import { canonicalAddress } from "../../../platform/mail-address.ts";
import { readAddresses } from "../reading/addresses.ts";
import type { ReadMail } from "../reading/read-mail.ts";
import { domainOf, isNoReply, soleSender } from "./addresses.ts";

export type Claimed = { name: string; address: string; because: string };

type Passing = (mail: ReadMail, sender: string, mailboxes: string[]) => Claimed | null;

/** A form on our own website cannot write in its visitor's name, so it asks to answer to him. */
const byOurForm: Passing = (mail, sender, mailboxes) => {
  const ours = mailboxes.some((mailbox) => domainOf(mailbox) === domainOf(sender));
  const [visitor] = namedIn(mail.replyTo, sender);
  return ours && isNoReply(sender) && visitor
    ? { ...visitor, because: `${sender} is ours and asks to answer to ${visitor.address}` }
    : null;
};

/** A mailing list that writes under its own address, because DMARC would refuse the author's: "Alice via Sales". */
const byList: Passing = (mail, sender) => {
  if (!isPassedOnByList(mail, sender)) return null;
  const [, before = mail.from?.name ?? ""] = via.exec(mail.from?.name ?? "") ?? [];
  const posting = readAddresses(headerOf(mail, "list-post") ?? "").map(({ address }) => address);
  const author = [
    ...originalFields.flatMap((field) => namedIn(readAddresses(headerOf(mail, field) ?? ""), sender)),
    ...namedIn(mail.replyTo, sender).filter(({ address }) => !posting.includes(address)),
    ...inName(before),
  ][0];
  return author
    ? {
        name: nameIn(before) || author.name,
        address: author.address,
        because: `${sender} is a list that passed on a mail of ${author.address}`,
      }
    : null;
};

/** The rules by which the sender is not the author; the first that applies. */
const passings: Passing[] = [byOurForm, byList];

export function claimedAuthor(mail: ReadMail, mailboxes: string[]): Claimed | null {
  const sender = soleSender(mail);
  if (!sender) return null;
  for (const passing of passings) {
    const claimed = passing(mail, sender, mailboxes);
    if (claimed) return claimed;
  }
  return null;
}

/** Every address that a rule above may name, to be looked up before our mailboxes are known. */
export function addressesClaimed(mail: ReadMail): string[] {
  const sender = soleSender(mail);
  const list = sender && byList(mail, sender, [])?.address;
  return [mail.forward?.from?.address, mail.replyTo[0]?.address, list].flatMap(
    (address) => canonicalAddress(address ?? "") ?? [],
  );
}

/** Google Groups, Mailman and Exchange keep the author here when they put themselves into From. */
const originalFields = ["x-original-from", "x-google-original-from", "x-original-sender"];

/** As Mailman and Google Groups write it, in the languages that translate it. */
const via = /^["']?(.+?)["']?\s+(?:via|über|par|a través de|vía|tramite|przez|através de)\s+\S/iu;

export function isPassedOnByList(mail: ReadMail, sender: string): boolean {
  const original = originalFields.flatMap((field) => readAddresses(headerOf(mail, field) ?? ""));
  const isList =
    mail.listId !== null || ["list-post", "list-unsubscribe"].some((field) => headerOf(mail, field) !== null);
  return namedIn(original, sender).length > 0 || (isList && via.test(mail.from?.name ?? ""));
}

const headerOf = ({ headers }: ReadMail, field: string) => headers.find(([name]) => name === field)?.[1] ?? null;

/** Those that are addresses, and not the sender's own. */
const namedIn = (named: { name: string; address: string }[], sender: string) =>
  named.flatMap(({ name, address: written }) => {
    const address = canonicalAddress(written);
    return address && address !== sender ? [{ name, address }] : [];
  });

/** "alice at example.com", "Alice (alice@example.com)". */
function inName(name: string) {
  const [written] = /[^\s<>()"',;]+@[^\s<>()"',;]+/.exec(name.replace(/\s+at\s+/i, "@")) ?? [];
  const address = canonicalAddress(written ?? "");
  return address ? [{ name: "", address }] : [];
}

const nameIn = (name: string) =>
  (/@|\sat\s/i.test(name) ? name.replace(/\s*[<(].*$|^\S+(@|\s+at\s+)\S+$/i, "") : name).trim();
