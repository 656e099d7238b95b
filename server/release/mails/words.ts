/** The words of mails to customers. A language we do not speak yet gets English. */
export type MailWords = typeof en;

const en = {
  reply: {
    open: "Read and answer in the portal",
    personal: "This link is yours alone and opens this request until it expires. Please do not pass it on.",
    shared: "Sign in with your e-mail address to read the whole conversation.",
    earlier: (who: string, when: string) => `On ${when}, ${who} wrote:`,
    number: (number: number) => `Request #${number}`,
  },
  invitation: {
    subject: "Your access to our customer portal",
    greeting: (name: string) => `Hello ${name},`,
    text: "You can follow your requests in our portal. Sign in with this e-mail address; we send you a code each time.",
    open: "Open the portal",
  },
  code: {
    subject: (code: string) => `${code} is your sign-in code`,
    text: "Enter this code in the browser window where you asked for it:",
    expires: "It is valid for a few minutes and works once.",
    notYou: "If you did not ask for it, ignore this mail. Nobody can sign in without the code.",
  },
};

const de: MailWords = {
  reply: {
    open: "Im Portal lesen und antworten",
    personal:
      "Dieser Link gehört nur Ihnen und öffnet diese Anfrage, bis er abläuft. Bitte geben Sie ihn nicht weiter.",
    shared: "Melden Sie sich mit Ihrer E-Mail-Adresse an, um das ganze Gespräch zu lesen.",
    earlier: (who, when) => `Am ${when} schrieb ${who}:`,
    number: (number) => `Anfrage #${number}`,
  },
  invitation: {
    subject: "Ihr Zugang zu unserem Kundenportal",
    greeting: (name) => `Guten Tag ${name},`,
    text: "In unserem Portal können Sie Ihre Anfragen verfolgen. Melden Sie sich mit dieser E-Mail-Adresse an; wir senden Ihnen jedes Mal einen Code.",
    open: "Portal öffnen",
  },
  code: {
    subject: (code) => `${code} ist Ihr Anmeldecode`,
    text: "Geben Sie diesen Code in dem Browserfenster ein, in dem Sie ihn angefordert haben:",
    expires: "Er gilt wenige Minuten und funktioniert einmal.",
    notYou:
      "Wenn Sie ihn nicht angefordert haben, können Sie diese Mail ignorieren. Ohne den Code kann sich niemand anmelden.",
  },
};

export const mailWordsIn = (language: string): MailWords => (languageOf(language) === "de" ? de : en);
export const languageOf = (language: string) => (language.toLowerCase().startsWith("de") ? "de" : "en");
