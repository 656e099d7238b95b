import { field, type HeaderField, readable } from "../mime/headers.ts";
import type { MimePart } from "../mime/tree.ts";
import type { MailAddress, MailAutoReply } from "../read-mail.ts";

type Mail = { root: MimePart; from: MailAddress | null; subject: string; text: string };

/** Mailman and fml mark what they write themselves; fml numbers what members write. */
const OWN_HEADERS = ["x-list-administrivia", "x-mlserver", "x-ml-administrivia", "x-listserver-response"];

/** What nobody writes from but a list server… */
const LIST_SERVER = /^(listserv|majordomo|mailman|mailman-.{1,20}|sympa|ezmlm|lyris|listproc|autoanswer|fml|mlmmj)$/i;
/** …and its owner's address, which may be a person's. */
const LIST_OWNER =
  /^(owner-.{1,100}|.{1,100}-(owner|request|bounces?|admin|help|confirm|return(-.{1,100})?|unsubscribe|subscribe)|listmaster)$/i;

const LIST_WORDS =
  /\b(moderator|moderated|not (?:a )?(?:member|subscribed|subscriber|allowed|authori[sz]ed)|non-?members?|subscri(?:be|bed|bers?|ption)|unsubscribe|mailing.?list|held (?:until|for)|approval)\b|メーリングリスト|会員|verteiler|mailingliste|moderat|membre|abonn|miembro|iscritt|suscri/i;

/** A list server that holds or refuses what was sent to a list. Mail that people write through a list is theirs. */
export function readListRefusal({ root, from, subject, text }: Mail): MailAutoReply | null {
  const isPost = field(root.fields, "x-mail-count") !== null || field(root.fields, "x-ml-count") !== null;
  const header = isPost ? undefined : OWN_HEADERS.find((name) => /\S/.test(field(root.fields, name) ?? ""));
  if (header && !/^no\b/i.test(headerOf(root.fields, header)))
    return {
      because: `a list server wrote it: the header ${header} says ${headerOf(root.fields, header).slice(0, 60)}`,
    };
  const local = from?.address.split("@")[0] ?? "";
  const isAnswer =
    field(root.fields, "in-reply-to") !== null ||
    field(root.fields, "mailing-list") !== null ||
    /^(bulk|junk|list)$/i.test(headerOf(root.fields, "precedence"));
  if (!LIST_SERVER.test(local) && !(LIST_OWNER.test(local) && isAnswer)) return null;
  return LIST_WORDS.test(`${subject}\n${text.slice(0, 5_000)}`)
    ? { because: `a list server wrote it: ${from?.address} answers what was sent to a list` }
    : null;
}

const headerOf = (fields: HeaderField[], name: string) => readable(field(fields, name) ?? "");
