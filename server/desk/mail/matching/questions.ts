/** Mails that are what they say, but whose author only a person can tell: asked, never guessed. The first that applies is told. */
import type { ReadMail } from "../reading/read-mail.ts";
import { claimedAuthor, isPassedOnByList } from "./claimed.ts";
import type { Evidence } from "./evidence.ts";

type Question = (mail: ReadMail, evidence: Evidence) => string | null;

const byOurForm: Question = (mail, { sender, mailboxes }) => {
  const claimed = claimedAuthor(mail, mailboxes);
  return claimed && sender && !isPassedOnByList(mail, sender)
    ? `A form of ours sent it for ${claimed.address}. Anybody can fill it in: say whose matter it is.`
    : null;
};

const byList: Question = (mail, { sender }) =>
  sender && isPassedOnByList(mail, sender)
    ? `${sender} is a mailing list, and everybody on it writes under its address. Say whose matter it is.`
    : null;

/** Somebody else may have the address by now. */
const fromFormerAddress: Question = (_, { sender, contacts, formerly: [former] }) =>
  sender && former && !contacts.has(sender)
    ? `${sender} used to be an address of ${former.name}. Say whether it still is.`
    : null;

const severalBehind: Question = (_, { sender, behindRole: [somebody] }) =>
  sender && somebody
    ? `Several people of ${somebody.organization} may write as ${sender}. Say whose matter it is.`
    : null;

const questions: Question[] = [byOurForm, byList, fromFormerAddress, severalBehind];

export function questionAbout(mail: ReadMail, evidence: Evidence): string | null {
  for (const question of questions) {
    const because = question(mail, evidence);
    if (because) return because;
  }
  return null;
}
