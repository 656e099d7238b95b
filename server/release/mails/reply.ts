import { escapeHtml } from "../../desk/mail/reading/safe-html.ts";
import { mailLink, mailPage, small } from "./page.ts";
import { mailWordsIn } from "./words.ts";

export type ReplyMail = {
  language: string;
  timeZone: string;
  number: number;
  /** The released words, unchanged. */
  html: string;
  /** What was released of the history below them. */
  quoted: { html: string; who: string; at: Date } | null;
  /** Where it is read; `personal` is a secure link of its one recipient. Null: nowhere but here. */
  portal: { address: string; personal: boolean } | null;
};

/** Released words cannot hold it: no sanitizer lets this attribute pass. The history is the last of the mail. */
const historyBegins = '<div data-history="">';

/** The same mail without the history below its words. */
export function withoutHistory(mail: string): string {
  const at = mail.indexOf(historyBegins);
  return at < 0 ? mail : `${mail.slice(0, at)}</body></html>`;
}

/** The mail of a released reply: exactly its words, then what belongs to the mail alone. */
export function replyMail({ language, timeZone, number, html, quoted, portal }: ReplyMail): string {
  const words = mailWordsIn(language).reply;
  const when = (at: Date) =>
    new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", timeZone }).format(at);
  const history = quoted
    ? `${historyBegins}<p>${escapeHtml(words.earlier(quoted.who, when(quoted.at)))}</p>` +
      `<blockquote style="margin:0 0 0 8px;padding-left:8px;border-left:2px solid #cccccc">${quoted.html}</blockquote></div>`
    : "";
  return mailPage(
    language,
    `<div>${html}</div><hr style="border:0;border-top:1px solid #cccccc">` +
      small(words.number(number)) +
      (portal ? mailLink(portal.address, words.open) + small(portal.personal ? words.personal : words.shared) : "") +
      history,
  );
}
