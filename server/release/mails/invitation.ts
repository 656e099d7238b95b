import { mailLink, mailPage, paragraph } from "./page.ts";
import { mailWordsIn } from "./words.ts";

/** Says that there is a portal. It carries no secret: whoever holds this mail still has to prove the address. */
export function invitationMail({ language, name, portalUrl }: { language: string; name: string; portalUrl: string }) {
  const words = mailWordsIn(language).invitation;
  return {
    subject: words.subject,
    html: mailPage(
      language,
      paragraph(words.greeting(name)) + paragraph(words.text) + mailLink(`${portalUrl}/sign-in`, words.open),
    ),
  };
}
