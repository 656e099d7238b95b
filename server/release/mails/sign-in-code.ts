import { escapeHtml } from "../../desk/mail/reading/safe-html.ts";
import { mailPage, paragraph, small } from "./page.ts";
import { mailWordsIn } from "./words.ts";

export function signInCodeMail({ language, code }: { language: string; code: string }) {
  const words = mailWordsIn(language).code;
  return {
    subject: words.subject(code),
    html: mailPage(
      language,
      paragraph(words.text) +
        `<p style="font-size:28px;letter-spacing:4px"><strong>${escapeHtml(code)}</strong></p>` +
        paragraph(words.expires) +
        small(words.notYou),
    ),
  };
}
