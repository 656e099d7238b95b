import type { Words } from "./index.ts";

/** The portal in German. */
export const de: Words = {
  languageName: "Deutsch",
  portal: "Kundenportal",
  skipToContent: "Zum Inhalt",
  language: "Sprache",
  signOut: "Abmelden",
  signedInAs: (name) => `Angemeldet als ${name}`,
  back: "Alle Anfragen",

  list: {
    title: "Ihre Anfragen",
    open: "Offen",
    closed: "Abgeschlossen",
    which: "Welche Anfragen",
    search: "Ihre Anfragen durchsuchen",
    searchHint: "Nummer, Betreff oder Wörter",
    doSearch: "Suchen",
    clearSearch: "Suche löschen",
    found: (search) => `Anfragen, in denen „${search}“ vorkommt`,
    more: "Ältere Anfragen",
    updated: "Aktualisiert",
    newTicket: "Neue Anfrage",
    emptyOpen: "Es ist nichts offen.",
    emptyOpenNext: "Wenn Sie uns brauchen, schreiben Sie eine neue Anfrage. Wir antworten hier und per E-Mail.",
    emptyClosed: "Es ist noch nichts abgeschlossen.",
    emptyClosedNext: "Was erledigt ist, bleibt hier erhalten.",
    emptySearch: "In keiner Anfrage kommen diese Wörter vor.",
    emptySearchNext: "Versuchen Sie es mit weniger Wörtern, oder sehen Sie alle Anfragen an.",
    onItsWay: "Auf dem Weg zu uns",
  },

  status: {
    new: "Eingegangen",
    in_progress: "In Arbeit",
    waiting_on_customer: "Wartet auf Sie",
    waiting_on_third_party: "Wartet auf Dritte",
    resolved: "Gelöst",
    closed: "Abgeschlossen",
    cancelled: "Storniert",
  },

  turn: {
    ours: "Wir sind am Zug.",
    customer: "Sie sind am Zug: Bitte antworten Sie.",
    third_party: "Wir warten auf jemand anderen.",
    nobody: "Es ist nichts mehr zu tun.",
  },

  ticket: {
    number: (number) => `Anfrage #${number}`,
    opened: (name) => `Eröffnet von ${name}`,
    status: "Status",
    conversation: "Verlauf",
    noEntries: "Hier wurde noch nichts geschrieben.",
    noEntriesNext: "Sobald wir Ihnen schreiben, lesen Sie es hier.",
    team: "Unser Team",
    you: "Sie",
    files: "Dateien",
    image: (name) => `Bild: ${name}`,
    sending: "Wird gesendet …",
    news: "Im Verlauf steht eine neue Antwort.",
    closing: "Sie haben diese Anfrage abgeschlossen.",
    answer: "Ihre Antwort",
    answered: "Ihre Antwort ist angekommen.",
    toAnswer: "Antworten",
    answerHint: "Schreiben Sie, was wir wissen sollten.",
    continued: (number: number) => `Diese Anfrage wird in #${number} fortgesetzt.`,
    openContinued: (number: number) => `Anfrage #${number} öffnen`,
    continuedIn: (number: number) => `Fortgesetzt in #${number}`,
    reopens: "Diese Anfrage ist abgeschlossen. Ihre Antwort öffnet sie wieder.",
    send: "Antwort senden",
    close: "Anfrage abschließen",
    closeHint: "Ist alles erledigt? Mit einer Antwort öffnen Sie die Anfrage jederzeit wieder.",
    closedOn: "Abgeschlossen",
  },

  write: {
    title: "Neue Anfrage",
    subject: "Betreff",
    subjectHint: "In wenigen Worten",
    text: "Worum geht es?",
    textHint: "Je mehr wir wissen, desto schneller können wir helfen.",
    files: "Dateien hinzufügen",
    filesHint: "Bis zu 10 Dateien, je 25 MB.",
    kept: "Dateien, die Sie schon hinzugefügt haben",
    send: "Anfrage senden",
    wait: "Wird gesendet …",
    sentTitle: "Ihre Anfrage ist angekommen",
    sentNext: "Sie bekommt gleich ihre Nummer. Diese Seite führt Sie dann zu ihr; Sie finden sie auch in Ihrer Liste.",
    toList: "Zu Ihren Anfragen",
  },

  signIn: {
    title: "Anmelden",
    lead: "Wir senden einen Code an Ihre E-Mail-Adresse. Sie brauchen kein Passwort.",
    address: "E-Mail-Adresse",
    addressHint: "Die Adresse, von der Sie uns schreiben",
    askForCode: "Code senden",
    codeTitle: "Code eingeben",
    codeLead: (address) =>
      `Wenn wir ${address} kennen, ist ein Code aus 8 Ziffern dorthin unterwegs. Er gilt 10 Minuten.`,
    enoughCodes: (address) =>
      `Wenn wir ${address} kennen, gingen gerade mehrere Codes dorthin; vorerst senden wir keinen weiteren. Geben Sie den neuesten ein, der dort ankam. Ist er älter als 10 Minuten, lassen Sie in einer halben Stunde einen neuen senden, nach einem Dutzend an einem Tag am nächsten.`,
    code: "Code",
    codeHint: "8 Ziffern, aus der neuesten Mail",
    enter: "Anmelden",
    again: "Neuen Code senden",
    otherAddress: "Andere Adresse verwenden",
    noMail: "Nach zwei Minuten keine Mail? Sehen Sie im Spam-Ordner nach, dann lassen Sie einen neuen Code senden.",
    signedOut: "Sie sind abgemeldet.",
  },

  link: {
    reading: "Sie lesen eine einzelne Anfrage über ihren sicheren Link.",
    answer: "Auf diese Anfrage antworten",
    answerHint: (address) => `Zum Schreiben senden wir einen Code an ${address}.`,
    askForCode: "Code senden",
  },

  errors: {
    summary: "Bitte sehen Sie noch einmal nach:",
    addressWrong: "Das ist keine E-Mail-Adresse. Sie sieht aus wie name@firma.de.",
    codeShape: "Der Code hat 8 Ziffern. Kopieren Sie ihn aus der Mail.",
    codeWrong:
      "Dieser Code stimmt nicht oder gilt nicht mehr. Nehmen Sie die neueste Mail, oder lassen Sie einen neuen Code senden.",
    codeExpired: "Geben Sie Ihre Adresse noch einmal ein, damit wir Ihnen einen neuen Code senden können.",
    subjectMissing: "Geben Sie Ihrer Anfrage einen Betreff, damit Sie sie wiederfinden.",
    subjectLong: "Der Betreff ist länger als 200 Zeichen. Kürzen Sie ihn; der Rest passt in den Text.",
    textMissing: "Schreiben Sie zuerst etwas.",
    textLong: "Der Text ist länger als 50.000 Zeichen. Senden Sie den Rest als Datei.",
    fileLarge: (name) => `„${name}“ ist größer als 25 MB. Verkleinern Sie die Datei, oder senden Sie sie in Teilen.`,
    fileEmpty: (name) => `„${name}“ ist leer. Wählen Sie die Datei noch einmal aus.`,
    filesMany: "Das sind mehr als 10 Dateien. Senden Sie den Rest mit einer weiteren Antwort.",
    sentBefore:
      "Dieses Formular wurde schon mit anderen Worten gesendet. Was Sie hier sehen, ist nicht gesendet; senden Sie es jetzt, wenn Sie noch möchten.",
  },

  problem: {
    400: {
      title: "Das konnten wir nicht lesen",
      next: "Gehen Sie zurück, prüfen Sie Ihre Eingaben, und versuchen Sie es noch einmal.",
    },
    403: {
      title: "Das kam von einer anderen Seite",
      next: "Zu Ihrer Sicherheit nehmen wir nur an, was aus diesem Portal gesendet wurde. Gehen Sie zurück, laden Sie die Seite neu, und senden Sie es noch einmal.",
    },
    404: {
      title: "Hier ist nichts",
      next: "Vielleicht ist die Adresse vertippt, oder was hier war, ist nicht mehr für Sie freigegeben.",
    },
    link: {
      title: "Dieser Link öffnet nichts",
      next: "Vielleicht ist er abgelaufen oder wurde ersetzt. Melden Sie sich mit Ihrer E-Mail-Adresse an: Dort finden Sie Ihre Anfragen.",
    },
    413: {
      title: "Das ist zu viel auf einmal",
      next: "In eine Nachricht passen bis zu 10 Dateien von je 25 MB. Senden Sie den Rest mit einer weiteren.",
    },
    429: { title: "Zu viele Versuche", next: "Bitte warten Sie ein wenig, dann versuchen Sie es noch einmal." },
    500: {
      title: "Auf unserer Seite ging etwas schief",
      next: "Es wurde nichts geändert. Bitte versuchen Sie es gleich noch einmal.",
    },
    503: {
      title: "Wir sind gleich wieder da",
      next: "Das Portal erreicht seine Daten gerade nicht. Bitte versuchen Sie es in einer Minute noch einmal.",
    },
    retryIn: (minutes) =>
      minutes <= 1
        ? "In einer Minute können Sie es wieder versuchen."
        : `In ${minutes} Minuten können Sie es wieder versuchen.`,
    home: "Zu Ihren Anfragen",
  },
};
