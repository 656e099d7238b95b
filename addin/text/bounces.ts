/** Mails that did not arrive. */
const en = {
  didNotArrive: (recipient: string, reason: string) => `Did not arrive at ${recipient}: ${reason}.`,
  arrivesLate: (recipient: string) =>
    `Has not arrived at ${recipient} yet. The mail server keeps trying; there is nothing to do.`,
  bounceReasons: {
    noAddress: {
      reason: "no such address",
      whatToDo: "Check the address with the customer, correct it, and send the reply again.",
    },
    noDomain: {
      reason: "no mail server for this address",
      whatToDo: "Check the spelling behind the @, correct it, and send the reply again.",
    },
    full: {
      reason: "the mailbox is full",
      whatToDo: "Send it again later, or reach the customer by phone or another address.",
    },
    disabled: {
      reason: "the mailbox is switched off",
      whatToDo: "Ask the organization who takes care now, and write there.",
    },
    tooLarge: { reason: "the mail is too large for it", whatToDo: "Send it again with fewer or smaller files." },
    refused: {
      reason: "its mail server refused the mail",
      whatToDo: "Reach the customer another way, and ask an administrator to look at the report below.",
    },
    triedLong: {
      reason: "its mail server did not answer for days",
      whatToDo: "Send it again, or reach the customer another way.",
    },
    unknown: {
      reason: "its mail server does not say why",
      whatToDo: "Look at the report in the timeline, or reach the customer another way.",
    },
  },
  undelivered: "Did not arrive",
};

const de: typeof en = {
  didNotArrive: (recipient, reason) => `Nicht angekommen bei ${recipient}: ${reason}.`,
  arrivesLate: (recipient) =>
    `Noch nicht bei ${recipient} angekommen. Der Mailserver versucht es weiter; zu tun ist nichts.`,
  bounceReasons: {
    noAddress: {
      reason: "diese Adresse gibt es nicht",
      whatToDo: "Prüfen Sie die Adresse mit dem Kunden, berichtigen Sie sie und senden Sie die Antwort noch einmal.",
    },
    noDomain: {
      reason: "für diese Adresse gibt es keinen Mailserver",
      whatToDo: "Prüfen Sie die Schreibweise nach dem @ und senden Sie die Antwort noch einmal.",
    },
    full: {
      reason: "das Postfach ist voll",
      whatToDo:
        "Senden Sie später noch einmal, oder erreichen Sie den Kunden telefonisch oder unter einer anderen Adresse.",
    },
    disabled: {
      reason: "das Postfach ist abgeschaltet",
      whatToDo: "Fragen Sie die Organisation, wer jetzt zuständig ist, und schreiben Sie dorthin.",
    },
    tooLarge: {
      reason: "die Mail ist dafür zu groß",
      whatToDo: "Senden Sie noch einmal mit weniger oder kleineren Dateien.",
    },
    refused: {
      reason: "der Mailserver hat die Mail abgelehnt",
      whatToDo:
        "Erreichen Sie den Kunden auf anderem Weg und zeigen Sie den Bericht in der Zeitleiste der Administration.",
    },
    triedLong: {
      reason: "der Mailserver hat tagelang nicht geantwortet",
      whatToDo: "Senden Sie noch einmal, oder erreichen Sie den Kunden auf anderem Weg.",
    },
    unknown: {
      reason: "der Mailserver sagt nicht, warum",
      whatToDo: "Sehen Sie den Bericht in der Zeitleiste an, oder erreichen Sie den Kunden auf anderem Weg.",
    },
  },
  undelivered: "Nicht angekommen",
};

export type BouncesText = typeof en;
export const bouncesText = { en, de };
